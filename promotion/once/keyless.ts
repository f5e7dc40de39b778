import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { type Client, escapeIdentifier } from "pg";
import { to } from "pg-copy-streams";
import type { TablePlan } from "../model";
import { copyField } from "../values/copyText";

/** A checksum of rows in any order: a table without a key has no other way to be compared. */
export class RowsChecksum {
  rows = 0;
  private sum = 0n;

  add(fields: readonly (string | null)[]): void {
    this.addLine(fields.map(copyField).join("\t"));
  }

  addLine(line: string): void {
    this.rows += 1;
    this.sum = BigInt.asUintN(
      128,
      this.sum + BigInt(`0x${createHash("sha256").update(line).digest("hex").slice(0, 32)}`),
    );
  }

  equals(other: RowsChecksum): boolean {
    return this.rows === other.rows && this.sum === other.sum;
  }
}

/** The checksum of a table's rows in PostgreSQL: COPY writes them as the source's are sent. */
export async function targetChecksum(client: Client, table: TablePlan): Promise<RowsChecksum> {
  const columns = table.columns.map(({ target }) => escapeIdentifier(target)).join(", ");
  const stream = client.query(to(`COPY public.${escapeIdentifier(table.target)} (${columns}) TO STDOUT`));
  const checksum = new RowsChecksum();
  // A line end inside a value is escaped.
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    checksum.addLine(line);
  return checksum;
}

import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from } from "pg-copy-streams";
import { ExitCode, UserError } from "../../settings";
import { SqlState, sqlState } from "../columns/transaction";
import type { KeyRing } from "./keyRing";

/** Where the keys stand during a transaction of ours: label, passphrase, mac, current. */
export const KEYS = "pg_temp.ladder_wallet_keys";

/**
 * Hands the keys to the running transaction, which alone sees them; they go when it ends.
 *
 * By COPY, because what COPY carries is in no log and no statistics view. A bind parameter is: `log_statement`,
 * `log_min_duration_statement` and auto_explain write it, and only a superuser may switch that off. In binary form, because the
 * context of an error shows the line of the text form. A temporary table is in no WAL and on no replica, and one row stays in the
 * session's memory; it is never analysed, which would put its values into `pg_statistic`.
 * @throws UserError when the role may not make a temporary table.
 */
export async function giveKeys(client: ClientBase, ring: KeyRing): Promise<void> {
  try {
    await client.query(
      `CREATE TEMPORARY TABLE ladder_wallet_keys (label text, passphrase text, mac bytea, current boolean) ON COMMIT DROP`,
    );
  } catch (error) {
    if (sqlState(error) !== SqlState.insufficientPrivilege) throw error;
    throw new UserError(
      "This role may not make a temporary table, through which the wallet keys reach the transaction. Connect as the owner of the database (circle_owner).",
      ExitCode.refused,
    );
  }
  const rows = ring.pairs.map(({ label, passphrase, mac }) => [
    Buffer.from(label),
    Buffer.from(passphrase),
    mac,
    Buffer.from([label === ring.current ? 1 : 0]),
  ]);
  await pipeline([binaryCopy(rows)], client.query(from(`COPY ${KEYS} FROM STDIN (FORMAT binary)`)));
}

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");

/** Rows in the binary form of COPY (PostgreSQL documentation, "COPY", "Binary Format"). */
export function binaryCopy(rows: readonly (readonly Buffer[])[]): Buffer {
  const tuples = rows.flatMap((fields) => [
    int16(fields.length),
    ...fields.flatMap((field) => [int32(field.length), field]),
  ]);
  return Buffer.concat([SIGNATURE, int32(0), int32(0), ...tuples, int16(-1)]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

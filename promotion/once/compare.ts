import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { encodeRow, readRow, selectRow } from "../copy/row";
import type { Plan, Progress, SqliteValue, TablePlan } from "../model";
import { targetRows } from "../verify/targetRows";
import { RowsChecksum, targetChecksum } from "./keyless";
import { MoneySum } from "./moneySum";
import { Refusals, type Refused } from "./refusals";

/** What a table has on both sides, and where that differs. */
export interface ComparedTable {
  readonly source: string;
  readonly target: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Rows of the source that cannot be carried. */
  readonly refused: number;
  readonly same: number;
  /** Rows that the target has not got. */
  readonly missing: number;
  /** Rows that the target has with other values. */
  readonly different: number;
  /** Rows that the target alone has. */
  readonly extra: number;
  /** Keys in the target of the first rows that are missing or different. */
  readonly keys: readonly string[];
  /** Of the columns that hold money; of the rows that can be carried. */
  readonly sums: readonly { readonly column: string; readonly source: string; readonly target: string }[];
}

export interface Compared {
  readonly tables: readonly ComparedTable[];
  readonly refused: readonly Refused[];
}

interface Watch {
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

const CHUNK = 1_000;
const EXAMPLES = 5;

/**
 * Compares every row of the source with the target's, value by value. Reads only; `db` is a copy that the plan's setup has run on.
 * `client`: undefined where there is no target yet; its session is to end when this fails.
 */
export async function compare(db: Database, client: Client | undefined, plan: Plan, watch: Watch): Promise<Compared> {
  const there = client === undefined ? new Set() : await tablesOf(client, plan);
  const refusals = new Refusals();
  const tables: ComparedTable[] = [];
  await client?.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  for (const table of plan.tables)
    tables.push(await new Comparison(db, there.has(table.target) ? client : undefined, table, refusals).run(watch));
  await client?.query("COMMIT");
  return { tables, refused: refusals.list() };
}

/** True when both sides have the same rows, those left aside that cannot be carried. */
export const agrees = ({ tables }: Compared): boolean =>
  tables.every(({ missing, different, extra }) => missing + different + extra === 0);

async function tablesOf(client: Client, plan: Plan): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname = ANY ($1)",
    [plan.tables.map(({ target }) => target)],
  );
  return new Set(rows.map(({ name }) => name));
}

class Comparison {
  private readonly counts = { sourceRows: 0, refused: 0, same: 0, missing: 0, different: 0 };
  private readonly keys: string[] = [];
  private readonly sums: ReadonlyMap<number, MoneySum>;
  private readonly checksum = new RowsChecksum();
  private chunk: (readonly (string | null)[])[] = [];

  constructor(
    private readonly db: Database,
    /** Undefined: the target has no such table. */
    private readonly client: Client | undefined,
    private readonly table: TablePlan,
    private readonly refusals: Refusals,
  ) {
    this.sums = new Map(table.columns.flatMap(({ money }, at) => (money ? [[at, new MoneySum()] as const] : [])));
  }

  async run({ onProgress, signal }: Watch): Promise<ComparedTable> {
    const { table, db, counts } = this;
    for (const raw of db.prepare<[], unknown[]>(selectRow(table)).raw().safeIntegers().iterate()) {
      const row = readRow(table, raw);
      const encoded = encodeRow(table, row);
      counts.sourceRows += 1;
      if ("fields" in encoded) this.chunk.push(encoded.fields);
      else this.refuse(row.key, encoded.refusals);
      if (this.chunk.length < CHUNK) continue;
      await this.flush();
      signal?.throwIfAborted();
      onProgress({ phase: "compare", table: table.source, done: counts.sourceRows, unit: "rows" });
    }
    await this.flush();
    if (table.targetKey.length === 0) await this.compareKeyless();
    const found = await this.ofTarget();
    return { source: table.source, target: table.target, ...counts, ...found, keys: this.keys };
  }

  private refuse(key: readonly SqliteValue[], refusals: readonly { column: string; reason: string }[]): void {
    this.counts.refused += 1;
    for (const refusal of refusals) this.refusals.add(this.table.source, key, refusal);
  }

  private async flush(): Promise<void> {
    const { table, client, counts } = this;
    for (const fields of this.chunk) for (const [column, sum] of this.sums) sum.add(fields[column] ?? null);
    if (table.targetKey.length === 0) {
      for (const fields of this.chunk) this.checksum.add(fields);
      this.chunk = [];
      return;
    }
    const at = table.targetKey.map((name) => table.columns.findIndex(({ target }) => target === name));
    const found = client
      ? await targetRows(
          client,
          table,
          this.chunk.map((fields) => at.map((n) => fields[n] ?? null)),
        )
      : [];
    for (const [n, fields] of this.chunk.entries()) {
      const there = found[n];
      const kind =
        there === undefined ? "missing" : fields.every((text, column) => text === there[column]) ? "same" : "different";
      counts[kind] += 1;
      if (kind !== "same" && this.keys.length < EXAMPLES) this.keys.push(at.map((column) => fields[column]).join(", "));
    }
    this.chunk = [];
  }

  /** Which rows differ cannot be told without a key: all of them are then taken to. */
  private async compareKeyless(): Promise<void> {
    const there = this.client ? await targetChecksum(this.client, this.table) : new RowsChecksum();
    const here = this.checksum.rows;
    if (there.equals(this.checksum)) this.counts.same = here;
    else {
      this.counts.different = Math.min(here, there.rows);
      this.counts.missing = Math.max(0, here - there.rows);
    }
  }

  private async ofTarget(): Promise<Pick<ComparedTable, "targetRows" | "extra" | "sums">> {
    const { table, client, counts } = this;
    const columns = [...this.sums].map(([at, sum]) => ({
      column: table.columns[at]?.target ?? "",
      source: String(sum),
    }));
    if (client === undefined) return { targetRows: 0, extra: 0, sums: columns.map((one) => ({ ...one, target: "0" })) };
    const sums = columns.map(({ column }) => `, coalesce(sum(${escapeIdentifier(column)}), 0)::text`).join("");
    const { rows } = await client.query<string[]>({
      text: `SELECT count(*)::text${sums} FROM public.${escapeIdentifier(table.target)}`,
      rowMode: "array",
    });
    const [count = "0", ...found] = rows[0] ?? [];
    return {
      targetRows: Number(count),
      extra: Number(count) - counts.same - counts.different,
      sums: columns.map((one, n) => ({ ...one, target: found[n] ?? "0" })),
    };
  }
}

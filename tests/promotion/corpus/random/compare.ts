import type Database from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import type { Plan, TablePlan } from "../../../../promotion/model";
import { type Meaning, meaningOf, type Raw, shownMeaning } from "./meaning";
import { quoted } from "./names";
import { holds } from "./refusals";

interface Column extends Meaning {
  readonly source: string;
  readonly target: string;
  /** Place in `plan.columns`; undefined where PostgreSQL computes it. */
  readonly planned?: number;
}

interface Kept {
  readonly row: Record<string, Record<string, string> | null> | null;
  readonly refusals: readonly { readonly column: string; readonly reason: string }[];
}

/** What is wrong, in words; empty when every row of SQLite is in PostgreSQL as it should be, or in quarantine with a true reason. */
export async function differences(
  db: Database.Database,
  client: Client,
  plan: Plan,
  unchecked: boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const table of plan.tables)
    for (const line of await tableDifferences(db, client, table, unchecked)) wrong.push(`${table.target}: ${line}`);
  return wrong;
}

async function tableDifferences(
  db: Database.Database,
  client: Client,
  table: TablePlan,
  unchecked: boolean,
): Promise<string[]> {
  const columns = await columnsOf(db, client, table);
  const wrong: string[] = [];
  const rest = new Map<string, Raw[][]>();
  for (const row of sourceRows(db, table, columns)) {
    const key = JSON.stringify(
      columns.flatMap((column, at) => (column.planned === undefined ? [] : [rawText(row[at])])),
    );
    rest.set(key, [...(rest.get(key) ?? []), row]);
  }
  const { rows: kept } = await client.query<Kept>(
    'SELECT "row", refusals FROM ladder_promotion.quarantine WHERE tbl = $1',
    [table.target],
  );
  const refused: { row: Raw[]; kept: Kept }[] = [];
  for (const one of kept) {
    const key = JSON.stringify(
      columns.flatMap(({ target, planned }) => (planned === undefined ? [] : [keptText(one.row?.[target] ?? null)])),
    );
    const row = rest.get(key)?.pop();
    if (row) refused.push({ row, kept: one });
    else wrong.push(`in quarantine, and not in SQLite: ${key}`);
  }
  const expected = [...rest.values()]
    .flat()
    .map((row) => columns.map((column, at) => near(column, meaningOf(column, row[at] ?? NULL))));
  for (const { row, kept: one } of refused) wrong.push(...untrue(columns, row, one, expected, table, unchecked));
  const found = await targetRows(client, table, columns);
  const there = counted(found.map((row) => JSON.stringify(row)));
  for (const row of expected) {
    const text = row.includes(undefined) ? undefined : JSON.stringify(row);
    const count = text === undefined ? 0 : (there.get(text) ?? 0);
    if (text === undefined || count === 0)
      wrong.push(`not carried: ${JSON.stringify(row.map((value) => value ?? (value === null ? null : "?")))}`);
    else there.set(text, count - 1);
  }
  for (const [text, count] of there) if (count > 0) wrong.push(`${count} rows too many: ${text}`);
  return wrong.map((line) => line.slice(0, 1_000));
}

/** What PostgreSQL computes of a decimal has not the noise that SQLite's has. */
function near<Text extends string | null | undefined>({ planned, type }: Column, meaning: Text): Text | string {
  const rough = planned === undefined && typeof meaning === "string" && /^(numeric|double)/.test(type);
  return rough && Number.isFinite(Number(meaning)) ? Number(meaning).toPrecision(12) : meaning;
}

const NULL: Raw = { storage: "null", value: null };

/** SQLite goes on with a REAL where an integer that it computes has more than 64 bits; PostgreSQL refuses such a row. */
const isBeyond = ({ storage, value }: Raw): boolean =>
  (storage === "real" || storage === "integer") && Math.abs(Number(value)) >= 2 ** 62;

/** What SQLite computed does not fit the type that PostgreSQL computes it in. */
const unfit = (columns: readonly Column[], row: readonly Raw[]): boolean =>
  columns.some((column, at) => column.planned === undefined && meaningOf(column, row[at] ?? NULL) === undefined);

/** Reasons of a refusal that the row does not bear out. */
function untrue(
  columns: readonly Column[],
  row: readonly Raw[],
  { refusals }: Kept,
  others: readonly (readonly (string | null | undefined)[])[],
  table: TablePlan,
  unchecked: boolean,
): string[] {
  return refusals.flatMap(({ column, reason }) => {
    const at = columns.findIndex(({ target }) => target === column);
    const one = columns[at];
    if (/^has the values of another row in the unique/.test(reason)) {
      const key = columns.flatMap(({ target }, n) => (table.targetKey.includes(target) ? [n] : []));
      const own = columns.map((each, n) => near(each, meaningOf(each, row[n] ?? NULL)));
      return others.some((other) => key.every((n) => other[n] === own[n]))
        ? []
        : [`no other row has the key: ${reason}`];
    }
    if (unchecked && /^breaks the constraint/.test(reason)) return [];
    if (reason === "is a number beyond the column's type" && (row.some(isBeyond) || unfit(columns, row))) return [];
    if (one && holds(reason, one, row[at] ?? NULL)) return [];
    return [`put aside without cause: ${column} (${one?.type}) ${reason}: ${rawText(row[at])}`];
  });
}

async function columnsOf(db: Database.Database, client: Client, table: TablePlan): Promise<Column[]> {
  const { rows } = await client.query<{ name: string; type: string; generated: string }>(
    "SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attgenerated AS generated FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 ORDER BY attnum",
    [`public.${escapeIdentifier(table.target)}`],
  );
  const names = db.prepare<[string], string>("SELECT name FROM pragma_table_xinfo(?)").pluck().all(table.source);
  return rows.map(({ name: target, type, generated }, at) => {
    const planned = table.columns.findIndex((column) => column.target === target);
    const codec = table.columns[planned]?.codec ?? { kind: "text", numbers: true };
    return { source: names[at] ?? "", target, type, codec, ...(generated === "" ? { planned } : {}) };
  });
}

function sourceRows(db: Database.Database, table: TablePlan, columns: readonly Column[]): Raw[][] {
  const list = columns.flatMap(({ source }) => {
    const name = quoted(source);
    return [`typeof(${name})`, `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`];
  });
  const rows = db
    .prepare<[], unknown[]>(`SELECT ${list.join(", ")} FROM ${quoted(table.source)}`)
    .raw()
    .safeIntegers()
    .all();
  return rows.map((row) => columns.map((_, at) => ({ storage: row[2 * at], value: row[2 * at + 1] }) as Raw));
}

async function targetRows(client: Client, table: TablePlan, columns: readonly Column[]): Promise<(string | null)[][]> {
  const list = columns.map(({ target, type }) => {
    const name = escapeIdentifier(target);
    return type === "date" || type.startsWith("timestamp")
      ? `(extract(epoch FROM ${name}) * 1000000)::text`
      : `${name}::text`;
  });
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${list.join(", ")} FROM public.${escapeIdentifier(table.target)}`,
    rowMode: "array",
  });
  return rows.map((row) => columns.map((column, at) => near(column, shownMeaning(column, row[at] ?? null))));
}

/** A value as the quarantine keeps it. */
function rawText(raw: Raw | undefined): string {
  if (!raw || raw.storage === "null") return "null";
  if (Buffer.isBuffer(raw.value)) return `${raw.storage} ${raw.value.toString("base64")}`;
  return `${raw.storage} ${Object.is(raw.value, -0) ? "-0" : raw.value}`;
}

function keptText(kept: Record<string, string> | null): string {
  const [kind = "", text = ""] = Object.entries(kept ?? {})[0] ?? [];
  if (kept === null) return "null";
  if (kind === "text") return `text ${Buffer.from(text).toString("base64")}`;
  return `${kind.replace("Base64", "")} ${text}`;
}

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Whether any table has two rows with keys that are different in SQLite and the same in PostgreSQL. */
export async function sameKeyInTarget(db: Database.Database, client: Client, plan: Plan): Promise<boolean> {
  for (const table of plan.tables) {
    const columns = await columnsOf(db, client, table);
    const places = columns.flatMap(({ target }, at) => (table.targetKey.includes(target) ? [at] : []));
    const keys = sourceRows(db, table, columns).map((row) =>
      JSON.stringify(places.map((at) => columns[at] && meaningOf(columns[at], row[at] ?? NULL))),
    );
    if (places.length > 0 && new Set(keys).size < keys.length) return true;
  }
  return false;
}

/** Whether any table has two rows with values that are different in SQLite and the same in PostgreSQL. */
export async function sameInTarget(db: Database.Database, client: Client, plan: Plan): Promise<boolean> {
  for (const table of plan.tables) {
    const columns = await columnsOf(db, client, table);
    const rows = sourceRows(db, table, columns);
    for (const [at, column] of columns.entries()) {
      const raw = new Set(rows.map((row) => rawText(row[at])));
      const same = new Set(rows.map((row) => meaningOf(column, row[at] ?? NULL)));
      if (same.size < raw.size) return true;
    }
  }
  return false;
}

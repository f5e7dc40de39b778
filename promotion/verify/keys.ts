import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import { quarantinedKeys, quarantineKey } from "../copy/quarantine";
import { encodeRow, readRow, selectRow } from "../copy/row";
import { InvalidText, Refusal, type SqliteValue, type TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { codecOf } from "../values/codec";
import { type Difference, shownKey } from "./difference";
import { targetRows } from "./targetRows";

/** Keys of one question to PostgreSQL. */
const CHUNK = 1_000;

/**
 * Compares the rows with these keys, as they are now on both sides: empty when they are the same, not there on either side, or in
 * quarantine. Both sides are only read. A table without a key has nothing to compare here.
 */
export async function compareKeys(
  db: Database,
  client: Client,
  table: TablePlan,
  keys: readonly SqliteValue[][],
): Promise<Difference[]> {
  if (table.sourceKey.length === 0 || keys.length === 0) return [];
  const source = sourceByKey(db, table);
  const differences: Difference[] = [];
  let quarantine: ReadonlySet<string> | undefined;
  for (let start = 0; start < keys.length; start += CHUNK) {
    const rows = keys.slice(start, start + CHUNK).map(source);
    // The row's own key too: SQLite finds `A` for `a` where a column says so.
    const wanted = rows.flatMap(({ target, own }) => [target, own ?? target]);
    const found = await targetRows(client, table, wanted.map(textsOf));
    for (const [at, row] of rows.entries()) {
      const kind = compared(row, found[2 * at], found[2 * at + 1], table);
      if (kind === undefined) continue;
      quarantine ??= new Set(await quarantinedKeys(client, table));
      const kept = quarantine.has(quarantineKey(row.ownKey ?? row.key));
      if (kept && (kind.kind === "missing" || kind.kind === "refused")) continue;
      differences.push({
        table: table.target,
        key: row.key,
        shown: shownKey(table, row.own ?? row.target),
        ...kind,
        ...(kept && { kind: "quarantined" as const }),
      });
    }
  }
  return differences;
}

interface SourceByKey {
  readonly key: SqliteValue[];
  /** The key's texts in PostgreSQL. */
  readonly target: readonly (string | null | Refusal)[];
  /** Those of the row that SQLite has for the key. */
  readonly own?: readonly (string | null | Refusal)[];
  readonly ownKey?: readonly SqliteValue[];
  /** The row's texts; undefined when there is no row, null when it cannot be carried. */
  readonly fields?: readonly (string | null)[] | null;
}

const textsOf = (key: readonly (string | null | Refusal)[]): (string | null)[] =>
  key.map((text) => (text instanceof Refusal ? null : text));

/** Reads one row of SQLite by its key. */
function sourceByKey(db: Database, table: TablePlan): (key: SqliteValue[]) => SourceByKey {
  const where = table.sourceKey.map((name) => `s.${quoteName(name)} IS ${BOUND}`).join(" AND ");
  const select = db
    .prepare<unknown[], unknown[]>(`${selectRow(table)} WHERE ${where}`)
    .raw()
    .safeIntegers();
  const columns = table.targetKey.map((name) => {
    const column = table.columns.find(({ target }) => target === name);
    if (column === undefined) throw new Error(`table ${table.target} has no column for its key ${name}`);
    return { select: column.select, codec: codecOf(column.codec) };
  });
  const given = table.sourceKey.map((name) => `${BOUND} AS ${quoteName(name)}`).join(", ");
  const reckon = db
    .prepare<unknown[], unknown[]>(
      `SELECT ${columns.map((column) => valueColumns(column.select)).join(", ")} FROM (SELECT ${given}) AS s`,
    )
    .raw()
    .safeIntegers();
  const at = table.targetKey.map((name) => table.columns.findIndex(({ target }) => target === name));
  return (key) => {
    const bound = key.flatMap(bindable);
    const raw = reckon.get(...bound) ?? [];
    const target = columns.map(({ codec }, n) => codec.encode(readValue(raw[2 * n], raw[2 * n + 1])));
    const found = select.get(...bound);
    if (found === undefined) return { key, target };
    const row = readRow(table, found);
    const own = at.map((n, no) => columns[no]?.codec.encode(row.values[n] ?? null) ?? null);
    const encoded = encodeRow(table, row);
    return { key, target, own, ownKey: row.key, fields: "fields" in encoded ? encoded.fields : null };
  };
}

/** A value of a key and whether it is a text given as bytes, which better-sqlite3 cannot bind as a text. */
const BOUND = "iif(?, CAST(? AS TEXT), ?)";

function bindable(value: SqliteValue): unknown[] {
  return value instanceof InvalidText ? [1n, value.bytes, null] : [0n, null, value];
}

/** `there`: PostgreSQL's row for the key, `own`: for the key of the row that SQLite has. */
function compared(
  row: SourceByKey,
  there: readonly (string | null)[] | undefined,
  own: readonly (string | null)[] | undefined,
  { columns }: TablePlan,
): Pick<Difference, "kind" | "columns"> | undefined {
  const renamed = row.own?.some((text, at) => text !== row.target[at]) === true;
  if ((row.fields === undefined || renamed) && there !== undefined) return { kind: "extra", columns: [] };
  if (row.fields === undefined) return undefined;
  if (row.fields === null) return { kind: own === undefined ? "refused" : "differs", columns: [] };
  if (own === undefined) return { kind: "missing", columns: [] };
  const differing = columns.filter((_, at) => row.fields?.[at] !== own[at]).map(({ target }) => target);
  return differing.length === 0 ? undefined : { kind: "differs", columns: differing };
}

import Database from "better-sqlite3";
import { quoted } from "./names";
import type { RandomDatabase, RandomTable, Write } from "./schema";
import type { Given } from "./values";

/** What a constraint refuses has not happened; an AUTOINCREMENT that gave out its last number says that the disk is full. */
function tried(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !/^SQLITE_(CONSTRAINT|MISMATCH|FULL)/.test(error.code)) throw error;
  }
}

const bound = (value: Given): null | bigint | number | string | Buffer =>
  value !== null && typeof value === "object" && !Buffer.isBuffer(value) ? value.text : value;
const place = (value: Given): string =>
  value !== null && typeof value === "object" && !Buffer.isBuffer(value) ? "CAST(? AS TEXT)" : "?";

function insert(db: Database.Database, verb: string, { name, columns }: RandomTable, values: readonly Given[]): void {
  const given = columns.map((_, at) => values[at] ?? null);
  const sql = `${verb} INTO ${quoted(name)} (${columns.map(quoted).join(", ")}) VALUES (${given.map(place).join(", ")})`;
  tried(() => db.prepare(sql).run(given.map(bound)));
}

/** Makes the file. Tables that SQLite itself does not take are left out. */
export function makeSource(path: string, { tables, unchecked }: RandomDatabase): void {
  const db = new Database(path);
  db.pragma("synchronous = OFF");
  db.pragma("journal_mode = WAL");
  db.pragma("foreign_keys = OFF");
  db.pragma(`ignore_check_constraints = ${unchecked ? "ON" : "OFF"}`);
  for (const table of tables) {
    for (const sql of table.sql) db.exec(sql);
    for (const row of table.rows) insert(db, "INSERT OR IGNORE", table, row);
    const [first] = table.rows;
    const bare = table.key === "none" ? first : [null, ...(first ?? []).slice(1)];
    if (first) for (let n = 0; n < table.more; n++) insert(db, "INSERT OR IGNORE", table, bare ?? first);
  }
  db.close();
}

/** The application writes. Errors of the database itself are not hidden: a trigger of ours must never be in the way. */
export function writeMore(
  db: Database.Database,
  { tables }: RandomDatabase,
  { table: no, kind, at, column, values }: Write,
): void {
  const table = tables[no % tables.length];
  if (!table) return;
  const [first = ""] = table.columns;
  const row = `${quoted(first)} IS (SELECT ${quoted(first)} FROM ${quoted(table.name)} LIMIT 1 OFFSET ${at})`;
  const set = quoted(table.columns[column % table.columns.length] ?? first);
  const [value = null] = values;
  // Over a BLOB column, what is computed of a text that comes after the assessment differs (docs/promotion.md).
  const computes = / AS \(.*\bBLOB\b|\bBLOB\b.* AS \(/s.test(table.sql.join(" "));
  if (
    computes &&
    values.some((one) => typeof one === "string" || (one !== null && typeof one === "object" && !Buffer.isBuffer(one)))
  )
    return;
  if (kind === "delete") db.exec(`DELETE FROM ${quoted(table.name)} WHERE ${row}`);
  else if (kind === "update")
    tried(() =>
      db.prepare(`UPDATE OR REPLACE ${quoted(table.name)} SET ${set} = ${place(value)} WHERE ${row}`).run(bound(value)),
    );
  else
    insert(
      db,
      kind === "replace" ? "INSERT OR REPLACE" : "INSERT",
      table,
      kind === "insert" ? (table.rows[at] ?? values) : values,
    );
}

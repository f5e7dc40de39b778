import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { InvalidText, type SqliteValue } from "../model";
import { exportedRows, exportedTable } from "./rows";

interface Object {
  readonly type: "table" | "index" | "trigger" | "view";
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

type Encoding = "UTF-8" | "UTF-16le" | "UTF-16be";

const VIRTUAL = /^\s*CREATE\s+VIRTUAL\s+TABLE\b/i;

/**
 * The whole database as SQL that `sqlite3` loads again: what `.dump` gives (S0-13), and exact where that is not: NUL and carriage
 * returns in texts, texts that are no UTF-8, infinities, numbers of rows. The caller holds a read transaction.
 */
export function* dumpSql(db: Database): Generator<string> {
  const encoding = db.pragma("encoding", { simple: true }) as Encoding;
  const objects = db.prepare<[], Object>("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").all();
  const virtual = objects.filter(({ sql }) => sql !== null && VIRTUAL.test(sql));
  if (virtual.length > 0)
    yield `-- Virtual tables are in here: load it with sqlite3 after ".dbconfig defensive off", and open the database anew then.\n`;
  if (encoding !== "UTF-8") yield `PRAGMA encoding='${encoding}';\n`;
  yield "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n";
  for (const name of ["user_version", "application_id"] as const) {
    const value = Number(db.pragma(name, { simple: true }));
    if (value !== 0) yield `PRAGMA ${name}=${value};\n`;
  }
  for (const { type, name, sql } of objects)
    if (type === "table" && sql !== null && !name.startsWith("sqlite_") && !VIRTUAL.test(sql)) {
      yield `${sql};\n`;
      yield* inserts(db, name, encoding);
    }
  yield* ownTables(db, objects, encoding);
  // After the rows: indexes are built once, and no trigger sees a row that was there before.
  for (const { type, sql } of objects) if (type !== "table" && sql !== null) yield `${sql};\n`;
  yield* virtualTables(virtual);
  yield "COMMIT;\n";
}

function* inserts(db: Database, name: string, encoding: Encoding): Generator<string> {
  const table = exportedTable(db, name);
  const columns = [...(table.rowid === undefined ? [] : [table.rowid]), ...table.columns.map(quoteName)].join(",");
  for (const row of exportedRows(db, table, true))
    yield `INSERT INTO ${quoteName(name)}(${columns}) VALUES(${row.map((value) => literal(value, encoding)).join(",")});\n`;
}

/** SQLite's own, which it makes itself: the numbers that AUTOINCREMENT has given, and the statistics that every build of it knows. */
function* ownTables(db: Database, objects: readonly Object[], encoding: Encoding): Generator<string> {
  const own = objects.filter(({ type, name }) => type === "table" && name.startsWith("sqlite_"));
  if (own.some(({ name }) => name.startsWith("sqlite_stat"))) yield "ANALYZE sqlite_schema;\n";
  for (const { name } of own.filter((one) => one.name === "sqlite_sequence" || one.name === "sqlite_stat1")) {
    yield `DELETE FROM ${name};\n`;
    yield* inserts(db, name, encoding);
  }
}

/** As `.dump` does it: their content is in tables of their own, which `CREATE VIRTUAL TABLE` would make empty. */
function* virtualTables(virtual: readonly Object[]): Generator<string> {
  if (virtual.length === 0) return;
  yield "PRAGMA writable_schema=ON;\n";
  for (const { name, sql } of virtual)
    yield `INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) VALUES('table',${text(name)},${text(name)},0,${text(sql ?? "")});\n`;
  yield "PRAGMA writable_schema=RESET;\n";
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function literal(value: SqliteValue, encoding: Encoding): string {
  if (value === null) return "NULL";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return real(value);
  if (Buffer.isBuffer(value)) return `x'${value.toString("hex")}'`;
  if (value instanceof InvalidText) return bytes(value.bytes);
  // A NUL would end the statement, and sqlite3 drops a carriage return before a line end.
  return /[\0\r]/.test(value) ? bytes(encoded(value, encoding)) : text(value);
}

const bytes = (stored: Buffer): string => `CAST(x'${stored.toString("hex")}' AS TEXT)`;

function encoded(value: string, encoding: Encoding): Buffer {
  if (encoding === "UTF-8") return Buffer.from(value);
  const little = Buffer.from(value, "utf16le");
  return encoding === "UTF-16be" ? little.swap16() : little;
}

function real(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
  if (Object.is(value, -0)) return "-0.0";
  // Without a point or an exponent it would be an integer.
  const shown = String(value);
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}

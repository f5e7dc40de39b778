import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { ExitCode, UserError } from "../../settings/errors";
import type { Plan, SqliteValue, TablePlan } from "../model";
import { readValue, valueColumns } from "../source/values";
import { MARKER, sourceSide } from "./sourceGate";
import { loggedTable } from "./sourceShape";
import { DIRTY, keyColumn, LOG, logTriggers } from "./sourceTriggers";
import { atomically } from "./sourceWrite";

/** Which number the log has for which planned table. */
const TABLES = "_ladder_tables";

/**
 * Begins to log the keys of all rows that are written, after `plan.sourceSetup`, in one transaction (the caller's, where one is open).
 * Does nothing when the log of the same plan is there already.
 * @throws UserError when the application holds the lock for too long, or another promotion's log is there.
 */
export function installSourceLog(db: Database, plan: Plan): void {
  atomically(db, () => {
    if (isThere(db)) return refuseOther(db, plan);
    for (const sql of plan.sourceSetup) db.exec(sql);
    const width = Math.max(1, ...plan.tables.map(({ sourceKey }) => sourceKey.length));
    const columns = Array.from({ length: width }, (_, at) => keyColumn(at));
    // Not AUTOINCREMENT, which would leave the table sqlite_sequence behind: `trimLog` keeps the last number instead.
    db.exec(`CREATE TABLE ${LOG} (seq INTEGER PRIMARY KEY, t INTEGER, ${columns.join(", ")});
      CREATE TABLE ${TABLES} (t INTEGER PRIMARY KEY, name TEXT, target TEXT);
      CREATE TABLE ${DIRTY} (t INTEGER PRIMARY KEY, n INTEGER)`);
    const number = db.prepare(`INSERT INTO ${TABLES} (t, name, target) VALUES (?, ?, ?)`);
    const dirty = db.prepare(`INSERT INTO ${DIRTY} (t, n) VALUES (?, 0)`);
    for (const [no, table] of plan.tables.entries()) {
      number.run(BigInt(no), table.source, table.target);
      if (table.sourceKey.length === 0) dirty.run(BigInt(no));
      for (const trigger of logTriggers(loggedTable(db, table, no))) db.exec(trigger);
    }
  });
}

/**
 * Takes away all that `installSourceLog` made, in one transaction; the gate's marker too when SQLite serves. Nothing of ours is left
 * then; a closed gate stays. Does nothing when there is no log.
 */
export function removeSourceLog(db: Database, plan: Plan): void {
  atomically(db, () => {
    for (const name of ours(db, "trigger")) if (name.startsWith(`${LOG}_`)) db.exec(`DROP TRIGGER ${quoteName(name)}`);
    for (const sql of plan.sourceTeardown) db.exec(sql);
    const marker = sourceSide(db) === "serving" ? [MARKER] : [];
    for (const table of [LOG, TABLES, DIRTY, ...marker]) db.exec(`DROP TABLE IF EXISTS ${table}`);
  });
}

/** The log's last number as this connection sees it; 0 before the first write. */
export const sourceMark = (db: Database): bigint =>
  db.prepare<[], bigint>(`SELECT ifnull(max(seq), 0) FROM ${LOG}`).pluck().safeIntegers().get() ?? 0n;

/** The distinct keys of a table that were written after a mark; those of rows that are gone too. Empty for a table without a key. */
export function keysSince(db: Database, table: TablePlan, mark: bigint): SqliteValue[][] {
  if (table.sourceKey.length === 0) return [];
  const columns = table.sourceKey.map((_, at) => keyColumn(at));
  const rows = db
    .prepare<[bigint, bigint], unknown[]>(
      `SELECT ${columns.map(valueColumns).join(", ")} FROM ${LOG} WHERE seq > ? AND t = ? GROUP BY ${sameKey(columns)}`,
    )
    .raw()
    .safeIntegers()
    .all(mark, BigInt(tableNumber(db, table)));
  return rows.map((row) => columns.map((_, at) => readValue(row[2 * at], row[2 * at + 1])));
}

/** Terms that tell keys apart as PostgreSQL does: SQLite takes 1 and 1.0 for equal. */
export const sameKey = (columns: readonly string[]): string =>
  columns.flatMap((column) => [`typeof(${column})`, column]).join(", ");

/** The log's number of a planned table. */
export function tableNumber(db: Database, table: TablePlan): number {
  const number = db
    .prepare<[string, string], number>(`SELECT t FROM ${TABLES} WHERE name = ? AND target = ?`)
    .pluck()
    .get(table.source, table.target);
  if (number === undefined) throw new Error(`the log does not know table ${table.source}`);
  return number;
}

/** How often each table without a key was written since the log began, by its name in the target. */
export function dirtyCounts(db: Database): Map<string, bigint> {
  const rows = db
    .prepare<[], { target: string; n: bigint }>(`SELECT target, n FROM ${DIRTY} JOIN ${TABLES} USING (t)`)
    .safeIntegers()
    .all();
  return new Map(rows.map(({ target, n }) => [target, n]));
}

/** Forgets what was logged up to a mark. The last entry stays, for the numbers go on from it. */
export function trimLog(db: Database, upTo: bigint): void {
  db.prepare(`DELETE FROM ${LOG} WHERE seq <= ? AND seq < (SELECT max(seq) FROM ${LOG})`).run(upTo);
}

const isThere = (db: Database): boolean => ours(db, "table").includes(LOG);

function ours(db: Database, type: "table" | "trigger"): string[] {
  return db
    .prepare<[string], string>("SELECT name FROM sqlite_schema WHERE type = ? AND name GLOB '_ladder_*'")
    .pluck()
    .all(type);
}

function refuseOther(db: Database, plan: Plan): void {
  const known = db.prepare(`SELECT name, target FROM ${TABLES} ORDER BY t`).raw().all();
  const wanted = plan.tables.map(({ source, target }) => [source, target]);
  if (JSON.stringify(known) === JSON.stringify(wanted)) return;
  throw new UserError(
    "The source has the key-log of another promotion (table _ladder_log). Roll that one back first; nothing was changed.",
    ExitCode.refused,
  );
}

import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import type { Plan, SqliteValue, TablePlan } from "../model";

/** Rows that a check of the plan refuses, for one reason. */
export interface Broken {
  readonly table: string;
  readonly reason: string;
  readonly rows: number;
  /** Keys of the first ones, as SQLite shows them. */
  readonly keys: readonly string[];
}

const EXAMPLES = 5;

/**
 * Counts the rows that the plan's checks refuse, one pass for each table, before anything is set up: what a mapping adds to the source is made
 * as temporary tables, which a connection that only reads may have. What a codec refuses is told by the copy.
 */
export function brokenChecks(db: Database, plan: Plan): Broken[] {
  const made = plan.sourceSetup.flatMap((sql) => MADE.exec(sql)?.[1] ?? []);
  for (const sql of plan.sourceSetup)
    if (!/^CREATE TRIGGER\b/.test(sql)) db.exec(sql.replace(/^CREATE TABLE\b/, "CREATE TEMPORARY TABLE"));
  try {
    return plan.tables.flatMap((table) => brokenRows(db, table));
  } finally {
    for (const name of made) db.exec(`DROP TABLE temp.${name}`);
  }
}

const MADE = /^CREATE TABLE IF NOT EXISTS ("[^"]+")/;

function brokenRows(db: Database, table: TablePlan): Broken[] {
  const checks = table.checks ?? [];
  if (checks.length === 0) return [];
  const from = `FROM ${quoteName(table.source)} AS s`;
  const counts = db
    .prepare<[], number[]>(`SELECT ${checks.map(({ sql }) => `total((${sql}) IS NOT 1)`).join(", ")} ${from}`)
    .raw()
    .get();
  return checks.flatMap(({ sql, reason }, n) => {
    const rows = counts?.[n] ?? 0;
    return rows === 0 ? [] : [{ table: table.source, reason, rows, keys: exampleKeys(db, table, from, sql) }];
  });
}

function exampleKeys(db: Database, table: TablePlan, from: string, sql: string): string[] {
  if (table.sourceKey.length === 0) return [];
  const key = table.sourceKey.map((name) => `s.${quoteName(name)}`).join(", ");
  return db
    .prepare<[], SqliteValue[]>(`SELECT ${key} ${from} WHERE (${sql}) IS NOT 1 LIMIT ${EXAMPLES}`)
    .raw()
    .safeIntegers()
    .all()
    .map((values) =>
      values.map((value) => (Buffer.isBuffer(value) ? `x'${value.toString("hex")}'` : String(value))).join(", "),
    );
}

import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import type { Plan, TablePlan } from "../model";

/**
 * Does something without the application's own triggers: what they do was done in PostgreSQL, and comes back as rows. They are made again
 * in the same transaction.
 */
export async function withoutTriggers(
  db: Database,
  tables: readonly TablePlan[],
  work: () => Promise<void>,
): Promise<void> {
  const names = new Set(tables.map(({ source }) => source.toLowerCase()));
  const triggers = db
    .prepare<[], { name: string; tbl: string; sql: string }>(
      "SELECT name, tbl_name AS tbl, sql FROM sqlite_schema WHERE type = 'trigger' AND name NOT GLOB '_ladder_*' ORDER BY rowid",
    )
    .all()
    .filter(({ tbl }) => names.has(tbl.toLowerCase()));
  for (const { name } of triggers) db.exec(`DROP TRIGGER main.${quoteName(name)}`);
  await work();
  for (const { sql } of triggers) db.exec(sql);
  if (triggers.length > 0) rebuildSearch(db);
}

/** Full-text tables over the content of others are kept by the application's triggers, which did not run. */
function rebuildSearch(db: Database): void {
  const tables = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'",
    )
    .all();
  for (const { name, sql } of tables)
    if (/\busing\s+fts[45]\b/i.test(sql) && /\bcontent\s*=\s*["']?[^"'\s,)]/i.test(sql))
      db.exec(`INSERT INTO ${quoteName(name)}(${quoteName(name)}) VALUES ('rebuild')`);
}

/** Numbers that PostgreSQL has given, and taken back with their rows, are not given again by an AUTOINCREMENT. */
export async function raiseSequences(db: Database, client: Client, plan: Plan): Promise<void> {
  for (const { source, target, identity } of plan.tables) {
    if (identity === undefined || !isAutoincrement(db, source)) continue;
    const found = await client.query<{ name: string | null }>("SELECT pg_get_serial_sequence($1, $2) AS name", [
      `public.${escapeIdentifier(target)}`,
      identity.column,
    ]);
    const name = found.rows[0]?.name;
    if (name === null || name === undefined) continue;
    const { rows } = await client.query<{ given: string }>(
      `SELECT (CASE WHEN is_called THEN last_value ELSE 0 END)::text AS given FROM ${name}`,
    );
    const given = BigInt(rows[0]?.given ?? 0);
    const { changes } = db.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?").run(given, source);
    if (changes === 0) db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").run(source, given);
  }
}

function isAutoincrement(db: Database, table: string): boolean {
  const sql = db
    .prepare<[string], string>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)")
    .pluck()
    .get(table);
  return /\bAUTOINCREMENT\b/i.test(sql ?? "");
}

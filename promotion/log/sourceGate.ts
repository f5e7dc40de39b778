import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import type { Plan } from "../model";
import { atomically } from "./sourceWrite";

/** Table whose one row tells which side serves, and why. */
export const MARKER = "_ladder_promotion";
const GATE = "_ladder_moved";

/** What the marker tells besides the side. */
export interface GateNote {
  /** Of the promotion. */
  readonly id: string;
  /** For whoever finds the file. Default: none. */
  readonly note?: string;
}

/**
 * Refuses every further write to the source's tables, and marks it as moved; in the caller's transaction, where one is open: its COMMIT
 * decides. Tables that are not in the plan are refused too: nobody would carry what is written there. Virtual tables take no triggers.
 */
export function closeSource(db: Database, plan: Plan, note: GateNote): void {
  atomically(db, () => {
    dropGate(db);
    const where = plan.catalogue === undefined ? "PostgreSQL" : `the database ${plan.catalogue} of PostgreSQL`;
    const message = `ladder: this database moved to ${where} (promotion ${note.id}): write there, for this file stays as it was`;
    for (const [no, table] of gatedTables(db).entries())
      for (const event of ["INSERT", "UPDATE", "DELETE"])
        db.exec(
          `CREATE TRIGGER ${quoteName(`${GATE}_${no}_${event.toLowerCase()}`)} BEFORE ${event} ON ${quoteName(table)}
           BEGIN SELECT RAISE(ABORT, '${message.replaceAll("'", "''")}'); END`,
        );
    mark(db, "moved", note);
  });
}

/** Lets writes in again, and marks SQLite as serving; in the caller's transaction, where one is open: its COMMIT decides. */
export function reopenSource(db: Database, note: GateNote): void {
  atomically(db, () => {
    dropGate(db);
    mark(db, "serving", note);
  });
}

/** Which side serves, as the file itself tells: `serving` is SQLite, `moved` is PostgreSQL. A file that has no marker serves. */
export function sourceSide(db: Database): "serving" | "moved" {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(MARKER);
  if (known === undefined) return "serving";
  return db.prepare(`SELECT side FROM ${MARKER}`).pluck().get() === "moved" ? "moved" : "serving";
}

function mark(db: Database, side: "serving" | "moved", { id, note }: GateNote): void {
  db.exec(`CREATE TABLE IF NOT EXISTS ${MARKER} (id TEXT, side TEXT, at TEXT, note TEXT); DELETE FROM ${MARKER}`);
  db.prepare(`INSERT INTO ${MARKER} (id, side, at, note) VALUES (?, ?, datetime('now'), ?)`).run(
    id,
    side,
    note ?? null,
  );
}

function dropGate(db: Database): void {
  const triggers = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '${GATE}_*'`)
    .pluck();
  for (const name of triggers.all()) db.exec(`DROP TRIGGER ${quoteName(name)}`);
}

/** Litestream's own tables stay open: it goes on to replicate the file. */
function gatedTables(db: Database): string[] {
  return db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name")
    .pluck()
    .all()
    .filter((name) => !/^(sqlite_|_ladder_|_litestream_|ladder_migrations$)/i.test(name));
}

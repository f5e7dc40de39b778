import Database from "better-sqlite3";
import { loadMigrations } from "../catalogue/migrations";
import type { CatalogueName } from "../settings";

/** A SQLite file to promote. */
export interface BenchSource {
  readonly what: string;
  readonly catalogue?: CatalogueName;
  /** In all tables. */
  readonly rows: number;
  make(file: string): void;
}

const COUNTING = (rows: number): string =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

function fill(file: string, sql: string): void {
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = OFF");
  db.exec(sql);
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

const ITEMS = `CREATE TABLE items (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, name TEXT NOT NULL, email TEXT UNIQUE, score REAL,
  active BOOLEAN NOT NULL, created_at DATETIME NOT NULL, note TEXT);
CREATE INDEX items_by_user ON items (user_id, created_at);`;

/** One table of eight columns with two indexes besides its key; about 150 bytes a row. `note`: bytes of one column. */
export const items = (rows: number, note = 40): BenchSource => ({
  what: `one table of ${rows.toLocaleString("en-US")} rows × 8 columns`,
  rows,
  make: (file) =>
    fill(
      file,
      `${ITEMS} ${COUNTING(rows)} INSERT INTO items SELECT i, i * 7919 % 200003, 'user name ' || i, 'user' || i || '@example.com', i / 7.0, i % 2,
         datetime(1600000000 + i, 'unixepoch'), substr('some words of a note ' || hex(i * 31) || hex(zeroblob(${note})), 1, ${note}) FROM n`,
    ),
});

const THREE = 1_000_000;
const PLAYERS = 100_000;

/** The documented tables of ai_breeding, which become those of its migrations: users are made, texts become JSONB and numbers money. */
export const breeding: BenchSource = {
  what: "ai_breeding, 3,100,000 rows in four tables",
  catalogue: "ai_breeding",
  rows: 3 * THREE + PLAYERS,
  make: (file) =>
    fill(
      file,
      `${loadMigrations("ai_breeding", "sqlite")
        .map(({ sql }) => sql)
        .join("\n")}
       ${COUNTING(PLAYERS)} INSERT INTO user_balance SELECT 'user' || i, i % 5000, datetime(1600000000 + i, 'unixepoch') FROM n;
       ${COUNTING(THREE)} INSERT INTO agents SELECT i, 'agent ' || i, 'user' || (1 + i % ${PLAYERS}), json_object('speed', i % 100, 'color', 'red'), i % 101, i % 999, i % 77,
         'rare', NULL, i % 50, i % 2, i % 300, datetime(1600000000 + i, 'unixepoch'), datetime(1600000100 + i, 'unixepoch') FROM n;
       ${COUNTING(THREE)} INSERT INTO payments SELECT i, 'user' || (1 + i % ${PLAYERS}), (i % 100000) / 100.0, 'USD', 'paid', 'card', 'tx_' || i, 'cs_' || i, 'pi_' || i, i % 100,
         datetime(1600000000 + i, 'unixepoch'), datetime(1600000100 + i, 'unixepoch') FROM n;
       ${COUNTING(THREE)} INSERT INTO chat_messages SELECT i, 1 + i * 7919 % ${THREE}, 'user' || (1 + i % ${PLAYERS}), 'hello there, this is message ' || i,
         CASE i % 2 WHEN 0 THEN 'user' ELSE 'assistant' END, datetime(1600000000 + i, 'unixepoch') FROM n;`,
    ),
};

import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { applyMigrations, history } from "../../../local/sqlite/migrate";
import { withDatabase } from "../../../local/sqlite/open";
import { setWriteAheadLog } from "../../../local/sqlite/wal";
import { type Finished, startCode } from "../../support/children";
import { onDatabase, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";

/** Brings a database up at a moment that several processes share. */
const bringUp = (inputs: object, moment: number) => `
  const { provider } = require("./local/sqlite/provider.ts");
  while (Date.now() < ${moment});
  console.log(JSON.stringify(provider.create(${JSON.stringify(inputs)}).outs));
`;

describe("several processes that bring the same new database up at once", () => {
  it("all succeed, and the database gets each migration once", async () => {
    for (let round = 0; round < 6; round += 1) {
      const inputs = { ...sqliteInputs(temporaryFolder()), busyTimeoutMs: 60_000 };
      const moment = Date.now() + 1_500;
      const ends = await Promise.all(Array.from({ length: 4 }, () => startCode(bringUp(inputs, moment)).finished));
      for (const { code, output } of ends) {
        expect(output).toContain('"journalMode":"wal","mode":"0600"');
        expect(code).toBe(0);
      }
      expect(onDatabase(inputs.path, history).map(({ version }) => version)).toEqual(
        inputs.migrations.map(({ version }) => version),
      );
      expect(onDatabase(inputs.path, (db) => db.pragma("integrity_check", { simple: true }))).toBe("ok");
    }
  });
});

describe("a database whose journal mode is to be set while another process writes", () => {
  const inOtherProcess = (path: string, ms: number) => `
    const db = require("better-sqlite3")(${JSON.stringify(path)});
    db.exec("BEGIN EXCLUSIVE; CREATE TABLE theirs (x)");
    console.log("locked");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});
    db.exec("COMMIT");
  `;

  // SQLite itself gives up at once here, whatever the busy timeout.
  it("waits as long as the busy timeout says", async () => {
    const path = join(temporaryFolder(), "app.db");
    const other = startCode(inOtherProcess(path, 300));
    await other.said("locked");
    expect(withDatabase(path, { busyTimeoutMs: 60_000 }, (db) => setWriteAheadLog(db, 60_000))).toBe("wal");
    expect(await other.finished).toMatchObject({ code: 0 });
  });

  it("and no longer", async () => {
    const path = join(temporaryFolder(), "app.db");
    const other = startCode(inOtherProcess(path, 5_000));
    await other.said("locked");
    expect(() => withDatabase(path, { busyTimeoutMs: 100 }, (db) => setWriteAheadLog(db, 100))).toThrow(
      /locked by another process/,
    );
    other.process.kill("SIGKILL");
    await other.finished;
  });
});

const ROWS = 60_000;
const migration = (version: number, sql: string) => ({ version, name: `step_${version}`, checksum: `${version}`, sql });
/** Each takes long enough to be killed in the middle, and each leaves its version in a place of its own. */
const MIGRATIONS = [
  migration(1, "CREATE TABLE big (id INTEGER PRIMARY KEY, text TEXT)"),
  migration(
    2,
    `INSERT INTO big (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) SELECT printf('row %d ', i) || hex(zeroblob(60)) FROM n`,
  ),
  migration(3, "ALTER TABLE big ADD COLUMN step INTEGER; UPDATE big SET step = 3"),
  migration(
    4,
    "CREATE TABLE bigger (id INTEGER PRIMARY KEY, text TEXT, step INTEGER); INSERT INTO bigger SELECT id, text, 4 FROM big; DROP TABLE big; ALTER TABLE bigger RENAME TO big",
  ),
  migration(5, "CREATE INDEX by_text ON big (text); UPDATE big SET step = 5"),
];

const migrate = (path: string) => `
  const { applyMigrations } = require("./local/sqlite/migrate.ts");
  const { withDatabase } = require("./local/sqlite/open.ts");
  console.log("begin");
  withDatabase(${JSON.stringify(path)}, { busyTimeoutMs: 1000 }, (database) => {
    database.pragma("journal_mode = WAL");
    applyMigrations(database, "big", ${JSON.stringify(MIGRATIONS)});
  });
  console.log("end");
`;

/** What the tables show of the version that the database is at, apart from its own record of it. */
function versionSeen(path: string): { recorded: number[]; seen: number; rows: number } {
  return onDatabase(path, (database) => {
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    const columns = database.prepare<[], string>("SELECT name FROM pragma_table_info('big')").pluck().all();
    const recorded = history(database).map(({ version }) => version);
    if (columns.length === 0) return { recorded, seen: 0, rows: 0 };
    const rows = database.prepare<[], number>("SELECT count(*) FROM big").pluck().get() ?? 0;
    if (!columns.includes("step")) return { recorded, seen: rows === 0 ? 1 : 2, rows };
    const steps = database.prepare<[], number>("SELECT DISTINCT step FROM big").pluck().all();
    expect(steps).toHaveLength(1);
    return { recorded, seen: steps[0] ?? -1, rows };
  });
}

describe("a migration that is killed", () => {
  it("leaves whole versions only, and the next run goes on from there without losing a row", async () => {
    const whole = startCode(migrate(join(temporaryFolder(), "app.db")));
    await whole.said("begin");
    const began = Date.now();
    const end: Finished = await whole.finished;
    expect(end).toMatchObject({ code: 0, signal: null });
    const duration = Date.now() - began;

    const stopped: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const path = join(temporaryFolder(), "app.db");
      const child = startCode(migrate(path));
      await child.said("begin");
      await setTimeout((duration * (round + 0.5)) / 12);
      child.process.kill("SIGKILL");
      await child.finished;

      const { recorded, seen, rows } = versionSeen(path);
      expect(recorded).toEqual(MIGRATIONS.slice(0, seen).map(({ version }) => version));
      expect(rows).toBe(seen < 2 ? 0 : ROWS);
      stopped.push(seen);

      onDatabase(path, (database) => applyMigrations(database, "big", MIGRATIONS));
      expect(versionSeen(path)).toEqual({ recorded: [1, 2, 3, 4, 5], seen: 5, rows: ROWS });
    }
    // The kills must have hit the work itself, or nothing was shown.
    expect(stopped.filter((version) => version > 0 && version < 5).length).toBeGreaterThan(0);
  });
});

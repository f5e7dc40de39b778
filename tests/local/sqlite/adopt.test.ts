import { chmodSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { databaseFigures } from "../../../local/sqlite/figures";
import { provider } from "../../../local/sqlite/provider";
import { modeOf, onDatabase, reasonsOf, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";

/** Every row of every table but ours, as SQLite stores it. */
function rowsOf(path: string): Record<string, unknown[]> {
  return onDatabase(path, (database) => {
    const tables = database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'ladder_%' AND name NOT LIKE 'sqlite_%'",
      )
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => [table, database.prepare(`SELECT rowid AS r, * FROM "${table}"`).raw().all()]),
    );
  });
}

describe("an existing database", () => {
  it("is adopted with every row, and the tables of others stay as they are, bit by bit", () => {
    const inputs = sqliteInputs(temporaryFolder());
    onDatabase(inputs.path, (database) => {
      database.exec(`
        CREATE TABLE "Someone else's" (a, b BLOB, "select" TEXT COLLATE NOCASE);
        CREATE INDEX theirs ON "Someone else's" (a DESC);
        CREATE VIEW seen AS SELECT a FROM "Someone else's";
        CREATE TRIGGER t AFTER INSERT ON "Someone else's" BEGIN SELECT 1; END;
        INSERT INTO "Someone else's" VALUES (1, x'00ff', 'ä'), (2.5, NULL, ''), (9007199254740993, zeroblob(9000), 'x');
        PRAGMA user_version = 7;
        PRAGMA application_id = 42;
      `);
    });
    const before = rowsOf(inputs.path);
    const schema = (path: string) =>
      onDatabase(path, (database) =>
        database
          .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name IN ('Someone else''s', 'theirs', 'seen', 't')")
          .all(),
      );
    const theirs = schema(inputs.path);
    expect(reasonsOf(inputs)).toBe("");
    expect(provider.create(inputs).outs).toMatchObject({ journalMode: "wal", migrations: inputs.migrations });
    expect(rowsOf(inputs.path)).toMatchObject(before);
    expect(schema(inputs.path)).toEqual(theirs);
    expect(onDatabase(inputs.path, (db) => [db.pragma("user_version"), db.pragma("application_id")])).toEqual([
      [{ user_version: 7 }],
      [{ application_id: 42 }],
    ]);
  });

  it("S0-01: is the one file that the platform begins with, of 312 KB, with its ideas and agents", () => {
    const inputs = sqliteInputs(temporaryFolder(), "ai_company");
    onDatabase(inputs.path, (database) => {
      database.exec(`
        CREATE TABLE ai_ideas (id INTEGER PRIMARY KEY, title TEXT, description TEXT, ceo_agent_id INTEGER, created_at TEXT, votes INTEGER);
        CREATE TABLE ceo_agents (id INTEGER PRIMARY KEY, name TEXT, creator_wallet TEXT, status TEXT, created_at TEXT, updated_at TEXT);
      `);
      const idea = database.prepare("INSERT INTO ai_ideas (title, description, votes) VALUES (?, ?, ?)");
      for (let index = 0; index < 56; index += 1) idea.run(`Idea ${index}`, "long text ".repeat(520), index);
      for (const name of ["Ada", "Grace", "Edsger"])
        database
          .prepare("INSERT INTO ceo_agents (name, creator_wallet, status) VALUES (?, '0x1', 'available')")
          .run(name);
    });
    expect(statSync(inputs.path).size).toBeGreaterThanOrEqual(312 * 1024);
    const before = rowsOf(inputs.path);
    expect([before.ai_ideas?.length, before.ceo_agents?.length]).toEqual([56, 3]);
    provider.create(inputs);
    expect(rowsOf(inputs.path)).toMatchObject(before);
    expect(databaseFigures(inputs.path, 0)).toMatchObject({
      schemaVersion: inputs.migrations.length,
      catalogue: "ai_company",
    });
  });

  it("that the application made itself is adopted with a history from then on", () => {
    const inputs = sqliteInputs(temporaryFolder());
    provider.create(inputs);
    onDatabase(inputs.path, (database) => {
      database.exec("DROP TABLE ladder_migrations; INSERT INTO agents (name, traits) VALUES ('Rex', '{}')");
      database.pragma("journal_mode = DELETE");
    });
    chmodSync(inputs.path, 0o644);
    expect(databaseFigures(inputs.path, 0)).toMatchObject({
      schemaVersion: 0,
      catalogue: undefined,
      journalMode: "delete",
    });
    expect(provider.create(inputs).outs).toMatchObject({
      journalMode: "wal",
      mode: "0600",
      migrations: inputs.migrations,
    });
    expect(modeOf(inputs.path)).toBe(0o600);
    expect(rowsOf(inputs.path).agents).toHaveLength(1);
  });

  it("is adopted when its columns are written in other letters, which SQLite does not tell apart", () => {
    const inputs = sqliteInputs(temporaryFolder());
    onDatabase(inputs.path, (database) =>
      database.exec("CREATE TABLE USER_BALANCE (USER_ID TEXT PRIMARY KEY, Coins INTEGER, updated_AT DATETIME)"),
    );
    expect(reasonsOf(inputs)).toBe("");
  });

  it("is adopted while another process has it open, and sees that process's rows", () => {
    const inputs = sqliteInputs(temporaryFolder());
    onDatabase(inputs.path, (other) => {
      other.exec("PRAGMA journal_mode = WAL; CREATE TABLE mine (x); INSERT INTO mine VALUES (1)");
      provider.create(inputs);
      other.exec("INSERT INTO mine VALUES (2)");
    });
    expect(rowsOf(inputs.path).mine).toHaveLength(2);
  });
});

describe("the figures of a database", () => {
  it("are not there without a file, and tell size, log and version with one", () => {
    const inputs = sqliteInputs(temporaryFolder());
    expect(databaseFigures(inputs.path, 0)).toBeUndefined();
    provider.create(inputs);
    onDatabase(inputs.path, (database) => {
      database.exec("INSERT INTO user_balance (user_id) VALUES ('ada')");
      const figures = databaseFigures(inputs.path, 0);
      expect(figures).toMatchObject({
        schemaVersion: inputs.migrations.length,
        catalogue: "ai_breeding",
        journalMode: "wal",
      });
      expect(figures?.sizeBytes).toBe(statSync(inputs.path).size);
      expect(figures?.walBytes).toBe(statSync(`${inputs.path}-wal`).size);
      expect(figures?.walBytes).toBeGreaterThan(0);
    });
  });
});

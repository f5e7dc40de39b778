import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { provider, type SqliteFileInputs, type SqliteFileOutputs } from "../../../local/sqlite/provider";
import { onDatabase, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";

/** What a refresh sees: the state, renewed by what is really there. */
function refreshed(outs: SqliteFileOutputs): SqliteFileOutputs | undefined {
  const { id, props } = provider.read(outs.path, outs);
  return id === "" ? undefined : { ...outs, ...props };
}

const sql = (text: string) => (path: string) => onDatabase(path, (database) => database.exec(text));

describe("a database that nobody touched", () => {
  it("shows no difference, also while it is in use", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    onDatabase(inputs.path, (app) => {
      app.exec("BEGIN IMMEDIATE; INSERT INTO user_balance (user_id) VALUES ('ada')");
      expect(refreshed(outs)).toEqual(outs);
    });
    expect(provider.diff(inputs.path, outs, inputs)).toEqual({ changes: false });
  });
});

describe("a database that was changed by hand", () => {
  const changes: [string, (path: string) => void, Partial<SqliteFileOutputs>][] = [
    ["its mode", (path) => chmodSync(path, 0o644), { mode: "0644" }],
    ["its journal mode", sql("PRAGMA journal_mode = DELETE"), { journalMode: "delete" }],
    ["its record of migrations", sql("DROP TABLE ladder_migrations"), { migrations: [] }],
    ["bytes that make it unreadable", (path) => writeFileSync(path, "no database"), { journalMode: "unknown" }],
  ];

  it.each(changes)("shows it, and asks for an update in place: %s", (_what, change, seen) => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    change(inputs.path);
    const props = refreshed(outs);
    expect(props).toMatchObject(seen);
    expect(props && provider.diff(inputs.path, props, inputs)).toEqual({ changes: true });
  });

  it("shows an altered checksum", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    sql("UPDATE ladder_migrations SET checksum = 'f00'")(inputs.path);
    const props = refreshed(outs);
    expect(props?.migrations.map(({ checksum }) => checksum)).toContain("f00");
    expect(props && provider.diff(inputs.path, props, inputs).changes).toBe(true);
    expect(provider.check(outs, inputs).failures[0]?.reason).toContain("was altered after");
  });

  it("is gone when it is gone, or when a folder stands in its place", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    for (const end of ["", "-wal", "-shm"]) rmSync(inputs.path + end, { force: true });
    expect(refreshed(outs)).toBeUndefined();
    mkdirSync(inputs.path);
    expect(refreshed(outs)).toMatchObject({ journalMode: "unknown" });
    expect(provider.check(outs, inputs).failures[0]?.reason).toContain("is a folder");
  });

  it("is mended by an update, with every row kept", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    sql(
      "INSERT INTO user_balance (user_id) VALUES ('ada'); PRAGMA journal_mode = DELETE; DROP TABLE ladder_migrations",
    )(inputs.path);
    chmodSync(inputs.path, 0o666);
    expect(provider.update(inputs.path, refreshed(outs) ?? outs, inputs).outs).toEqual(outs);
    expect(onDatabase(inputs.path, (db) => db.prepare("SELECT user_id FROM user_balance").pluck().all())).toEqual([
      "ada",
    ]);
  });
});

describe("another wish for the same database", () => {
  const wishes: [string, Partial<SqliteFileInputs>][] = [
    ["another wait for locks", { busyTimeoutMs: 9_000 }],
    ["another folder for backups", { backups: "elsewhere" }],
    ["a new migration", { migrations: [...sqliteInputs("").migrations, { version: 99, name: "new", checksum: "x" }] }],
    [
      "an altered migration",
      { migrations: sqliteInputs("").migrations.map((migration) => ({ ...migration, checksum: "x" })) },
    ],
    ["another logical database", { catalogue: "ai_company" }],
  ];

  it.each(wishes)("is a change in place: %s", (_what, wish) => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    expect(provider.diff(inputs.path, outs, { ...inputs, ...wish })).toEqual({ changes: true });
  });

  it("is another database when it is another path, and the old one stays", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    const moved = { ...inputs, path: join(dirname(inputs.path), "new.db") };
    expect(provider.diff(inputs.path, outs, moved)).toEqual({ changes: true, replaces: ["path"] });
    provider.create(moved);
    provider.delete(inputs.path, outs);
    expect(refreshed(outs)).toEqual(outs);
  });

  it("does not differ by fields that only the engine adds to a migration", () => {
    const inputs = sqliteInputs(temporaryFolder());
    const { outs } = provider.create(inputs);
    const migrations = inputs.migrations.map(({ checksum, name, version }) => ({ checksum, extra: 1, name, version }));
    expect(provider.diff(inputs.path, outs, { ...inputs, migrations })).toEqual({ changes: false });
  });
});

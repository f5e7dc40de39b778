import { createHash } from "node:crypto";
import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { migrationFiles } from "../../../components/app/sqlite/migrations";
import { history } from "../../../local/sqlite/migrate";
import { provider } from "../../../local/sqlite/provider";
import { SQLITE_CATALOGUE_NAMES } from "../../../settings/fields";
import { fingerprint, modeOf, onDatabase, reasonsOf, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";
import { DATABASE, migrate, mounted } from "./pod";

/** The script that brings the schema up in a pod, run with a real sqlite3, beside what does it on one's own machine. */

interface Place {
  readonly migrations: string;
  readonly database: string;
  run(catalogue?: string): ReturnType<typeof migrate>;
}

/** A folder with the migrations as the pod has them, and a place for the database. */
function place(catalogue: Parameters<typeof migrationFiles>[0] = DATABASE): Place {
  const folder = temporaryFolder();
  const migrations = mounted(join(folder, "migrations"), migrationFiles(catalogue));
  const database = join(folder, "app.db");
  return {
    migrations,
    database,
    run: (name = catalogue) => migrate(migrations, database, { catalogue: name, busyTimeoutMs: "2000" }),
  };
}

/** One more migration, as a later release brings it. */
function release({ migrations }: Place, version: number, sql: string): void {
  const checksum = createHash("sha256").update(sql).digest("hex");
  const file = `${String(version).padStart(4, "0")}_later.sql`;
  writeFileSync(join(migrations, file), sql);
  appendFileSync(join(migrations, "migrations.tsv"), `${[version, DATABASE, "later", checksum, file].join("\t")}\n`);
}

const schemaOf = (path: string) =>
  onDatabase(path, (database) =>
    database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all(),
  );

const countOf = (path: string, table: string) =>
  onDatabase(path, (database) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());

describe("the schema in a pod", () => {
  it.each(SQLITE_CATALOGUE_NAMES)("is the one that %s has on one's own machine, to the letter", async (name) => {
    const there = place(name);
    expect(await there.run()).toMatchObject({ code: 0, stderr: "" });
    const here = sqliteInputs(temporaryFolder(), name);
    provider.create(here);
    expect(schemaOf(there.database)).toEqual(schemaOf(here.path));
    expect(onDatabase(there.database, history)).toEqual(onDatabase(here.path, history));
    expect(onDatabase(there.database, (database) => database.pragma("journal_mode", { simple: true }))).toBe("wal");
    expect(modeOf(there.database)).toBe(0o600);
  });

  it("is taken over by this machine's own tools, and the other way round", async () => {
    const there = place();
    await there.run();
    const inputs = { ...sqliteInputs(temporaryFolder(), DATABASE), path: there.database };
    expect(reasonsOf(inputs)).toBe("");
    expect(provider.create(inputs).outs.migrations).toEqual(inputs.migrations);
    expect(await there.run()).toMatchObject({ code: 0, stdout: `${DATABASE} has schema version 1; 0 applied now\n` });
  });

  it("gets what a later release brings, and keeps its rows", async () => {
    const there = place();
    await there.run();
    onDatabase(there.database, (database) =>
      database.exec("INSERT INTO ceo_agents (name, creator_wallet) VALUES ('a', 'w')"),
    );
    release(there, 2, "ALTER TABLE ceo_agents ADD COLUMN motto TEXT;");
    release(there, 3, "CREATE INDEX later ON ceo_agents (motto)");
    expect(await there.run()).toMatchObject({ code: 0, stdout: `${DATABASE} has schema version 3; 2 applied now\n` });
    expect(countOf(there.database, "ceo_agents WHERE motto IS NULL")).toBe(1);
    expect(onDatabase(there.database, history).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it("stays at a whole version when a migration fails, and goes on when it is mended", async () => {
    const there = place();
    release(there, 2, "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);");
    const { code, stderr } = await there.run();
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining("no such table: nowhere")]);
    expect(code).not.toBe(0);
    expect(onDatabase(there.database, history)).toHaveLength(1);
    expect(schemaOf(there.database)).not.toContainEqual(expect.objectContaining({ name: "half" }));
    writeFileSync(join(there.migrations, "0002_later.sql"), "CREATE TABLE whole (a);");
    expect(await there.run()).toMatchObject({ code: 0, stdout: `${DATABASE} has schema version 2; 1 applied now\n` });
  });

  it("ends where a migration cannot be read", async () => {
    const there = place();
    release(there, 2, "CREATE TABLE later (a);");
    rmSync(join(there.migrations, "0002_later.sql"));
    expect(await there.run()).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be read") });
    expect(onDatabase(there.database, history)).toHaveLength(1);
  });
});

describe("a database that is not the pod's", () => {
  const change = (sql: string) => async (there: Place) => {
    await there.run();
    onDatabase(there.database, (database) => {
      database.exec(sql);
      database.pragma("journal_mode = DELETE");
    });
  };

  it.each([
    [
      "another logical database",
      change("UPDATE ladder_migrations SET catalogue = 'ai_breeding'"),
      "holds the logical database ai_breeding, not ai_company",
    ],
    [
      "a newer schema",
      change("INSERT INTO ladder_migrations (version, catalogue, name, checksum) VALUES (2, 'ai_company', 'x', 'y')"),
      "has a newer schema than the 1 migrations of this release",
    ],
    [
      "an altered migration",
      change("UPDATE ladder_migrations SET checksum = 'other'"),
      "migration 1 (platform_tables) of ai_company was altered",
    ],
    ["a gap in its history", change("UPDATE ladder_migrations SET version = 2"), "lacks migration 1 in its history"],
    [
      "a table of the same name without a column",
      change("DELETE FROM ladder_migrations; ALTER TABLE ceo_agents RENAME COLUMN creator_wallet TO wallet"),
      "has the table ceo_agents without the column creator_wallet",
    ],
    [
      "no database at all",
      async ({ database }: Place) => writeFileSync(database, "not a database ".repeat(100)),
      "file is not a database",
    ],
  ])("is left as it is: %s", async (_what, make, message) => {
    const there = place();
    await make(there);
    const before = fingerprint(there.database);
    const { code, stderr } = await there.run();
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(fingerprint(there.database)).toBe(before);
  });

  it("is waited for as long as the settings say, and then given up with a line", async () => {
    const there = place();
    await there.run();
    release(there, 2, "CREATE TABLE later (a);");
    const { code, stderr } = await onDatabaseLocked(there.database, () => there.run());
    expect(code).not.toBe(0);
    expect(stderr).toContain("database is locked");
    expect(await there.run()).toMatchObject({ code: 0 });
    expect(existsSync(join(there.migrations, "model.db"))).toBe(false);
  });
});

/** While this runs, nobody else may write to the database. */
async function onDatabaseLocked<T>(path: string, use: () => Promise<T>): Promise<T> {
  const database = new Database(path);
  try {
    database.exec("BEGIN IMMEDIATE");
    return await use();
  } finally {
    database.close();
  }
}

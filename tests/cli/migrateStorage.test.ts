import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../catalogue/migrations";
import { type CatalogueDatabase, catalogueDatabase } from "../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../servers/postgres";
import { type S3Server, startS3 } from "../servers/s3";
import { copyProject, type Project, type Run } from "../support/project";
import { Exit } from "./wrongCase";

let server: Postgres;
let breeding: CatalogueDatabase;
let aibase: CatalogueDatabase;
let s3: S3Server;
let project: Project;

beforeAll(async () => {
  server = await startPostgres();
  breeding = await catalogueDatabase(server, "ai_breeding", { upTo: 0 });
  aibase = await catalogueDatabase(server, "aibase", { upTo: 0 });
  s3 = await startS3();
  await s3.createBucket("aibase-files");
  project = copyProject();
  const db = new Database(project.at("db.sqlite"));
  for (const migration of loadMigrations("ai_breeding", "sqlite")) db.exec(migration.sql);
  db.exec(`INSERT INTO agents (id, name, owner, traits) VALUES (5, 'Ada', 'ann', '{"a": 1}'), (9, 'Bob', NULL, NULL);
    INSERT INTO user_balance VALUES ('ann', 40, '2024-01-01'), ('ben', 2, NULL);
    INSERT INTO payments (id, user_id, amount) VALUES (3, 'cid', 12.34), (4, 'ann', 0.01);
    INSERT INTO chat_messages VALUES (7, 5, 'dan', 'hello', 'user', '2024-01-01 10:00:00')`);
  db.close();
});
afterAll(async () => {
  await server?.stop();
  await s3?.stop();
  project?.remove();
});

/** A documented command, as it is typed. */
function typed(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const child = spawn(process.execPath, args, { cwd: project.root, env: { ...project.env, ...env } });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, ...said }));
  });
}

const SCRIPT = ["--import", "tsx", "backend/src/scripts/migrate-storage.ts"];

const contract = (of: CatalogueDatabase): NodeJS.ProcessEnv => ({
  DB_TYPE: "postgresql",
  DB_PG_HOST: server.host,
  DB_PG_PORT: String(server.port),
  DB_PG_DATABASE: of.name,
  DB_PG_USERNAME: of.user("owner"),
  DB_PG_PASSWORD: of.password("owner"),
  DB_SQLITE_PATH: "./db.sqlite",
});

const sourceHash = () =>
  createHash("sha256")
    .update(readFileSync(project.at("db.sqlite")))
    .digest("hex");

const rowsIn = (of: CatalogueDatabase): Promise<string> =>
  of.psql(
    `SELECT 'agent', a.id, a.name, u.username FROM agents a LEFT JOIN users u ON u.id = owner_id
     UNION ALL SELECT 'balance', coins, u.username, NULL FROM user_balance b JOIN users u ON u.id = user_id
     UNION ALL SELECT 'payment', p.id, amount::text, u.username FROM payments p LEFT JOIN users u ON u.id = user_id
     UNION ALL SELECT 'message', m.id, agent_id::text, u.username FROM chat_messages m LEFT JOIN users u ON u.id = user_id ORDER BY 1, 2`,
    "owner",
  );

const ALL =
  "agent|5|Ada|ann\nagent|9|Bob|\nbalance|2|ben|\nbalance|40|ann|\nmessage|7|5|dan\npayment|3|12.34|cid\npayment|4|0.01|ann";

describe("backend/src/scripts/migrate-storage.ts", () => {
  it("S1-38, S1-47: --dry-run before anything is set up tells what there is, and touches nothing", async () => {
    const before = sourceHash();
    const run = await typed([...SCRIPT, "--dry-run"], { DB_SQLITE_PATH: "./db.sqlite" });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^ {2}agents +2 +0 /m);
    expect(run.stdout).toContain("payments.amount: 12.35 in the source");
    expect(run.stdout).toContain("There is no folder");
    expect(sourceHash()).toBe(before);
  });

  it("names every variable that is missing", async () => {
    const run = await typed([...SCRIPT, "--database-only"], { DB_PG_HOST: "localhost", DB_SQLITE_PATH: "./db.sqlite" });
    expect(run.code).toBe(Exit.usage);
    expect(run.stderr).toContain("set DB_TYPE=postgresql, DB_PG_DATABASE, DB_PG_USERNAME, DB_PG_PASSWORD");
  });

  it("S1-24, S1-25, C-22: assesses, brings all over, verifies, and finds a single difference", async () => {
    const env = contract(breeding);
    const assessed = await typed([...SCRIPT, "--database-only", "--dry-run"], env);
    expect(assessed.code, assessed.stderr).toBe(0);
    expect(assessed.stdout).toContain("There is nothing in the target yet");
    expect(
      await breeding.psql(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
        "owner",
      ),
    ).toBe("0");

    const before = sourceHash();
    const moved = await typed([...SCRIPT, "--database-only"], env);
    expect(moved.code, moved.stderr).toBe(0);
    expect(moved.stdout).toContain("every row compared");
    expect(await rowsIn(breeding)).toBe(ALL);
    expect(sourceHash()).toBe(before);

    const verified = await typed([...SCRIPT, "--database-only", "--dry-run"], env);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stdout).toContain("Every row is the same on both sides");

    await breeding.psql("UPDATE user_balance SET coins = 41 WHERE coins = 40", "owner");
    const different = await typed([...SCRIPT, "--database-only", "--dry-run"], env);
    expect(different.code).toBe(Exit.failed);
    expect(different.stdout).toMatch(/^ {2}user_balance +2 +2 +1 +0 +1 +0 +0$/m);
    expect(different.stdout).toContain("user_balance.coins: 42 in the source, 43 in the target");
    const refused = await typed([...SCRIPT, "--database-only"], env);
    expect(refused.code).toBe(Exit.refused);
    expect(refused.stderr).toContain(
      "user_balance: 2 rows are there; 0 are missing, 1 are different, 0 are not in the source",
    );
    expect(await breeding.psql("SELECT sum(coins) FROM user_balance", "owner")).toBe("43");
  });

  it("S1-24: takes tables that no catalogue knows as they are", async () => {
    const db = new Database(project.at("other.sqlite"));
    db.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, active BOOLEAN DEFAULT 1);
      CREATE TABLE sessions (token TEXT PRIMARY KEY, user_id INTEGER REFERENCES users (id));
      CREATE TABLE log (line TEXT);
      INSERT INTO users (name) VALUES ('ann'), ('ben'); DELETE FROM users WHERE name = 'ben';
      INSERT INTO sessions VALUES ('t', 1); INSERT INTO log VALUES ('a'), ('a'), (NULL)`);
    db.close();
    const env = { ...contract(aibase), DB_SQLITE_PATH: "./other.sqlite" };
    const moved = await typed([...SCRIPT, "--database-only"], env);
    expect(moved.code, moved.stderr).toBe(0);
    expect(
      await aibase.psql(
        "INSERT INTO users (name) VALUES ('new') RETURNING id, active; SELECT * FROM sessions; SELECT count(*) FROM log",
        "owner",
      ),
    ).toBe("3|t\nt|1\n3");
    await aibase.psql("DELETE FROM users WHERE name = 'new'", "owner");
    expect((await typed([...SCRIPT, "--database-only", "--dry-run"], env)).code).toBe(0);
    await aibase.psql("UPDATE log SET line = 'b' WHERE line IS NULL", "owner");
    expect((await typed([...SCRIPT, "--database-only", "--dry-run"], env)).code).toBe(Exit.failed);
  });

  it("S1-30: --files-only brings the folder into the bucket", async () => {
    mkdirSync(project.at("uploads", "photos"), { recursive: true });
    writeFileSync(project.at("uploads", "photos", "é 1.png"), "picture");
    const env = {
      FILE_STORAGE_TYPE: "s3",
      FILE_STORAGE_S3_BUCKET: "aibase-files",
      FILE_STORAGE_S3_REGION: s3.region,
      FILE_STORAGE_S3_ACCESS_KEY: s3.accessKey,
      FILE_STORAGE_S3_SECRET_KEY: s3.secretKey,
      FILE_STORAGE_S3_ENDPOINT: s3.endpoint,
      FILE_STORAGE_S3_FORCE_PATH_STYLE: "true",
    };
    const assessed = await typed([...SCRIPT, "--files-only", "--dry-run"], env);
    expect(assessed.code, assessed.stderr).toBe(0);
    expect(await s3.list("aibase-files")).toEqual([]);
    const moved = await typed([...SCRIPT, "--files-only"], env);
    expect(moved.code, moved.stderr).toBe(0);
    expect(String(await s3.get("aibase-files", "photos/é 1.png"))).toBe("picture");
    writeFileSync(project.at("uploads", "second.txt"), "x");
    const different = await typed([...SCRIPT, "--files-only", "--dry-run"], env);
    expect(different.code).toBe(Exit.failed);
    expect(different.stderr).toContain("second.txt");
    const unset = await typed([...SCRIPT, "--files-only"], { ...env, FILE_STORAGE_TYPE: "local" });
    expect(unset).toMatchObject({ code: Exit.usage, stdout: "" });
    expect(unset.stderr).toContain("set FILE_STORAGE_TYPE=s3");
  });
});

describe("migration/export-sqlite.js and migration/import-postgres.js", () => {
  it("S2-21, S2-22, S2-23, S2-36: bring the breeding database over; a second run changes nothing", async () => {
    await breeding.psql(
      "TRUNCATE users, agents, user_balance, payments, chat_messages RESTART IDENTITY CASCADE",
      "owner",
    );
    const exported = await typed(["migration/export-sqlite.js"]);
    expect(exported.code, exported.stderr).toBe(0);
    expect(JSON.parse(project.read("migration", "balances.json"))).toEqual([
      { user_id: "ann", coins: 40, updated_at: "2024-01-01" },
      { user_id: "ben", coins: 2, updated_at: null },
    ]);
    const env = { DATABASE_URL: breeding.url("owner") };
    const imported = await typed(["migration/import-postgres.js"], env);
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stdout).toContain("Data imported, and every row compared.");
    expect(await rowsIn(breeding)).toBe(ALL);
    await breeding.psql("INSERT INTO payments (user_id, amount) VALUES (1, 5)", "owner");
    const again = await typed(["migration/import-postgres.js"], env);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^ {2}payments +2 +0 +0 +2 +0 +1$/m);
    expect(await rowsIn(breeding)).toBe(`${ALL}\npayment|5|5.00|ann`);
  });

  it("fail with an exit code and one sentence, and never with the password", async () => {
    const url = `postgresql://nobody:not-to-be-seen@${server.host}:${server.port}/ai_breeding`;
    const wrong = await typed(["migration/import-postgres.js"], { DATABASE_URL: url });
    expect(wrong.code).toBe(Exit.usage);
    expect(wrong.stderr).toContain("Look at DATABASE_URL");
    expect(wrong.stderr).not.toContain("not-to-be-seen");
    expect((await typed(["migration/import-postgres.js"])).stderr).toContain("Set DATABASE_URL=");
    const folder = await typed(["migration/import-postgres.js", "--folder", "nowhere"], {
      DATABASE_URL: breeding.url("owner"),
    });
    expect(folder.code).toBe(Exit.usage);
    expect(folder.stderr).toContain("agents.json. Run ladder export-sqlite first");
    expect((await typed(["migration/export-sqlite.js", "--source", "none.db"])).stderr).toContain(
      "There is no database at",
    );
  });
});

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scriptOf } from "../../../components/app/sqlite/scripts";
import { contentChecksums, contentDifferences } from "../../../local/sqlite/checksum";
import { type S3Server, startS3 } from "../../servers/s3";
import { awsCommand } from "../../servers/tools";
import { onDatabase } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";
import { mounted, script } from "./pod";

/** The copies of the open database and of the files: the pods' own scripts with real programs, into a real S3 server. */

let server: S3Server;

beforeAll(async () => {
  server = await startS3();
  await server.createBucket("team");
});
afterAll(() => server.stop());

interface Job {
  readonly work: string;
  readonly database: string;
  readonly files: string;
  /** A script of the job's pod, on the day of its date. */
  run(file: "copy.sh" | "files.sh" | "upload.sh", env?: Readonly<Record<string, string>>): ReturnType<typeof script>;
}

async function job(today = "20261122"): Promise<Job> {
  const folder = temporaryFolder();
  const scripts = mounted(join(folder, "scripts"), {
    "copy.sh": scriptOf("copy.sh"),
    "files.sh": scriptOf("files.sh"),
    "upload.sh": scriptOf("upload.sh"),
    date: `#!/bin/sh\necho ${today}\n`,
  });
  chmodSync(join(scripts, "date"), 0o755);
  const [work, files] = [join(folder, "work"), join(folder, "files")];
  for (const made of [work, files]) mkdirSync(made);
  const database = join(folder, "ai_company.db");
  const path = [scripts, dirname(await awsCommand())].join(":");
  const common = { WORK: work, KIND: "daily", PREFIX: "", DATABASE_FILE: database, BUSY_TIMEOUT_MS: "2000" };
  return {
    work,
    database,
    files,
    run: (file, env) =>
      script(
        join(scripts, file),
        { ...common, FILES: files, NAME: "ai_company", DUMP_BUCKET: "team", ...server.env, ...env },
        path,
      ),
  };
}

const TABLES = "CREATE TABLE one (id INTEGER PRIMARY KEY, x BLOB); CREATE TABLE two (id INTEGER PRIMARY KEY, x BLOB)";

/** A database in WAL mode whose two tables always have as many rows. */
function opened(path: string, rows: number): Database.Database {
  const database = new Database(path, { timeout: 2_000 });
  database.pragma("journal_mode = WAL");
  database.exec(TABLES);
  pair(database, rows);
  return database;
}

function pair(database: Database.Database, rows: number): void {
  database.transaction(() => {
    for (const table of ["one", "two"])
      database.exec(
        `INSERT INTO ${table} (x) SELECT randomblob(2000) FROM (WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n)`,
      );
  })();
}

/** The uploaded copy, opened. */
async function uploaded(key: string): Promise<string> {
  const packed = await server.get("team", key);
  if (packed === undefined) throw new Error(`no ${key} among ${(await server.list("team")).join(", ")}`);
  const path = join(temporaryFolder(), "restored.db");
  writeFileSync(path, gunzipSync(packed));
  return path;
}

const countOf = (path: string, table: string) =>
  onDatabase(path, (database) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());

describe("a copy of the database", () => {
  it("S0-08, S0-09: holds every row, and lands in the bucket under the day's name", async () => {
    const made = await job();
    const database = opened(made.database, 50);
    expect(await made.run("copy.sh")).toMatchObject({ code: 0 });
    expect(await made.run("upload.sh")).toMatchObject({ code: 0, stderr: "" });
    database.close();
    const copy = await uploaded("daily/ai_company_20261122.db.gz");
    const [before, after] = [made.database, copy].map((path) => onDatabase(path, (each) => contentChecksums(each)));
    if (before === undefined || after === undefined) throw new Error("nothing was read");
    expect(contentDifferences(before, after)).toEqual([]);
  });

  it("S0-09: is one moment of a database that is written to all the while", async () => {
    const made = await job();
    const database = opened(made.database, 10_000);
    let writes = 0;
    const writer = setInterval(() => {
      pair(database, 1);
      writes += 1;
    }, 1);
    const { code } = await made.run("copy.sh");
    clearInterval(writer);
    database.close();
    expect([code, writes > 20]).toEqual([0, true]);
    await made.run("upload.sh", { DUMP_BUCKET: "team" });
    const copy = await uploaded("daily/ai_company_20261122.db.gz");
    const [one, two] = [countOf(copy, "one"), countOf(copy, "two")];
    expect(one).toBe(two);
    expect(one).toBeGreaterThanOrEqual(10_000);
    expect(one).toBeLessThan(10_000 + writes);
  });

  it.each([
    ["daily", "20260301", "daily/ai_company_20260301.db.gz"],
    ["weekly", "20260301", "weekly/ai_company_20260301.db.gz"],
    ["monthly", "20260301", "monthly/ai_company_202602.db.gz"],
    ["monthly", "20260101", "monthly/ai_company_202512.db.gz"],
    ["monthly", "20261001", "monthly/ai_company_202609.db.gz"],
  ])("of kind %s on %s is %s, in the stack's folder", async (kind, today, key) => {
    const made = await job(today);
    opened(made.database, 1).close();
    expect(await made.run("copy.sh", { KIND: kind, PREFIX: "stack/" })).toMatchObject({ code: 0 });
    expect(readFileSync(join(made.work, "key"), "utf8")).toBe(`stack/${key}`);
    expect(existsSync(join(made.work, "backup.db"))).toBe(false);
  });

  it("leaves the write-ahead log as it is where the application is away", async () => {
    // As a killed application leaves it: with rows in the log alone.
    const killed = await job();
    const keeper = opened(killed.database, 10);
    const wal = readFileSync(`${killed.database}-wal`);
    const main = readFileSync(killed.database);
    keeper.close();
    writeFileSync(killed.database, main);
    writeFileSync(`${killed.database}-wal`, wal);
    expect(await killed.run("copy.sh")).toMatchObject({ code: 0 });
    expect(readFileSync(`${killed.database}-wal`).equals(wal)).toBe(true);
  });
});

describe("a copy that cannot be made", () => {
  const CASES: readonly [string, (made: Job) => void, string][] = [
    ["there is no database", () => undefined, "there is no database at"],
    ["the database is none", ({ database }) => writeFileSync(database, "text ".repeat(1000)), "could not be copied"],
    [
      "a page of it is damaged",
      ({ database }) => {
        opened(database, 100).close();
        writeSync(openSync(database, "r+"), Buffer.alloc(4096, 0xa5), 0, 4096, 20 * 4096);
      },
      "is damaged: ",
    ],
    [
      "there is no folder for it",
      ({ database, work }) => {
        opened(database, 100).close();
        execFileSync("rmdir", [work]);
      },
      "work",
    ],
  ];

  it.each(CASES)("ends with a line where %s", async (_what, damage, message) => {
    const made = await job();
    damage(made);
    const { code, stderr } = await made.run("copy.sh");
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining(message)]);
    expect(existsSync(join(made.work, "key"))).toBe(false);
  });

  it("ends with a line where the disk is full", async () => {
    const made = await job();
    opened(made.database, 2_000).close();
    const copy = readFileSync(join(dirname(made.work), "scripts", "copy.sh"), "utf8");
    // Files of a mebibyte and no more, for what this script starts, too.
    writeFileSync(join(dirname(made.work), "scripts", "copy.sh"), `trap '' XFSZ\nulimit -f 2048\n${copy}`);
    const { code, stderr } = await made.run("copy.sh");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/could not be copied\n$/)]);
    expect(existsSync(join(made.work, "key"))).toBe(false);
  });

  it.each([
    ["the bucket is missing", { DUMP_BUCKET: "nobodys" }],
    ["the key is wrong", { AWS_SECRET_ACCESS_KEY: "another-secret" }],
    ["the server is away", { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" }],
  ])("ends the upload with a line where %s", async (_what, env) => {
    const made = await job();
    opened(made.database, 1).close();
    await made.run("copy.sh", { KIND: "weekly" });
    const { code, stderr } = await made.run("upload.sh", env);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/weekly\/.* could not be written to bucket .*\n$/)]);
    expect(await server.list("team", "weekly/")).toEqual([]);
  });
});

describe("the files", () => {
  it("are packed and come back as they were", async () => {
    const made = await job();
    mkdirSync(join(made.files, "deep", "er"), { recursive: true });
    writeFileSync(join(made.files, "deep", "er", "a file's name.bin"), Buffer.from([0, 1, 2, 255]));
    expect(await made.run("files.sh")).toMatchObject({ code: 0 });
    expect(await made.run("upload.sh")).toMatchObject({ code: 0 });
    const packed = await server.get("team", "daily/ai_company_files_20261122.tar.gz");
    const folder = temporaryFolder();
    execFileSync("tar", ["-xz", "-C", folder], { input: packed ?? Buffer.alloc(0) });
    expect(readFileSync(join(folder, "deep", "er", "a file's name.bin"))).toEqual(Buffer.from([0, 1, 2, 255]));
  });

  it("are not packed where they are not there", async () => {
    const made = await job();
    execFileSync("rmdir", [made.files]);
    const { code, stderr } = await made.run("files.sh");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/could not be packed\n$/)]);
    expect(existsSync(join(made.work, "key"))).toBe(false);
  });
});

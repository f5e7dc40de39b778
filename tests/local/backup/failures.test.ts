import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createBackup } from "../../../local/backup/create";
import { verifyBackup } from "../../../local/backup/verify";
import { ExitCode, UserError } from "../../../settings/errors";
import { makeDatabase, scratchFolder } from "./fixture";

const ROOT = resolve(__dirname, "../../..");

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (caught: unknown) => caught,
  );
  if (error instanceof UserError) return error;
  throw error;
}

/** Everything below a folder: a failed backup must leave no file of its own. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);

describe("a backup that cannot be made", () => {
  const cases: [string, (file: string) => void, RegExp, number][] = [
    ["missing", () => undefined, /^There is no database at .*app\.db\. Check the path/, ExitCode.usage],
    ["a folder", (file) => mkdirSync(file), /app\.db is a folder, not a database/, ExitCode.usage],
    ["empty", (file) => writeFileSync(file, ""), /app\.db is not a SQLite database/, ExitCode.usage],
    ["a text", (file) => writeFileSync(file, "hello ".repeat(900)), /app\.db is not a SQLite database/, ExitCode.usage],
    [
      "only a header",
      (file) => writeFileSync(file, `SQLite format 3\0${"x".repeat(5000)}`),
      /app\.db is not a SQLite database/,
      ExitCode.usage,
    ],
  ];
  it.each(cases)("says when the database is %s, and leaves it", async (_what, prepare, message, exitCode) => {
    const folder = scratchFolder();
    const database = join(folder, "app.db");
    prepare(database);
    const error = await failureOf(createBackup({ database, folder: join(folder, "backups") }));
    expect(error.message).toMatch(message);
    expect(error.exitCode).toBe(exitCode);
    expect(filesIn(folder).filter((name) => name !== "app.db")).toEqual([]);
  });

  it("says when a page of the database is damaged, keeps the earlier backup and leaves the source", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder, 5000);
    const backups = join(folder, "backups");
    await createBackup({ database, folder: backups });
    const earlier = filesIn(backups).sort();
    const bytes = readFileSync(database);
    const middle = Math.floor(bytes.length / 8192) * 4096;
    bytes.fill(0xff, middle, middle + 4096);
    writeFileSync(database, bytes);
    const error = await failureOf(createBackup({ database, folder: backups }));
    expect(error.message).toMatch(/is damaged: .*malformed.*left untouched/);
    expect(error.exitCode).toBe(ExitCode.failed);
    expect(filesIn(backups).sort()).toEqual(earlier);
    expect(readFileSync(database)).toEqual(bytes);
  });

  it("says when another program holds an exclusive lock, after waiting for it", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const holder = new Database(database);
    holder.pragma("locking_mode = exclusive");
    holder.exec("INSERT INTO ideas(title) VALUES ('mine')");
    const start = performance.now();
    const error = await failureOf(createBackup({ database, folder: join(folder, "backups") }));
    expect(performance.now() - start).toBeGreaterThan(4000);
    expect(error.message).toMatch(/ai_company\.db is locked by another program/);
    expect(error.exitCode).toBe(ExitCode.refused);
    expect(filesIn(join(folder, "backups"))).toEqual([]);
    holder.close();
  });

  it("says when a file stands where the folder should be", async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, "backups"), "mine");
    const error = await failureOf(createBackup({ database: makeDatabase(folder), folder: join(folder, "backups") }));
    expect(error.message).toMatch(/backups cannot be a folder: a file stands in its place/);
    expect(readFileSync(join(folder, "backups"), "utf8")).toBe("mine");
  });

  /** Runs a backup in a process of its own, wrapped by `command`, and returns what it says. */
  const backupBy = (command: string, args: string[], database: string, folder: string): string => {
    const script = `require(${JSON.stringify(join(ROOT, "local/backup/create"))}).createBackup({ database: ${JSON.stringify(database)}, folder: ${JSON.stringify(folder)} })
      .then(() => console.log("made"), (error) => console.log(error.name, error.exitCode, error.message))`;
    return execFileSync(command, [...args, process.execPath, "--require", "tsx/cjs", "-e", script], {
      cwd: ROOT,
    }).toString();
  };

  it("says when the disk has no room, and leaves nothing there", () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder, 60_000);
    const backups = join(folder, "backups");
    // A limit on file sizes ends a write as a full disk does. 512-byte blocks: 1 MB, the database has 3.
    const said = backupBy("sh", ["-c", 'ulimit -f 2048; exec "$@"', "sh"], database, backups);
    expect(said).toMatch(/^UserError 1 .*(not enough room in|Check the disk and its free space)/);
    expect(filesIn(backups)).toEqual([]);
  });

  it("says when the folder may not be written", () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const backups = join(folder, "backups");
    mkdirSync(backups, { mode: 0o555 });
    // The superuser may write anywhere, so as such the test steps down to another user.
    const superuser = process.getuid?.() === 0;
    if (superuser) {
      chmodSync(folder, 0o755);
      chmodSync(database, 0o644);
      chownSync(folder, 65534, 65534);
    }
    const wrap: [string, string[]] = superuser
      ? ["setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups"]]
      : ["env", []];
    expect(backupBy(...wrap, database, backups)).toMatch(
      /^UserError 1 .*backups cannot be written to .*Give this user the right/,
    );
    expect(readdirSync(backups)).toEqual([]);
    expect(statSync(backups).mode & 0o777).toBe(0o555);
  });
});

describe("a backup that is interrupted", () => {
  it("stops at once, says so and leaves nothing half-done", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder, 100_000);
    for (const phase of ["copy", "contents", "compress"]) {
      const stop = new AbortController();
      const onProgress = (progress: { phase: string }) => {
        if (progress.phase === phase) stop.abort();
      };
      const error = await failureOf(
        createBackup({ database, folder: join(folder, "backups"), signal: stop.signal, onProgress }),
      );
      expect(error.message).toMatch(/^Interrupted\. Nothing half-done/);
      expect(filesIn(join(folder, "backups"))).toEqual([]);
    }
  });

  it("by SIGKILL: the next run removes what was left, and only that", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder, 200_000);
    const daily = join(folder, "daily");
    const script = `require(${JSON.stringify(join(ROOT, "local/backup/create"))}).createBackup({ database: ${JSON.stringify(database)}, folder: ${JSON.stringify(folder)},
      onProgress: () => process.stdout.write("x") })`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], { cwd: ROOT });
    await new Promise((done) => child.stdout.once("data", done));
    child.kill("SIGKILL");
    await new Promise((done) => child.once("exit", done));
    const left = readdirSync(daily);
    expect(left).toEqual([expect.stringMatching(/^\.ladder-scratch-/)]);
    // Not ours to remove: another machine's on a shared disk, one of a living process, one with a similar name.
    const others = [
      ".ladder-scratch-otherhost-1-00000000",
      `${left[0]}`.replace(/-\d+-/, `-${process.pid}-`),
      ".ladder-scratch-notes",
    ];
    for (const name of others) mkdirSync(join(daily, name));
    await createBackup({ database, folder });
    expect(readdirSync(daily).filter((name) => name.startsWith("."))).toEqual([...others].sort());
    expect((await verifyBackup({ folder })).ok).toBe(true);
  });
});

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { DatabaseRefused } from "../../../local/sqlite/open";
import { provider, type SqliteFileInputs } from "../../../local/sqlite/provider";
import { ExitCode } from "../../../settings";
import { checkAsOrdinaryUser } from "../../support/otherUser";
import { fingerprint, onDatabase, reasonsOf, sqliteInputs } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";

type Damage = (path: string, inputs: SqliteFileInputs) => void;

const sql =
  (text: string): Damage =>
  (path) =>
    onDatabase(path, (database) => database.exec(text));

/** A database of ours with enough rows for many pages. */
function fill(inputs: SqliteFileInputs): void {
  provider.create(inputs);
  onDatabase(inputs.path, (database) => {
    const insert = database.prepare("INSERT INTO chat_messages (message) VALUES (?)");
    database.transaction(() => {
      for (let index = 0; index < 2_000; index += 1) insert.run(`message ${index} ${"x".repeat(100)}`);
    })();
  });
}

function overwrite(path: string, position: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

/** Things that stand where a database is to stand, and are none. */
const foreign: [string, Damage, string][] = [
  ["a folder", (path) => mkdirSync(path), "is a folder, and a database file is to stand there"],
  ["a pipe", (path) => void spawnSync("mkfifo", [path]), "is not a regular file"],
  ["a device", (path) => symlinkSync("/dev/null", path), "is not a regular file"],
  ["a text file", (path) => writeFileSync(path, "dear diary\n".repeat(99)), "is not a SQLite database"],
  ["a short file", (path) => writeFileSync(path, "SQLite"), "is not a SQLite database"],
  ["a compressed backup", (path) => writeFileSync(path, Buffer.from("1f8b0800", "hex")), "is not a SQLite database"],
  ["the right first bytes and nothing more", (path) => writeFileSync(path, "SQLite format 3\0"), "damaged"],
  [
    "the right first bytes and nonsense",
    (path) => writeFileSync(path, `SQLite format 3\0${"z".repeat(5000)}`),
    "damaged",
  ],
];

/** What a database of ours may have met. */
const damaged: [string, Damage, string][] = [
  ["a first page overwritten", (path) => overwrite(path, 0, Buffer.alloc(64)), "is not a SQLite database"],
  [
    "pages in the middle overwritten",
    (path) => overwrite(path, 5 * 4096, Buffer.alloc(3 * 4096, 0xa5)),
    "integrity check",
  ],
  ["its last half lost", (path) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096), "damaged"],
  ["an odd end", (path) => truncateSync(path, statSync(path).size - 1000), "is damaged ("],
  ["a table without its pages", (path) => overwrite(path, 4096 + 8, Buffer.alloc(32, 0xff)), "is damaged ("],
  [
    "a newer schema",
    (path, { migrations }) =>
      sql(
        `INSERT INTO ladder_migrations (version, catalogue, name, checksum) VALUES (${migrations.length + 1}, 'ai_breeding', 'later', 'x')`,
      )(path, sqliteInputs("")),
    "newer than the",
  ],
  [
    "another database's history",
    sql("UPDATE ladder_migrations SET catalogue = 'ai_company'"),
    "holds the logical database ai_company, not ai_breeding",
  ],
  [
    "an altered migration",
    sql("UPDATE ladder_migrations SET checksum = 'abcdef0123456789' WHERE version = 1"),
    "was altered after",
  ],
  ["a gap in its history", sql("UPDATE ladder_migrations SET version = 9 WHERE version = 1"), "lacks migration 1"],
  ["a column taken out", sql("ALTER TABLE agents DROP COLUMN rareTrait"), "table agents without the column rareTrait"],
  [
    "two columns taken out",
    sql("ALTER TABLE payments DROP COLUMN coins; ALTER TABLE payments DROP COLUMN amount"),
    "without the columns amount, coins",
  ],
  [
    "somebody else's table of the history's name",
    sql("DROP TABLE ladder_migrations; CREATE TABLE ladder_migrations (id)"),
    "cannot be used: no such column",
  ],
];

/** Checks that check and create refuse with the same words, and that nothing was touched. */
function expectRefusal(inputs: SqliteFileInputs, part: string): void {
  const before = [fingerprint(inputs.path), existsSync(inputs.path) && statSync(inputs.path).mtimeMs];
  const reason = reasonsOf(inputs);
  expect(reason).toContain(inputs.path);
  expect(reason).toContain(part);
  expect(reason).toMatch(/\.$/);
  expect(reason.split("\n")).toHaveLength(1);
  expect([fingerprint(inputs.path), existsSync(inputs.path) && statSync(inputs.path).mtimeMs]).toEqual(before);
}

describe("a database that may not be used", () => {
  it.each(foreign)("is refused and left as it is: %s", (_what, make, part) => {
    const inputs = sqliteInputs(temporaryFolder());
    make(inputs.path, inputs);
    expectRefusal(inputs, part);
    expect(() => provider.create(inputs)).toThrow(DatabaseRefused);
  });

  it.each(damaged)("is refused and left as it is: %s", (_what, damage, part) => {
    const inputs = sqliteInputs(temporaryFolder());
    fill(inputs);
    damage(inputs.path, inputs);
    expectRefusal(inputs, part);
  });

  it("is refused with a table of the same name and other columns, made by somebody else", () => {
    const inputs = sqliteInputs(temporaryFolder());
    sql("CREATE TABLE agents (codename TEXT); INSERT INTO agents VALUES ('007')")(inputs.path, inputs);
    expectRefusal(inputs, "table agents without the columns id, name");
    expect(() => provider.create(inputs)).toThrow(DatabaseRefused);
    expect(onDatabase(inputs.path, (db) => db.prepare("SELECT * FROM agents").all())).toEqual([{ codename: "007" }]);
  });

  it("has the exit code of a refusal", () => {
    const inputs = sqliteInputs(temporaryFolder());
    mkdirSync(inputs.path);
    expect(() => provider.create(inputs)).toThrow(expect.objectContaining({ exitCode: ExitCode.refused }));
  });

  it("is refused where a part of its folder is a file", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    expect(reasonsOf({ ...sqliteInputs(folder), path: join(folder, "file", "app.db") })).toContain(
      "a part of its folder is a file",
    );
  });

  it("is refused when it is a socket", async () => {
    const inputs = sqliteInputs(temporaryFolder());
    const server = createServer();
    await new Promise<void>((done) => server.listen(inputs.path, done));
    expectRefusal(inputs, "is not a regular file");
    server.close();
  });

  it.each([
    [
      "in its write-ahead log",
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO user_balance VALUES ('a', 1, 1); COMMIT",
    ],
    ["in its old journal", "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE"],
  ])("is refused while another process holds it alone: %s", (_what, hold) => {
    const inputs = sqliteInputs(temporaryFolder());
    fill(inputs);
    onDatabase(inputs.path, (other) => {
      other.exec(hold);
      expectRefusal(inputs, "is locked by another process");
    });
    expect(reasonsOf(inputs)).toBe("");
  });

  it("is refused when it is somebody else's", () => {
    const folder = temporaryFolder();
    const inputs = sqliteInputs(folder);
    provider.create(inputs);
    if (process.getuid?.() !== 0) chmodSync(inputs.path, 0);
    const said = checkAsOrdinaryUser("sqlite", inputs, folder);
    expect(said).toContain(`${inputs.path} cannot be`);
    expect(said).toContain("Check that you own the file");
  });
});

describe("a database that is gone while its backups are there", () => {
  const backedUp = (folder: string) => {
    const inputs = sqliteInputs(folder);
    mkdirSync(join(inputs.backups, "weekly"), { recursive: true });
    writeFileSync(join(inputs.backups, "weekly", "app_20250102.db.gz"), "");
    return inputs;
  };

  it.each([
    ["is missing", (_path: string) => undefined, "is gone"],
    ["was emptied", (path: string) => writeFileSync(path, ""), "move the empty file, with its -wal and -shm, away"],
  ])("is not begun anew: it %s", (_what, lose, says) => {
    const inputs = backedUp(temporaryFolder());
    lose(inputs.path);
    const reason = reasonsOf(inputs);
    expect(reason).toContain("1 backup of it");
    expect(reason).toContain(says);
    expect(reason).toContain(`npx ladder restore dev --to`);
    expect(() => provider.create(inputs)).toThrow(DatabaseRefused);
    expect(readdirSync(dirname(inputs.path)).filter((file) => file !== "backups" && file !== "app.db")).toEqual([]);
  });

  it("is begun when the backups are another database's, or were moved away", () => {
    const inputs = backedUp(temporaryFolder());
    expect(reasonsOf({ ...inputs, path: join(dirname(inputs.path), "other.db") })).toBe("");
    renameSync(
      join(inputs.backups, "weekly", "app_20250102.db.gz"),
      join(inputs.backups, "weekly", "app_old_20250102.db.gz"),
    );
    expect(reasonsOf(inputs)).toBe("");
    rmSync(inputs.backups, { recursive: true });
    expect(reasonsOf(inputs)).toBe("");
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { createBackup } from "../../../local/backup/create";
import { restoreBackup } from "../../../local/backup/restore";
import { verifyBackup } from "../../../local/backup/verify";
import { scratchFolder } from "./fixture";

const ROUNDS = 50;
const WRITERS = 4;
const ROWS_PER_SECOND = 1000;

function startWriters(database: string): ChildProcess[] {
  const writers = Array.from({ length: WRITERS }, (_, index) =>
    spawn(process.execPath, [join(__dirname, "writer.cjs"), database, String(ROWS_PER_SECOND / WRITERS), `w${index}`], {
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  onTestFinished(() => {
    for (const writer of writers) writer.kill("SIGKILL");
  });
  return writers;
}

it("S0-09: 50 backups taken while 4 processes write 1,000 rows a second all pass their drill, and a flipped byte fails", async () => {
  const folder = scratchFolder();
  const database = join(folder, "busy.db");
  const db = new Database(database);
  db.pragma("journal_mode = wal");
  db.exec(
    "CREATE TABLE events(id INTEGER PRIMARY KEY, writer TEXT, body TEXT); CREATE TABLE balance(id INTEGER PRIMARY KEY, amount INTEGER, changed INTEGER)",
  );
  for (let id = 1; id <= 50; id += 1) db.prepare("INSERT INTO balance VALUES (?, 100, 0)").run(id);
  // Large enough that the copy takes several steps, between which the writers get their turn.
  db.exec(`CREATE TABLE old(id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    INSERT INTO old(body) SELECT hex(zeroblob(2000)) FROM n`);
  const count = () => Number(db.prepare("SELECT count(*) FROM events").pluck().get());
  const writers = startWriters(database);
  while (count() === 0) await new Promise((resume) => setTimeout(resume, 50));

  const start = performance.now();
  const firstCount = count();
  const rows: number[] = [];
  let last = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const backup = await createBackup({ database, folder });
    const drill = await verifyBackup({ folder, backup: backup.file });
    expect(drill.failures, `round ${round}`).toEqual([]);
    rows.push(drill.rows);
    if (last !== "") rmSync(last);
    last = backup.file;
  }
  const perSecond = (count() - firstCount) / ((performance.now() - start) / 1000);
  console.log(
    `${ROUNDS} rounds in ${Math.round((performance.now() - start) / 100) / 10} s at ${Math.round(perSecond)} rows/s`,
  );
  expect(writers.every((writer) => writer.exitCode === null)).toBe(true);
  expect(perSecond).toBeGreaterThan(ROWS_PER_SECOND * 0.9);
  for (let round = 1; round < ROUNDS; round += 1) expect(rows[round]).toBeGreaterThan(rows[round - 1] ?? 0);

  const to = join(folder, "restored.db");
  await restoreBackup({ backup: last, to });
  const restored = new Database(to);
  expect(restored.prepare("SELECT sum(amount) FROM balance").pluck().get()).toBe(5000);

  const bytes = readFileSync(last);
  const at = Math.floor(bytes.length / 3);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(last, bytes);
  expect((await verifyBackup({ folder, backup: last })).failures).toHaveLength(1);
});

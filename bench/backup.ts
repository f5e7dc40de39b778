/**
 * Times a backup of a 1 GB database against `sqlite3 FILE ".backup OUT"` on the same file in the same run, alternating,
 * and how long a small write by another process has to wait meanwhile.
 *
 * Run: `npx tsx bench/backup.ts [rounds]`. Needs 4 GB of temporary space and the `sqlite3` program.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import { createBackup } from "../local/backup/create";
import { verifyBackup } from "../local/backup/verify";

const SIZE = 2 ** 30;
const WRITE_EVERY_MS = 5;

/** A repeatable sequence of numbers, so that every run has the same database. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

function makeDatabase(file: string): void {
  const next = sequence(12345);
  const words = Array.from({ length: 4000 }, () => next(2 ** 22).toString(36) + next(2 ** (next(20) + 1)).toString(36));
  const text = (length: number): string => {
    let made = "";
    while (made.length < length) made += `${words[next(words.length)]} `;
    return made;
  };
  const db = new Database(file);
  db.pragma("journal_mode = wal");
  db.pragma("synchronous = off");
  db.exec(`CREATE TABLE messages(id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, body TEXT NOT NULL, meta TEXT, weight REAL, sent INTEGER);
    CREATE INDEX messages_by_user ON messages(user_id, sent);
    CREATE TABLE clicks(id INTEGER PRIMARY KEY, at INTEGER)`);
  const insert = db.prepare("INSERT INTO messages(user_id, body, meta, weight, sent) VALUES (?, ?, ?, ?, ?)");
  const batch = db.transaction((start: number) => {
    for (let row = start; row < start + 20_000; row += 1) {
      const meta = next(3) === 0 ? null : JSON.stringify({ model: words[next(50)], tokens: next(5000) });
      insert.run(next(200_000), text(80 + next(320)), meta, next(2 ** 20) / 7, 1_600_000_000 + row);
    }
  });
  for (let rows = 0; Number(db.pragma("page_count", { simple: true })) * 4096 < SIZE; rows += 20_000) batch(rows);
  db.pragma("wal_checkpoint(truncate)");
  db.close();
}

const seconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const shown = (values: number[]): string =>
  `median ${median(values).toFixed(2)} s (${values.map((value) => value.toFixed(2)).join(", ")})`;

/** The other process: one small transaction every few milliseconds; prints how long each took. */
function writeForever(file: string): void {
  const db = new Database(file, { timeout: 10_000 });
  const insert = db.prepare("INSERT INTO clicks(at) VALUES (?)");
  setInterval(() => {
    const start = performance.now();
    insert.run(Date.now());
    process.stdout.write(`${(performance.now() - start).toFixed(2)}\n`);
  }, WRITE_EVERY_MS);
}

/** Starts the writer and collects its waiting times in milliseconds. */
async function startWriter(file: string): Promise<{ process: ChildProcess; waits: number[] }> {
  const writer = spawn(process.execPath, ["--require", "tsx/cjs", __filename, "writer", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const waits: number[] = [];
  const lines = createInterface({ input: writer.stdout });
  lines.on("line", (line) => waits.push(Number(line)));
  await new Promise((started) => lines.once("line", started));
  return { process: writer, waits };
}

function summary(waits: number[]): string {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(1);
  return `${sorted.length} writes, median ${at(0.5)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`;
}

async function measureWriter(database: string, folder: string): Promise<number> {
  const { process: writer, waits } = await startWriter(database);
  try {
    await new Promise((resume) => setTimeout(resume, 5000));
    console.log(`Writer alone:        ${summary(waits.splice(0))}`);
    const { manifest } = await createBackup({ database, folder });
    console.log(`Writer, our backup:  ${summary(waits)} (backup took ${manifest.seconds.total} s)`);
    return Math.max(...waits);
  } finally {
    writer.kill();
  }
}

async function measureSpeed(database: string, scratch: string, rounds: number): Promise<number> {
  const peer: number[] = [];
  const copy: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const out = join(scratch, "peer.db");
    peer.push(seconds(() => execFileSync("sqlite3", [database, `.backup '${out}'`])));
    rmSync(out);
    const folder = join(scratch, `round ${round}`);
    mkdirSync(folder);
    const { manifest } = await createBackup({ database, folder });
    copy.push(manifest.seconds.copy);
    whole.push(manifest.seconds.total);
    if (round === rounds - 1) {
      const { bytes } = manifest;
      console.log(`Database ${bytes.database} bytes, compressed to ${(bytes.compressed / bytes.database).toFixed(2)}`);
      console.log(`Phases of the last round: ${JSON.stringify(manifest.seconds)}`);
      console.log(`Its drill: ${JSON.stringify((await verifyBackup({ folder })).seconds)}`);
    }
    rmSync(folder, { recursive: true });
  }
  console.log(`sqlite3 .backup:     ${shown(peer)}`);
  console.log(`Our copy phase:      ${shown(copy)}`);
  console.log(`Our whole backup:    ${shown(whole)}`);
  return median(peer) / median(copy);
}

export async function main(rounds = 5): Promise<void> {
  if (spawnSync("sqlite3", ["--version"]).status !== 0) {
    console.error(
      "This measurement compares with the `sqlite3` program, which is missing here: apt-get install sqlite3",
    );
    process.exitCode = 3;
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  try {
    const database = join(scratch, "one-gigabyte.db");
    console.log("Making a database of 1 GB …");
    makeDatabase(database);
    const ratio = await measureSpeed(database, scratch, rounds);
    const longest = await measureWriter(database, join(scratch, "while writing"));
    const verdict = (good: boolean): string => (good ? "reached" : "MISSED");
    console.log(`Speed of the copy against the peer: ${ratio.toFixed(2)} (at least 0.7: ${verdict(ratio >= 0.7)})`);
    console.log(`Longest wait of a writer: ${longest.toFixed(1)} ms (under 100 ms: ${verdict(longest < 100)})`);
    if (ratio < 0.7 || longest >= 100) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const [, , argument, file] = process.argv;
if (require.main === module) {
  if (argument === "writer" && file !== undefined) writeForever(file);
  else void main(argument === undefined ? undefined : Number(argument));
}

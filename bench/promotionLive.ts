/**
 * What a promotion costs the application: its writes with and without the log, and how long they are held at the cut-over.
 * Run: `npm run bench -- promotion-live [rounds]`. Needs 6 GB of temporary space.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { assess } from "../promotion/assess/assess";
import { installSourceLog, removeSourceLog } from "../promotion/log/sourceLog";
import { connectionFrom } from "../schema/connection";
import { judge, median, printLines } from "./measure";
import { items } from "./promotionData";
import { benchServer, emptyDatabase } from "./promotionPeers";
import { promoteAlone } from "./promotionRun";

const ROWS = 100_000;
const SINGLE = 3_000;
const BULK = 30_000;
/** Without the log and with it, in turn. */
const TURNS = 8;
/** About 1 GB: rows of 1 KB. */
const GIGABYTE_ROWS = 900_000;
const NOTE = 960;
const WRITES_A_SECOND = 500;
const MOST_FREEZE_MS = 2_000;

const KINDS = ["single inserts", "single updates", "bulk inserts"] as const;
type Kind = (typeof KINDS)[number];

/**
 * Microseconds of the processor for each write, as an application has them: WAL, synchronous NORMAL, where no write waits for the disk.
 * Not of the clock, which tells of other programs too.
 */
function costOf(db: Database.Database, kind: Kind, from: number): number {
  const insert = db.prepare(
    "INSERT INTO items VALUES (?, 7, 'a new one', NULL, 0.5, 1, '2026-01-01 10:00:00', 'some words of a note')",
  );
  const update = db.prepare("UPDATE items SET score = ?, note = 'other words' WHERE id = ?");
  const count = kind === "bulk inserts" ? BULK : SINGLE;
  const all = () => {
    for (let n = 0; n < count; n += 1)
      if (kind === "single updates") update.run(n / 3, 1 + ((n * 7919) % ROWS));
      else insert.run(from + n);
  };
  db.pragma("wal_checkpoint(TRUNCATE)");
  const began = process.cpuUsage();
  if (kind === "bulk inserts") db.transaction(all)();
  else all();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / count;
}

async function overhead(folder: string): Promise<void> {
  const file = join(folder, "log.db");
  items(ROWS).make(file);
  const { plan } = await assess({ source: { path: file, busyTimeoutMs: 1_000 } });
  if (plan === undefined) throw new Error("the bench's own table has no plan");
  const db = new Database(file);
  db.pragma("synchronous = NORMAL");
  console.log("Promotion: writes of the application, without the log and with it");
  const measured = KINDS.map((kind) => ({ kind, without: [] as number[], logged: [] as number[] }));
  let from = 10_000_000;
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const logs of [false, true]) {
      if (logs) installSourceLog(db, plan);
      for (const { kind, without, logged } of measured) {
        (logs ? logged : without).push(costOf(db, kind, from));
        from += BULK;
      }
      if (logs) removeSourceLog(db, plan);
    }
  db.close();
  for (const { kind, without, logged } of measured) {
    // The first turn warms up.
    const [plain, slowed] = [median(without.slice(1)), median(logged.slice(1))];
    const speed = Math.round((plain / slowed - 1) * 100);
    console.log(
      `  ${kind.padEnd(14)}  ${plain.toFixed(1)} → ${slowed.toFixed(1)} µs of a processor each: ${speed} % writes a second`,
    );
  }
}

/** The application, in a process of its own: so many writes a second until one is refused; then the longest that one took, in ms. */
function writeForever(file: string): void {
  const db = new Database(file, { timeout: 30_000 });
  db.pragma("synchronous = NORMAL");
  const update = db.prepare("UPDATE items SET score = score + 1 WHERE id = ?");
  const insert = db.prepare("INSERT INTO items (user_id, name, active, created_at) VALUES (1, 'new', 1, '2026-01-01')");
  const began = performance.now();
  let [written, longest] = [0, 0];
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * WRITES_A_SECOND;
    // Whoever was held does not make up for more than a second.
    written = Math.max(written, due - WRITES_A_SECOND);
    for (; written < due; written += 1) {
      const start = performance.now();
      try {
        if (Math.trunc(written) % 2 === 0) update.run(1 + Math.floor(Math.random() * GIGABYTE_ROWS));
        else insert.run();
      } catch {
        clearInterval(timer);
        console.log(JSON.stringify({ longest, written: Math.round(written), seconds: (start - began) / 1000 }));
        return;
      }
      longest = Math.max(longest, performance.now() - start);
    }
  }, 10);
}

async function freeze(folder: string): Promise<number> {
  const file = join(folder, "gigabyte.db");
  items(GIGABYTE_ROWS, NOTE).make(file);
  const bytes = statSync(file).size;
  const server = await benchServer();
  try {
    const url = await emptyDatabase(server, "target");
    const writer = spawn(process.execPath, ["--require", "tsx/cjs", __filename, "writer", file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const told: Promise<unknown[]> = once(writer.stdout, "data");
    const ours = await promoteAlone({
      folder,
      file,
      server: server.folder,
      connection: connectionFrom({ LADDER_DATABASE_URL: url, PGSSLMODE: "disable" }, "target"),
      wish: "soak",
    });
    const { longest, written, seconds } = JSON.parse(String((await told)[0])) as {
      longest: number;
      written: number;
      seconds: number;
    };
    console.log(
      `  ${(bytes / 1e9).toFixed(2)} GB in ${ours.total.toFixed(1)} s, ${Math.round(written / seconds)} writes/s meanwhile; held ${ours.freezeMs} ms, longest write ${longest.toFixed(0)} ms; load average ${loadavg()[0]?.toFixed(1)}`,
    );
    printLines([{ what: "ours, most memory", values: [ours.memory] }], "MB");
    return ours.freezeMs;
  } finally {
    await server.stop();
    for (const ending of ["", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
  }
}

export async function benchPromotionLive(rounds = 3): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "ladder-bench-"));
  try {
    await overhead(scratch);
    console.log(`Promotion: a database of 1 GB while an application writes ${WRITES_A_SECOND} times a second`);
    const held: number[] = [];
    for (let round = 0; round < rounds; round += 1) held.push(await freeze(mkdtempSync(join(scratch, "round-"))));
    judge({ what: "writers held, worst round", value: Math.max(...held), limit: MOST_FREEZE_MS, unit: " ms" });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const [, , argument, file] = process.argv;
if (require.main === module && argument === "writer" && file !== undefined) writeForever(file);

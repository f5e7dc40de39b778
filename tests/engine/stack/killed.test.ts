import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { type Contents, contentChecksums } from "../../../local/sqlite/checksum";
import { type Project, withProject } from "../../support/project";
import { runApplication } from "./application";

const ROUNDS = 5;
const ROWS = 500;

/** Printed, so that it can be given again. */
const seed = Number(process.env.LADDER_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
console.log(`moments of this run: LADDER_TEST_SEED=${seed}`);

/** Mulberry32: small, and the same numbers for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function onDatabase<T>(project: Project, use: (database: Database.Database) => T): T {
  const database = new Database(project.at("database/ai_company.db"), { fileMustExist: true });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function fill(project: Project): void {
  onDatabase(project, (database) => {
    const insert = database.prepare("INSERT INTO ai_ideas (title) VALUES (?)");
    database.transaction(() => {
      for (let row = 0; row < ROWS; row += 1) insert.run(`idea ${row}`);
    })();
  });
}

const contents = (project: Project): Contents => onDatabase(project, (database) => contentChecksums(database));

/** Settings that differ from round to round, so that there is always something to do. */
const change = (project: Project, round: number): void =>
  project.settings([
    "tier: development",
    "users: 10",
    "database:",
    `    busyTimeoutMs: ${2000 + round}`,
    "app:",
    `    port: ${6000 + round}`,
  ]);

/** How `up` is killed: with all that it started, as by a machine that stops, or alone, as by the out-of-memory killer. */
const ways = {
  "with all that it started": (pid: number) => process.kill(-pid, "SIGKILL"),
  "alone, while the engine lives on": (pid: number) => process.kill(pid, "SIGKILL"),
};

/** Starts `up`, kills it after that time, and returns whether it still ran. */
async function killedUp(project: Project, afterMs: number, kill: (pid: number) => void): Promise<boolean> {
  const { process: child } = project.start(["up"]);
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("exit", (_code, signal) => resolve(signal)),
  );
  await Promise.race([sleep(afterMs), exited]);
  if (child.exitCode === null && child.pid !== undefined) kill(child.pid);
  return (await exited) === "SIGKILL";
}

/** Ends what killed engines left of theirs in the project: they notice it themselves, but only after a while. */
function endLeftovers(project: Project): void {
  if (!existsSync("/proc/self/cwd")) return;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) === project.root) process.kill(Number(pid));
    } catch {
      // It has just ended, or is somebody else's.
    }
  }
}

async function up(project: Project): Promise<string> {
  const { code, stdout, stderr } = await project.ladder(["up"]);
  expect(code, stdout + stderr).toBe(0);
  return stdout + stderr;
}

async function killAndRecover(project: Project, kill: (pid: number) => void, offset: number): Promise<void> {
  const random = randomNumbers(seed + offset);
  await up(project);
  fill(project);
  const before = contents(project);
  change(project, 0);
  const start = Date.now();
  await up(project);
  const duration = Date.now() - start;
  let killed = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    change(project, round);
    // One moment in each part of the run; the two ways take turns with the parts.
    const moment = Math.round(((2 * (round - 1) + offset + random()) / (2 * ROUNDS)) * duration);
    if (await killedUp(project, moment, kill)) killed += 1;
    await expect(up(project), `seed ${seed}, killed after ${moment} of ${duration} ms`).resolves.toContain("is up");
    expect(contents(project)).toEqual(before);
    expect(onDatabase(project, (database) => database.pragma("integrity_check", { simple: true }))).toBe("ok");
    expect(runApplication(project).parsed).toMatchObject({
      DB_SQLITE_BUSY_TIMEOUT_MS: String(2000 + round),
      PORT: String(6000 + round),
    });
  }
  // The later moments may find a run that was quicker than the one that was timed: on a machine that had more to do then, most of them.
  expect(killed).toBeGreaterThan(0);
  const { stdout } = await project.ladder(["preview"]);
  expect(stdout).toBe("Stack dev: nothing to change.\n");
  endLeftovers(project);
}

it.concurrent.each(Object.entries(ways))(
  "S0-29: an up that is killed at random moments is recovered by one more up, and no row is lost: killed %s",
  (way, kill) => withProject((project) => killAndRecover(project, kill, Object.keys(ways).indexOf(way)), "a project"),
);

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { ExitCode, UserError } from "../settings/errors";
import { formatElapsed } from "./heartbeat";
import { placesOf } from "./places";
import type { Progress } from "./types";

const SAY_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 250;

export interface ProjectLockOptions {
  readonly root: string;
  readonly progress: Progress;
  /** How long to wait for another run, in ms. Default: 10 minutes. */
  readonly waitMs?: number;
}

/** Kept from the garbage collector, which would close them. */
const held = new Map<string, Database.Database>();

/**
 * Makes this process the only one that runs the engine in the project, until the process ends. Waits for another one,
 * saying so. SQLite's lock on an empty file is the system's own, so a killed run leaves nothing to clear up.
 * @throws UserError `refused` when the other run does not end in time.
 */
export async function holdProject({ root, progress, waitMs = 10 * 60_000 }: ProjectLockOptions): Promise<void> {
  if (held.has(root)) return;
  const file = join(placesOf(root).own, "run.lock");
  const database = new Database(file, { timeout: 0 });
  const started = Date.now();
  for (let said = Number.NEGATIVE_INFINITY; !isTaken(database); await sleep(LOOK_EVERY_MS)) {
    const waited = Date.now() - started;
    if (waited >= waitMs) {
      database.close();
      throw new UserError(
        `Another run of ladder has been at work in ${root} for ${formatElapsed(waited)}. Wait for it to end, or stop it, and run this again.`,
        ExitCode.refused,
      );
    }
    if (Date.now() - said < SAY_EVERY_MS) continue;
    said = Date.now();
    progress(`Another run of ladder is at work in this project; waiting for it (${formatElapsed(waited)})`);
  }
  held.set(root, database);
}

function isTaken(database: Database.Database): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return false;
    throw error;
  }
}

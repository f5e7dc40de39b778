import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode, UserError } from "../settings/errors";
import { projectName } from "./backend";
import { checkpointOf, dropCutOffAttributes, refuseDamagedCheckpoint } from "./checkpoint";
import { formatElapsed } from "./heartbeat";
import { processStarted } from "./holder";
import { judgeLock, type LockContent, type LockState, parseLock } from "./locks";
import { clearPendingOperations } from "./pendingOperations";
import { placesOf } from "./places";
import type { EngineCommand, Progress } from "./types";

const SAY_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 500;

export interface RecoverOptions {
  readonly root: string;
  /** The stack's plain name, for example `dev`. */
  readonly stack: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Whether interrupted operations of any provider may be done again without a question. Default: only those of our own. */
  readonly allRepeatable?: boolean;
  /** How long to wait for another run on the stack, in ms. Default: 10 minutes. */
  readonly waitMs?: number;
}

/**
 * Makes a stack in the project's own state ready for a run: releases locks whose holder is dead, waits for one that is
 * alive, and clears operations that a killed run left pending, so that the next run repeats them without a question.
 * Call it only with a managed state.
 * @throws UserError `refused` when the stack stays locked, naming the holder and since when, or its state is damaged.
 */
export async function recoverStack(command: EngineCommand, options: RecoverOptions): Promise<void> {
  const project = projectName(options.root);
  if (!project) return;
  const { state } = placesOf(options.root);
  await waitForLocks(join(state, ".pulumi", "locks", "organization", project, options.stack), options);
  const checkpoint = checkpointOf(options.root, project, options.stack);
  refuseDamagedCheckpoint(checkpoint, options.stack);
  dropCutOffAttributes(checkpoint);
  await clearPendingOperations(command, { ...options, checkpoint });
}

interface FoundLock {
  readonly file: string;
  readonly content: LockContent | undefined;
  readonly state: LockState;
}

async function waitForLocks(folder: string, options: RecoverOptions): Promise<void> {
  const { stack, progress, signal } = options;
  const started = Date.now();
  let said = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal?.throwIfAborted();
    const locks = readLocks(folder);
    for (const lock of locks.filter(({ state }) => state === "dead")) release(lock, stack, progress);
    const held = locks.find(({ state }) => state !== "dead");
    if (!held) return;
    const waited = Date.now() - started;
    if (held.state === "elsewhere" || waited >= (options.waitMs ?? 10 * 60_000)) throw stillLocked(held, stack);
    if (Date.now() - said >= SAY_EVERY_MS) {
      said = Date.now();
      progress(`Stack ${stack} is in use by ${describe(held.content)}; waiting (${formatElapsed(waited)})`);
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

function readLocks(folder: string): FoundLock[] {
  if (!existsSync(folder)) return [];
  // Files ending in .attrs belong to the lock beside them.
  const names = readdirSync(folder).filter((name) => !name.endsWith(".attrs"));
  return names.flatMap((name) => {
    const file = join(folder, name);
    try {
      const content = parseLock(readFileSync(file, "utf8"));
      const facts = {
        hostname: hostname(),
        holderStarted: content && processStarted(content.pid),
        ageMs: Date.now() - statSync(file).mtimeMs,
      };
      return [{ file, content, state: judgeLock(content, facts) }];
    } catch (error) {
      // Its holder has just released it.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  });
}

function release(lock: FoundLock, stack: string, progress: Progress): void {
  rmSync(lock.file, { force: true });
  rmSync(`${lock.file}.attrs`, { force: true });
  progress(`Released the lock on stack ${stack} that ${describe(lock.content)} left: it no longer runs`);
}

function describe(lock: LockContent | undefined): string {
  if (!lock) return "a run that did not finish taking it";
  return `process ${lock.pid} of ${lock.username}@${lock.hostname} (since ${lock.timestamp})`;
}

function stillLocked(lock: FoundLock, stack: string): UserError {
  const advice =
    lock.state === "elsewhere"
      ? "Whether it still runs can only be seen on that machine."
      : "Wait for it to end, or stop it.";
  return new UserError(
    `Stack ${stack} is locked by ${describe(lock.content)}. ${advice} ` +
      `If nothing runs any more, release it with \`pulumi cancel --stack ${stack}\` (npm run pulumi -- cancel …) and start again.`,
    ExitCode.refused,
  );
}

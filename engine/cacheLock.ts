import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { engineKey } from "./goModules";
import { formatElapsed } from "./heartbeat";
import type { Progress } from "./types";

const STALE_MS = 15_000;
const SAY_EVERY_MS = 15_000;

/**
 * Runs `work` while no other process of this machine makes the same engine. Waits for the other one, saying so; a lock
 * whose holder died is taken over after 15 s. `work` gets a signal that also fires if the lock is lost.
 */
export async function withCacheLock<T>(
  engines: string,
  progress: Progress,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(engines, progress, signal, (error) => lost.abort(error));
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(
  engines: string,
  progress: Progress,
  signal: AbortSignal | undefined,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  const started = Date.now();
  let said = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lockfile.lock(engines, {
        lockfilePath: join(engines, `${engineKey()}.lock`),
        stale: STALE_MS,
        update: STALE_MS / 3,
        onCompromised: onLost,
      });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    }
    if (Date.now() - said >= SAY_EVERY_MS) {
      said = Date.now();
      progress(`Another run is preparing the Pulumi engine; waiting for it (${formatElapsed(said - started)})`);
    }
    await sleep(500, undefined, { signal });
  }
}

/** What the engine writes into the lock file of a stack in a file backend. */
export interface LockContent {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** ISO time at which the lock was taken. */
  readonly timestamp: string;
}

/** What this machine can tell about a lock. */
export interface LockFacts {
  readonly hostname: string;
  /** When the process with the lock's number began (ms since 1970), `running` when that cannot be told, undefined when there is none. */
  readonly holderStarted: number | "running" | undefined;
  /** Age of the lock file in ms. */
  readonly ageMs: number;
}

/** `dead`: may be released. `alive`: somebody works on the stack. `elsewhere`: taken on another machine, nobody here can tell. */
export type LockState = "dead" | "alive" | "elsewhere";

/** A lock's process starts before it takes the lock; clocks and /proc are off by up to two seconds. */
const START_TOLERANCE_MS = 5_000;
/** A lock is written in a moment; one that cannot be read after this time was never finished. */
const UNFINISHED_MS = 5_000;

/** Reads a lock file; undefined when it was not written to its end. */
export function parseLock(text: string): LockContent | undefined {
  try {
    const lock: unknown = JSON.parse(text);
    if (typeof lock !== "object" || lock === null) return undefined;
    const { pid, username, hostname, timestamp } = lock as Record<string, unknown>;
    if (typeof pid !== "number" || typeof hostname !== "string" || typeof timestamp !== "string") return undefined;
    return { pid, hostname, timestamp, username: typeof username === "string" ? username : "unknown" };
  } catch {
    return undefined;
  }
}

/** Whether the holder of a lock still works. A process number that was given to a younger process counts as dead. */
export function judgeLock(lock: LockContent | undefined, facts: LockFacts): LockState {
  if (!lock) return facts.ageMs > UNFINISHED_MS ? "dead" : "alive";
  if (lock.hostname !== facts.hostname) return "elsewhere";
  if (facts.holderStarted === undefined) return "dead";
  if (facts.holderStarted === "running") return "alive";
  const taken = Date.parse(lock.timestamp);
  return Number.isNaN(taken) || facts.holderStarted <= taken + START_TOLERANCE_MS ? "alive" : "dead";
}

import { basename, dirname, extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, escapeLiteral } from "pg";
import { type Migration, recordedName } from "../catalogue/migrations";
import { describeDatabase, recordDescription, recordedDescription } from "./description/record";
import { lockFailure, migrationFailure, passingReason } from "./failure";
import { LADDER, prepareHistory, recordedHistory, refuseHistory } from "./history";
import { releaseLock, takeLock } from "./lock";
import { prepareSession } from "./session";

/** What a run tells while it works. */
export type ApplyProgress =
  | { readonly step: "waiting"; readonly holder: string }
  | { readonly step: "applying"; readonly name: string }
  | { readonly step: "retrying"; readonly name: string; readonly reason: string; readonly pauseMs: number }
  | { readonly step: "applied"; readonly name: string; readonly milliseconds: number };

export interface ApplyOptions {
  /** Connected to the database, directly: a pooler in transaction mode would lose the lock. Stays open, as the owner of the database. */
  readonly client: Client;
  /** The logical database whose migrations these are; it is recorded with each. */
  readonly database: string;
  readonly migrations: readonly Migration[];
  readonly onProgress?: (progress: ApplyProgress) => void;
  /** Stops before the next file; one that is at work is finished. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another run. Default: 10 minutes. */
  readonly waitMs?: number;
  readonly locks?: Partial<LockPatience>;
}

/** A migration that waits for a lock makes everybody wait who comes after it; so it gives up early, and tries again. */
export interface LockPatience {
  /** Longest wait for one lock, in milliseconds. Default: 3,000. */
  readonly timeoutMs: number;
  /** Tries of a file. Default: 6. */
  readonly tries: number;
  /** Pause after the first try in milliseconds; twice as long after each further one. Default: 1,000. */
  readonly pauseMs: number;
}

export interface Applied {
  /** Recorded names, as `0001_platform_tables`, of what this run applied. */
  readonly applied: readonly string[];
  /** What is still to be applied: nothing, unless the run was stopped. */
  readonly pending: readonly string[];
}

const WAIT_MS = 600_000;
const LOCKS: LockPatience = { timeoutMs: 3_000, tries: 6, pauseMs: 1_000 };

/**
 * Applies what is missing, oldest first, each file in a transaction of its own together with the record of its name, its checksum and
 * of what the database then looks like. A run that is killed at any moment leaves whole files only; two runs at once wait for each other.
 *
 * Throws a `UserError` for a history that is not ours (exit code 4), for a file that fails, for locks that are not to be had and for
 * a connection that is lost (1).
 */
export async function applyMigrations(options: ApplyOptions): Promise<Applied> {
  const { client, database, migrations, onProgress = () => undefined, signal, waitMs = WAIT_MS } = options;
  // A session that ends while nothing is asked of it is an event that would end the process; the next question tells it again.
  const ignore = () => undefined;
  client.on("error", ignore);
  try {
    const { place } = await prepareSession(client);
    const onWait = (holder: string) => onProgress({ step: "waiting", holder });
    await takeLock(client, { place, waitMs, onWait, signal });
    try {
      await prepareHistory(client);
      const recorded = await recordedHistory(client);
      refuseHistory(recorded, { place, catalogue: database, migrations });
      return await applyPending(options, migrations.slice(recorded.length), place);
    } finally {
      await releaseLock(client);
    }
  } finally {
    client.off("error", ignore);
  }
}

async function applyPending(options: ApplyOptions, pending: readonly Migration[], place: string): Promise<Applied> {
  const { onProgress = () => undefined, signal } = options;
  const applied: string[] = [];
  for (const migration of pending) {
    if (signal?.aborted) break;
    const name = recordedName(migration);
    onProgress({ step: "applying", name });
    const started = performance.now();
    if (!(await applyPatiently(options, migration, place))) break;
    onProgress({ step: "applied", name, milliseconds: Math.round(performance.now() - started) });
    applied.push(name);
  }
  if (pending.length === 0) await renewDescription(options.client);
  return { applied, pending: pending.slice(applied.length).map(recordedName) };
}

/** Tries a migration until it gets its locks. False when the run was stopped meanwhile. */
async function applyPatiently(options: ApplyOptions, migration: Migration, place: string): Promise<boolean> {
  const { client, onProgress = () => undefined, signal, locks } = options;
  const { timeoutMs, tries, pauseMs } = { ...LOCKS, ...locks };
  for (let tried = 1; ; tried += 1) {
    try {
      await applyOne(options, migration, timeoutMs);
      return true;
    } catch (error) {
      // The library leaves a failed transaction open.
      await client.query("ROLLBACK").catch(() => undefined);
      const reason = passingReason(error);
      if (reason === undefined) throw migrationFailure(place, migration, error);
      if (tried >= tries) throw await lockFailure(client, place, migration, { tries, reason });
      const pause = pauseMs * 2 ** (tried - 1);
      onProgress({ step: "retrying", name: recordedName(migration), reason, pauseMs: pause });
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal?.aborted) return false;
    }
  }
}

/**
 * One migration through node-pg-migrate, which begins the transaction, runs the steps, records the name and commits. It wants a folder
 * to look into and gives its loader what it finds; ours answers from memory, whatever the file. So the folder is one that is sure to
 * be there and the file the only sure one in it: the program that runs us.
 */
async function applyOne(
  { client, database }: ApplyOptions,
  migration: Migration,
  lockTimeoutMs: number,
): Promise<void> {
  const before = await describeDatabase(client);
  const record = recordDescription(await recordedDescription(client), before);
  const name = recordedName(migration);
  const steps = [
    `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
    migration.sql,
    // A migration may have set another one.
    "SET LOCAL search_path = public",
    `INSERT INTO ladder.checksums (name, catalogue, checksum) VALUES (${[name, database, migration.checksum].map(escapeLiteral).join(", ")})`,
    record,
  ];
  const { runner } = await import("node-pg-migrate");
  const quiet = () => undefined;
  await runner({
    dbClient: client,
    direction: "up",
    dir: dirname(process.execPath),
    ignorePattern: `(?!${escapeRegExp(basename(process.execPath))}$).*`,
    migrationLoaderStrategies: [
      {
        extensions: [extname(process.execPath)],
        loader: async () => [
          {
            id: `${name}.sql`,
            filePaths: [],
            actions: { up: (pgm) => void steps.map((step) => pgm.sql(step)), down: false },
          },
        ],
      },
    ],
    migrationsSchema: LADDER,
    migrationsTable: "migrations",
    singleTransaction: false,
    // Ours is held already, and the order was looked at under it, more strictly.
    noLock: true,
    checkOrder: false,
    logger: { info: quiet, warn: quiet, error: quiet },
  });
}

/** After an upgrade of the server, its texts are recorded as it writes them now; what was changed by hand stays known. */
async function renewDescription(client: Client): Promise<void> {
  const recorded = await recordedDescription(client);
  if (recorded === undefined) return;
  const now = await describeDatabase(client);
  if (recorded.server !== now.server) await client.query(recordDescription(recorded, now));
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

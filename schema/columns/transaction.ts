import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";

/** Codes of PostgreSQL that this folder and its neighbours act on (its documentation, appendix A). */
export const SqlState = {
  uniqueViolation: "23505",
  dependentObjects: "2BP01",
  /** What pgcrypto raises for a wrong key and for damaged data. */
  externalRoutine: "39000",
  serialization: "40001",
  deadlock: "40P01",
  insufficientPrivilege: "42501",
  undefinedColumn: "42703",
  undefinedTable: "42P01",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
} as const;

/** The code of an error of PostgreSQL; undefined for another error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export interface TransactionOptions {
  /** One snapshot for all statements. Default: no, each statement sees what is committed by then. */
  readonly snapshot?: boolean;
  /** How long a statement waits for a lock, ms: nobody queues behind us for longer. Default: 2000. */
  readonly lockTimeoutMs?: number;
  /** How long one statement may take, ms. Default: as long as it wants. */
  readonly statementTimeoutMs?: number;
}

/** Runs work in one transaction: committed when it ends well, rolled back when it throws. */
export async function inTransaction<T>(
  client: ClientBase,
  work: () => Promise<T>,
  { snapshot = false, lockTimeoutMs = 2000, statementTimeoutMs = 0 }: TransactionOptions = {},
): Promise<T> {
  await client.query(snapshot ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    await client.query(
      `SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = ${statementTimeoutMs}`,
    );
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // A connection that is gone has rolled back by itself; the first error is the one to tell.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

const TRANSIENT: readonly (string | undefined)[] = [
  SqlState.serialization,
  SqlState.deadlock,
  SqlState.lockNotAvailable,
];

/** Runs work again, up to `attempts` times in all, when it met other transactions: a deadlock, or a lock that stayed taken. */
export async function again<T>(work: () => Promise<T>, attempts = 6, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !TRANSIENT.includes(sqlState(error))) throw error;
      await sleep(50 * 2 ** attempt, undefined, { signal });
    }
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { type Client, escapeIdentifier } from "pg";
import { ExitCode, UserError } from "../../settings";
import { describeDatabase, recordDescription, recordedDescription } from "../description/record";
import { releaseLock, takeLock } from "../lock";
import { columnDependents, type Dependents } from "./dependents";
import { inTransaction, SqlState, sqlState } from "./transaction";

export interface ColumnDrop {
  /** As the owner of the table, its session prepared by `prepareSession`. */
  readonly client: Client;
  /** Quoted where needed, for example `public."File"`. */
  readonly table: string;
  /** Without quotes. */
  readonly column: string;
  /** What stands on the column and goes with it by `before`, as `columnDependents` names it. */
  readonly ours?: readonly string[];
  /** SQL before and after the removal, in the same transaction. */
  readonly before?: string;
  readonly after?: string;
  /**
   * The last look, while nobody else can read or write the table: quick, and told from the rows alone.
   * @throws UserError to leave everything as it was.
   */
  check(): Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** How often the table is asked for. Default: 8. */
  readonly tries?: number | undefined;
}

/** Longest wait for the table, during which everybody else waits behind us; it is tried again after a pause. */
const LOCK_WAIT_MS = 1000;
const TRIES = 8;
const PAUSE_MS = 500;

/** Longest time of one statement while the table is locked. */
const LOCKED_MS = 15_000;

/** How long to wait for a run of migrations. */
const RUN_WAIT_MS = 60_000;

/**
 * Removes a column in one transaction, which finds the table as `check` wants it, or changes nothing. The record that `ladder schema
 * diff` compares with is brought along. PostgreSQL only hides the values: they stay in the table's pages until these are rewritten.
 * @throws UserError when something stands on the column, when the check refuses, or when the table is never free.
 */
export async function dropColumn(drop: ColumnDrop): Promise<void> {
  const { client, table, column, signal, tries = TRIES } = drop;
  const place = `${table}.${column}`;
  await takeLock(client, { place, waitMs: RUN_WAIT_MS, onWait: () => undefined, signal });
  try {
    for (let tried = 1; ; tried++) {
      signal?.throwIfAborted();
      try {
        return await inTransaction(client, () => dropLocked(drop), {
          lockTimeoutMs: LOCK_WAIT_MS,
          statementTimeoutMs: LOCKED_MS,
        });
      } catch (error) {
        if (sqlState(error) !== SqlState.lockNotAvailable || tried >= tries) throw failure(error, place, tries);
        await sleep(PAUSE_MS * tried, undefined, { signal });
      }
    }
  } finally {
    await releaseLock(client);
  }
}

async function dropLocked({ client, table, column, ours, before = "", after = "", check }: ColumnDrop): Promise<void> {
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  refuseHeld(table, column, await columnDependents(client, table, column), ours);
  await check();
  const recorded = await recordedDescription(client);
  const record = recorded === undefined ? "" : recordDescription(recorded, await describeDatabase(client));
  await client.query(
    `${before}; ALTER TABLE ${table} DROP COLUMN ${escapeIdentifier(column)} RESTRICT; ${after}; ${record}`,
  );
}

/** @throws UserError that names what stands on a column and would not go with it. */
export function refuseHeld(
  table: string,
  column: string,
  { holding, functions }: Dependents,
  ours: readonly string[] = [],
): void {
  const inTheWay = [
    ...holding.filter((what) => !ours.includes(what)),
    ...functions.map((signature) => `function ${signature}, which names ${column}`),
  ];
  if (inTheWay.length > 0)
    throw new UserError(
      [
        `${table}.${column} was left as it is, for there depends on it:`,
        ...inTheWay.map((what) => `  - ${what}`),
        "Change or remove these by a migration; then run this again.",
      ].join("\n"),
      ExitCode.refused,
    );
}

function failure(error: unknown, place: string, tries: number): unknown {
  switch (sqlState(error)) {
    case SqlState.lockNotAvailable:
      return new UserError(
        `${place} was left as it is: others used the table all the time, for ${tries} tries of ${LOCK_WAIT_MS / 1000} s. Run this again when there is less to do, or end the long transactions that pg_stat_activity shows.`,
        ExitCode.failed,
      );
    case SqlState.queryCanceled:
      return new UserError(
        `${place} was left as it is: the last look at the rows took longer than ${LOCKED_MS / 1000} s while the table was locked. Run this again when fewer rows change.`,
        ExitCode.failed,
      );
    case SqlState.insufficientPrivilege:
      return new UserError(
        `${place} was left as it is: only the owner of the table removes a column. Connect as the owner of the database.`,
        ExitCode.refused,
      );
    default:
      return error;
  }
}

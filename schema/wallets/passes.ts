import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { changedSince, changeMark } from "../columns/changes";
import { again, inTransaction } from "../columns/transaction";
import type { KeyRing } from "./keyRing";
import { giveKeys } from "./keyTable";
import { type RowProblem, type RowsDone, treatRows } from "./rows";
import { USERS } from "./usersTable";

/** How far a step is. */
export interface WalletProgress {
  readonly done: number;
  /** Rows that there were to treat when the step began; writers may add some. */
  readonly total: number;
  readonly rowsPerSecond: number;
}

export interface StepOptions {
  readonly onProgress?: (progress: WalletProgress) => void;
  /** Stops between two batches; what is committed stays. */
  readonly signal?: AbortSignal;
  /** Rows of one transaction. Writers of these rows wait for its end: about 30 ms. Default: 500. */
  readonly batchRows?: number;
}

export interface StepResult {
  readonly done: number;
  /** Rows that could not be treated. */
  readonly problems: readonly RowProblem[];
  /** Rows that other transactions held each time. */
  readonly left: number;
  /** Rows that others wrote since the step began, and that are for the next run. */
  readonly meanwhile: number;
}

export const BATCH_ROWS = 500;

/** Below every id. */
export const FIRST_ID = "-9223372036854775808";

/** Passes after which rows that others hold are given up: about 10 s. */
const PASSES = 20;
const PAUSE_MS = 500;

/** Tries of a batch that meets a deadlock or a lock. */
const TRIES = 6;

export interface Step extends StepOptions {
  readonly client: ClientBase;
  readonly ring: KeyRing;
  /** SQL over `u`, with the parameters $1 and on: the rows that are still to be treated. A treated row is none of them. */
  readonly todo: string;
  readonly parameters: readonly unknown[];
  treat(ids: readonly string[]): Promise<RowsDone>;
}

/**
 * Treats all rows of `users` that a condition names, batch after batch in the order of their ids, each in a transaction of its own:
 * a run that is killed leaves whole batches, and the next one goes on. Rows that others hold are passed by and come in the next pass,
 * so that nobody waits for anybody.
 */
export async function treatAll(step: Step): Promise<StepResult> {
  const { client, onProgress, signal } = step;
  const mark = await changeMark(client);
  const start = performance.now();
  const problems = new Map<string, RowProblem>();
  const total = (await countTodo(step, mark)).all;
  let done = 0;
  for (let pass = 1; ; pass++) {
    problems.clear();
    for await (const batch of batches(step)) {
      done += batch.done;
      for (const problem of batch.problems) problems.set(problem.id, problem);
      onProgress?.({ done, total, rowsPerSecond: Math.round((done * 1000) / (performance.now() - start)) });
    }
    const { all, old } = await countTodo(step, mark);
    // Else writers that never rest would keep it from ever ending.
    const left = Math.max(0, old - problems.size);
    if (left === 0 || pass === PASSES)
      return { done, problems: [...problems.values()], left, meanwhile: Math.max(0, all - left - problems.size) };
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** One pass over the rows: windows of keys, and in each the rows that are to be treated. No plan of the server reads the whole table. */
async function* batches(step: Step): AsyncGenerator<RowsDone> {
  const { client, ring, todo, parameters, batchRows = BATCH_ROWS, signal } = step;
  const [after$, last$] = [parameters.length + 1, parameters.length + 2];
  const select = `SELECT u.id::text FROM ${USERS} u
    WHERE u.id > $${after$} AND u.id <= $${last$} AND (${todo}) ORDER BY u.id FOR UPDATE SKIP LOCKED`;
  const treat = (after: string, last: string) =>
    inTransaction(client, async () => {
      const { rows } = await client.query<{ id: string }>(select, [...parameters, after, last]);
      const ids = rows.map(({ id }) => id);
      if (ids.length > 0) await giveKeys(client, ring);
      return treatRows(client, ids, step.treat);
    });
  for (let after = FIRST_ID; ; ) {
    signal?.throwIfAborted();
    const last = await windowEnd(client, after, batchRows);
    if (last === undefined) return;
    const from = after;
    yield await again(() => treat(from, last), TRIES, signal);
    after = last;
  }
}

/** The last of the next keys; undefined when there are no more. */
async function windowEnd(client: ClientBase, after: string, rows: number): Promise<string | undefined> {
  const { rows: found } = await client.query<{ last: string | null }>(
    `SELECT max(id)::text AS last FROM (SELECT u.id FROM ${USERS} u WHERE u.id > $1 ORDER BY u.id LIMIT $2) w`,
    [after, rows],
  );
  return found[0]?.last ?? undefined;
}

/** Rows that are to be treated, and those among them that nobody has written since the mark. */
async function countTodo({ client, todo, parameters }: Step, mark: string): Promise<{ all: number; old: number }> {
  const { rows } = await client.query<{ all: string; old: string }>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE NOT ${changedSince("u", parameters.length + 1)}) AS old FROM ${USERS} u WHERE ${todo}`,
    [...parameters, mark],
  );
  return { all: Number(rows[0]?.all ?? 0), old: Number(rows[0]?.old ?? 0) };
}

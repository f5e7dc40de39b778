import { type Client, DatabaseError, escapeIdentifier } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { ExitCode, UserError } from "../../settings/errors";
import type { Run } from "../model";
import { targetFailure } from "./failures";
import { doLater, type Later, laterOf, undoLater } from "./notes";
import { NOTES } from "./session";
import { inTransaction } from "./transaction";

/** Indexes that are made at the same time, and the memory that each may sort in: 512 MB in all, which the smallest server has. */
const AT_ONCE = 2;
const SORT_MEMORY = "256MB";

/**
 * Makes what is still missing of the indexes that were put off, those of the largest tables first. Each is a transaction of its own, so that a
 * run that is killed goes on with the next.
 * @throws UserError when the rows do not let an index be made, or the target fails.
 */
export async function makeIndexes(run: Run): Promise<void> {
  const asking = await run.target.connect();
  const stop = new AbortController();
  const signal = run.signal === undefined ? stop.signal : AbortSignal.any([run.signal, stop.signal]);
  try {
    const left = await largestFirst(asking, await laterOf(asking, "index", false));
    const total = left.length;
    let done = 0;
    const works = Array.from({ length: Math.min(AT_ONCE, total) }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        if (signal.aborted) return;
        await makeOne(run, asking, next, signal);
        run.onProgress({ phase: "indexes", table: next.tbl, done: ++done, total, unit: "indexes" });
      }
    });
    await Promise.all(works).catch(async (error: unknown) => {
      stop.abort();
      await Promise.allSettled(works);
      throw error;
    });
    if (run.signal?.aborted) throw interrupted();
  } finally {
    await asking.end();
  }
}

const interrupted = (): UserError =>
  new UserError("Interrupted while indexes were made. Run again: it goes on with the next.", ExitCode.interrupted);

async function largestFirst(client: Client, all: readonly Later[]): Promise<Later[]> {
  const { rows } = await client.query<{ name: string; pages: string }>(
    "SELECT relname AS name, pg_relation_size(oid) AS pages FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  const sizes = new Map(rows.map(({ name, pages }) => [name, Number(pages)]));
  return [...all].sort((a, b) => (sizes.get(b.tbl) ?? 0) - (sizes.get(a.tbl) ?? 0) || a.no - b.no);
}

async function makeOne(run: Run, asking: Client, later: Later, signal: AbortSignal): Promise<void> {
  const client = await run.target.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const cancel = () => void asking.query("SELECT pg_cancel_backend($1)", [rows[0]?.pid]).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    await client.query(`SET maintenance_work_mem = '${SORT_MEMORY}'`);
    await inTransaction(client, () => doLater(client, later));
  } catch (error) {
    throw signal.aborted ? interrupted() : indexFailure(error, later);
  } finally {
    signal.removeEventListener("abort", cancel);
    await client.end().catch(() => undefined);
  }
}

/** The server's message without its detail, which shows values. */
function indexFailure(error: unknown, { tbl, name }: Later): unknown {
  if (error instanceof DatabaseError && codeOf(error) === "23505")
    return new UserError(
      `Index ${name} on ${tbl} is unique, and several rows have values that are equal for PostgreSQL though SQLite holds them for different. Make them differ in SQLite and run again; or go back with --rollback, leave the index out, and begin again.`,
      ExitCode.failed,
    );
  if (error instanceof DatabaseError && /^(22|23|42|54|0A)/.test(codeOf(error)))
    return new UserError(`Index ${name} on ${tbl} cannot be made: ${error.message.split("\n")[0]}.`, ExitCode.failed);
  return targetFailure(error, `index ${name} on ${tbl} was made`);
}

/**
 * Adds the foreign keys, not yet compared with the rows that are there, and switches the tables' own triggers on, in the caller's transaction:
 * from then on the target guards its rows itself. Does nothing where it is done.
 */
export async function addForeignKeys(client: Client): Promise<void> {
  for (const kind of ["foreign key", "trigger"] as const)
    for (const later of await laterOf(client, kind, false)) await doLater(client, later);
}

/** Takes foreign keys and triggers away again, so that rows may come in any order. In a transaction of its own. */
export async function removeForeignKeys(client: Client): Promise<void> {
  await inTransaction(client, async () => {
    for (const kind of ["foreign key", "trigger"] as const)
      for (const later of await laterOf(client, kind, true)) await undoLater(client, later);
  });
}

/** A foreign key that rows break. */
export interface Orphans {
  readonly table: string;
  readonly constraint: string;
  /** Rows whose parent is not there. */
  readonly rows: number;
}

interface Unvalidated {
  table: string;
  name: string;
  orphans: string;
}

/** Of the foreign keys that were added not validated, those that still are. */
const UNVALIDATED = `
SELECT c.relname AS table, k.conname AS name,
  format('SELECT count(*) FROM public.%I AS t WHERE %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)', c.relname,
    (SELECT string_agg(format('t.%I IS NOT NULL', a.attname), ' AND ') FROM pg_attribute AS a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)),
    k.confrelid::regclass,
    (SELECT string_agg(format('r.%I = t.%I', p.attname, a.attname), ' AND ') FROM unnest(k.conkey, k.confkey) AS u (own, other)
      JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.own JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = u.other)) AS orphans
FROM ${NOTES}.later AS l JOIN pg_class AS c ON c.relname = l.tbl AND c.relnamespace = 'public'::regnamespace
JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.conname = l.name
WHERE l.kind = 'foreign key' AND l.done AND NOT k.convalidated AND l.sql ~ 'NOT VALID'
ORDER BY l.no`;

/**
 * Compares the rows with each foreign key, one by one; writers are not held. Those that rows break stay as they are, guarding new rows only.
 * @returns the broken ones; empty when all rows keep all of them.
 */
export async function validateForeignKeys(client: Client): Promise<Orphans[]> {
  const broken: Orphans[] = [];
  const { rows } = await client.query<Unvalidated>(UNVALIDATED);
  for (const { table, name, orphans } of rows) {
    try {
      await client.query(`ALTER TABLE public.${escapeIdentifier(table)} VALIDATE CONSTRAINT ${escapeIdentifier(name)}`);
    } catch (error) {
      if (codeOf(error) !== "23503") throw targetFailure(error, `foreign key ${name} of ${table} was validated`);
      const counted = await client.query<{ count: string }>(orphans);
      broken.push({ table, constraint: name, rows: Number(counted.rows[0]?.count ?? 0) });
    }
  }
  return broken;
}

/** Views and comments of the plan, and fresh statistics for the server's planner. May be done again. */
export async function finishTarget(client: Client): Promise<void> {
  await inTransaction(client, async () => {
    for (const later of await laterOf(client, "finish", false)) await doLater(client, later);
  });
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner = current_user::regrole ORDER BY relname",
  );
  for (const { name } of rows) await client.query(`ANALYZE public.${escapeIdentifier(name)}`);
}

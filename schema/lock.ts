import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { ExitCode, UserError } from "../settings/errors";

/**
 * One run at a time works on a database. PostgreSQL keeps advisory locks for each database apart, so that one number serves all of
 * them; it is the letters "ladder" as a number, so that nobody else's is the same by chance.
 */
export const LOCK = BigInt(`0x${Buffer.from("ladder").toString("hex")}`).toString();

const ASK_EVERY_MS = 250;

export interface LockWait {
  /** Database as messages call it. */
  readonly place: string;
  readonly waitMs: number;
  /** Told once, when another run is at work. */
  readonly onWait: (holder: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the lock, which lasts as long as the session. Asks again and again instead of queueing in the server, so that waiting has a
 * bound and can be interrupted. Throws a `UserError` when the other run takes too long, an `AbortError` when interrupted.
 */
export async function takeLock(client: Client, { place, waitMs, onWait, signal }: LockWait): Promise<void> {
  const until = Date.now() + waitMs;
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1::bigint) AS taken", [LOCK]);
    if (rows[0]?.taken) return;
    if (!told) onWait(await holder(client));
    if (Date.now() >= until)
      throw new UserError(
        `${place}: another run of migrations (${await holder(client)}) was not done after ${waitMs / 1000} s. Let it finish, or end it if nobody waits for it; then run again. Nothing was changed.`,
        ExitCode.failed,
      );
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

/** Gives the lock back. A connection that is lost has given it back already. */
export async function releaseLock(client: Client): Promise<void> {
  await client.query("SELECT pg_advisory_unlock($1::bigint)", [LOCK]).catch(() => undefined);
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number; role: string | null; host: string | null; since: string | null }>(
    `SELECT l.pid, a.usename AS role, host(a.client_addr) AS host, to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS since
     FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) + l.objid::bigint = $1::bigint`,
    [LOCK],
  );
  const [found] = rows;
  // It may have ended between the two questions.
  if (found === undefined) return "that has just ended";
  const { pid, role, host, since } = found;
  return `process ${pid}${role === null ? "" : ` of ${role}`}${host === null ? "" : ` from ${host}`}${since === null ? "" : `, connected since ${since} UTC`}`;
}

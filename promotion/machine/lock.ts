import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { sessionName } from "../target/session";

/** The letters "promote" as a number, so that nobody else's advisory lock is the same by chance. */
export const LOCK = BigInt(`0x${Buffer.from("promote").toString("hex")}`).toString();

/** A run that was killed is still known to the server for a moment. */
const PATIENCE_MS = 2_000;
const ASK_EVERY_MS = 250;

/**
 * Makes this process the only one that promotes the stack on this machine. SQLite's lock on an empty file is the system's own, so a killed
 * run leaves nothing to clear up. Gives the way to let go.
 * @throws UserError `refused` that names the other process.
 */
export function holdStack(folder: string, stack: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holder = join(folder, "run.pid");
  const database = new Database(join(folder, "run.lock"), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))) throw error;
    throw new UserError(
      `Stack ${stack} is being promoted by process ${readFileSync(holder, "utf8").trim()} on this machine. Wait for it to end, or stop it with Ctrl-C, and run again: a promotion goes on from where it stopped.`,
      ExitCode.refused,
    );
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return () => database.close();
}

/**
 * Makes this session the only one that promotes into the database, as long as it lasts.
 * @throws UserError `refused` that names the other session.
 */
export async function holdTarget(client: Client): Promise<void> {
  await client.query("SELECT set_config('application_name', $1, false)", [`ladder promote on ${hostname()}`]);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1::bigint) AS taken", [LOCK]);
    if (rows[0]?.taken) break;
    if (performance.now() >= until)
      throw new UserError(
        `Another promotion is at work in this database (${await holderOf(client)}). Wait for it to end, or stop it, and run again. Nothing was changed.`,
        ExitCode.refused,
      );
    await sleep(ASK_EVERY_MS);
  }
  await endLeftovers(client);
}

async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ who: string }>(
    `SELECT concat_ws(', ', 'process ' || l.pid, 'role ' || a.usename, 'from ' || host(a.client_addr), nullif(a.application_name, '')) AS who
     FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`,
    [LOCK],
  );
  return rows[0]?.who ?? "it has just ended";
}

/** Sessions that a killed run left at work: what they still do must not mix with what this one does. */
async function endLeftovers(client: Client): Promise<void> {
  const ask = async (): Promise<number> => {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name LIKE $1 AND datname = current_database() AND usename = session_user AND pid <> pg_backend_pid()`,
      [sessionName("%")],
    );
    return rowCount ?? 0;
  };
  const until = performance.now() + 30_000;
  while ((await ask()) > 0) {
    if (performance.now() >= until)
      throw new UserError(
        "Sessions of an earlier run of this promotion do not end in PostgreSQL (pg_stat_activity, application ladder promotion). End them, and run again.",
        ExitCode.failed,
      );
    await sleep(ASK_EVERY_MS);
  }
}

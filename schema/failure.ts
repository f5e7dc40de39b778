import { type Client, DatabaseError } from "pg";
import { type Migration, recordedName } from "../catalogue/migrations";
import { ExitCode, UserError } from "../settings/errors";
import { codeOf, isLost } from "./connectionErrors";

/** PostgreSQL's codes for what goes by itself: a lock that was not to be had in time, a deadlock, a conflict of transactions. */
const PASSES: Readonly<Record<string, string>> = {
  "55P03": "another transaction holds a lock that it needs",
  "40P01": "it and another transaction waited for each other",
  "40001": "another transaction changed the same rows",
};

/** Why trying the migration again may help; undefined when it cannot. */
export const passingReason = (error: unknown): string | undefined =>
  error instanceof DatabaseError ? PASSES[error.code ?? ""] : undefined;

/** A migration that failed, as one message: what, where in the file, what is now, what to do. */
export function migrationFailure(place: string, migration: Migration, error: unknown): UserError {
  const name = recordedName(migration);
  if (isLost(error))
    return new UserError(
      `${place}: the connection was lost while migration ${name} was at work (${messageOf(error)}). The database has all of it or nothing of it. Run again: it goes on from there.`,
      ExitCode.failed,
    );
  const rolledBack = "Nothing of this file was kept; the ones before it are applied.";
  const next =
    codeOf(error) === "42501"
      ? "Connect as the owner of the database, and look whether the bootstrap of its roles has run."
      : "Mend the file or what it meets in the database, and run again.";
  return new UserError(
    `${place}: migration ${name} failed${where(migration.sql, error)}: ${messageOf(error)}. ${rolledBack} ${next}`,
    ExitCode.failed,
  );
}

/** A migration that did not get its locks however often it was tried. */
export async function lockFailure(
  client: Client,
  place: string,
  migration: Migration,
  { tries, reason }: { tries: number; reason: string },
): Promise<UserError> {
  const oldest = await oldestTransaction(client).catch(() => undefined);
  return new UserError(
    `${place}: migration ${recordedName(migration)} was tried ${tries === 1 ? "once" : `${tries} times`}: ${reason}. ${oldest ?? "No other transaction is open now"}. Nothing of this file was kept, and nobody waits behind it. Run again when less is going on, or end that transaction.`,
    ExitCode.failed,
  );
}

/** Line and words of the file that the server points at. */
function where(sql: string, error: unknown): string {
  if (!(error instanceof DatabaseError) || error.position === undefined) return "";
  const before = sql.slice(0, Number(error.position) - 1);
  const line = before.split("\n").length;
  const words = (sql.split("\n")[line - 1] ?? "").trim();
  return ` at line ${line} (its includes counted), "${words.length > 80 ? `${words.slice(0, 80)}…` : words}"`;
}

/** One line, without the server's DETAIL: it may hold values of rows. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

async function oldestTransaction(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ pid: number; role: string; application: string; seconds: number }>(
    `SELECT pid, usename AS role, application_name AS application, extract(epoch FROM now() - xact_start)::int AS seconds
     FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'
     ORDER BY xact_start LIMIT 1`,
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  const { pid, role, application, seconds } = found;
  return `The oldest transaction there is that of process ${pid} (role ${role}${application === "" ? "" : `, ${application}`}), open for ${seconds} s`;
}

import { type ClientBase, DatabaseError } from "pg";
import { ExitCode, UserError } from "../../settings/errors";

/** Everything or nothing. A refusal of the server names what was being done; never the statement, which may hold a verifier. */
export async function transaction(client: ClientBase, what: string, statements: readonly string[]): Promise<void> {
  await client.query("BEGIN");
  try {
    for (const statement of statements) await client.query(statement);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw refusal(what, error);
  }
}

/** One statement that cannot stand in a transaction. */
export async function alone(client: ClientBase, what: string, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    throw refusal(what, error);
  }
}

function refusal(what: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const hint = error.hint === undefined ? "" : ` ${error.hint}`;
  return new UserError(`The server refused ${what}: ${error.message}.${hint} ${advice(error.code)}`, ExitCode.failed);
}

function advice(code: string | undefined): string {
  if (code === "42501")
    return "Connect as a superuser, or as the role that made these roles; nothing of this step was kept.";
  if (code === "55P03")
    return "Another run, or somebody's open transaction, is in the way. Wait for its end, and run this again.";
  return "Nothing of this step was kept; run this again when that is mended.";
}

import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { ExitCode, UserError } from "../../settings/errors";
import { NOTES } from "../target/session";

const TABLE = `${NOTES}.canary`;

/** Makes the table that the canary is written to, and lets `role` (the application's, when it is another) write there. */
export async function makeCanary(client: Client, role?: string): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (id uuid PRIMARY KEY, said text NOT NULL)`);
  if (role === undefined) return;
  const name = client.escapeIdentifier(role);
  await client.query(`GRANT USAGE ON SCHEMA ${NOTES} TO ${name}`);
  await client.query(`GRANT SELECT, INSERT, DELETE ON ${TABLE} TO ${name}`);
}

/**
 * One write as the application would make it: inserted, read back in a transaction of its own, deleted. Shows that PostgreSQL takes and keeps
 * writes from here, and that the gate of `table` is open. `connect` opens the session, as the application's role where its variables are given.
 * @throws UserError that says what failed.
 */
export async function writeCanary(connect: () => Promise<Client>, table: string | undefined): Promise<void> {
  const client = await connect();
  const id = randomUUID();
  try {
    await client.query(`INSERT INTO ${TABLE} (id, said) VALUES ($1, $2)`, [id, "ladder promote"]);
    const { rows } = await client.query<{ said: string }>(`SELECT said FROM ${TABLE} WHERE id = $1`, [id]);
    if (rows[0]?.said !== "ladder promote") throw new Error("the row that was written is not there");
    await client.query(`DELETE FROM ${TABLE} WHERE id = $1`, [id]);
    if (table !== undefined) await knockAt(client, `public.${client.escapeIdentifier(table)}`);
  } catch (error) {
    throw new UserError(
      `PostgreSQL serves, and yet a first write into it failed: ${error instanceof Error ? error.message.split("\n")[0] : "no reason"} (${codeOf(error) || "no code"}). Mend that and run the same command again, or go back with --rollback.`,
      ExitCode.failed,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Changes no row, and yet meets the gate. A role that may not write the table has nothing to show there. */
async function knockAt(client: Client, table: string): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>("SELECT has_table_privilege($1, 'DELETE') AS may", [table]);
  if (rows[0]?.may) await client.query(`DELETE FROM ${table} WHERE false`);
}

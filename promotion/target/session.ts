import type { Client } from "pg";
import { type Connection, connect } from "../../schema/connection";
import { ExitCode, UserError } from "../../settings/errors";
import type { Target } from "../model";

/** The schema of PostgreSQL that holds all that a promotion notes there: dropped as a whole when it is retired. */
export const NOTES = "ladder_promotion";

/** What the sessions of a promotion are called in pg_stat_activity: a run ends those that a killed one left. */
export const sessionName = (id: string): string => `ladder promotion ${id}`;

/** How PostgreSQL shows values while they are compared; the codecs give the same texts. */
const SHOWN_AS = {
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  client_encoding: "UTF8",
  standard_conforming_strings: "on",
  // A promotion asks long questions and holds transactions open; a limit of the application is not for it.
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  // What PostgreSQL has said that it has is on its disk, before SQLite gives anything up for it.
  synchronous_commit: "on",
  search_path: "public",
};

/**
 * A pooler shares sessions: what ladder says of its own would be true of the application's, which the gate and the log then let pass.
 * @throws UserError when the server process is another one than was connected to.
 */
async function refusePooler(client: Client & { readonly processID?: number | null }, { host, port }: Connection) {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  if (client.processID === rows[0]?.pid) return;
  await client.end();
  throw new UserError(
    `${host}:${port} is a pooler of connections, such as PgBouncer, not PostgreSQL itself. Name the server's own address and port. Nothing was changed.`,
    ExitCode.refused,
  );
}

/** A target whose sessions show values as the codecs do, and pass the gate that keeps others from writing (`ladder.promotion`). */
export function targetOf(connection: Connection, id: string): Target {
  return {
    connection,
    async connect(): Promise<Client> {
      const client = await connect(connection);
      await refusePooler(client, connection);
      const settings = Object.entries({ ...SHOWN_AS, application_name: sessionName(id), "ladder.promotion": id });
      await client.query(
        `SELECT ${settings.map((_, n) => `set_config($${2 * n + 1}, $${2 * n + 2}, false)`).join(", ")}`,
        settings.flat(),
      );
      return client;
    },
  };
}

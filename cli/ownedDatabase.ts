import type { Client } from "pg";
import { connect, connectionFrom } from "../schema/connection";
import { isLost } from "../schema/connectionErrors";
import { prepareSession } from "../schema/session";
import { type CatalogueName, ExitCode, UserError } from "../settings";
import { interruptible } from "./interrupt";

/**
 * Works on the data of a logical database as its owner, connected as libpq's variables or LADDER_DATABASE_URL say. Ctrl-C ends the work
 * between two transactions.
 * @throws UserError when there is no connection, the role may not become the owner, or the connection is lost on the way.
 */
export function withOwnedDatabase<T>(
  database: CatalogueName,
  work: (client: Client, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return interruptible(async (signal) => {
    const client = await connect(connectionFrom(process.env, database));
    try {
      await prepareSession(client);
      return await work(client, signal);
    } catch (error) {
      if (!isLost(error)) throw error;
      throw new UserError(
        "The connection to the database was lost. What was finished by then stays, nothing is half done. Run the same command again: it goes on from there.",
        ExitCode.failed,
      );
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

/** A line every two seconds for work over many rows. */
export function showRows(
  tell: (line: string) => void,
): (report: { done: number; total: number; rowsPerSecond: number }) => void {
  let last = Date.now();
  return ({ done, total, rowsPerSecond }) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    const number = (value: number) => value.toLocaleString("en-US");
    tell(`  ${number(done)} of ${number(Math.max(done, total))} rows, ${number(rowsPerSecond)} a second`);
  };
}

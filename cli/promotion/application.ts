import type { Ways } from "../../promotion/machine/work";
import { type Connection, connect } from "../../schema/connection";

/** Who makes the first write: the application's role of the contract (DB_PG_USERNAME, DB_PG_PASSWORD), or else the owner. */
export function applicationOf(
  connection: Connection,
  { DB_PG_USERNAME: user, DB_PG_PASSWORD: password }: NodeJS.ProcessEnv,
): Pick<Ways, "connectAsApplication" | "applicationRole"> {
  if (!user || !password) return { connectAsApplication: () => connect(connection) };
  return {
    connectAsApplication: () => connect({ ...connection, user, password }),
    ...(user === connection.user ? {} : { applicationRole: user }),
  };
}

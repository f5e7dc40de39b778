import { type Connection, connectionFrom } from "../../schema/connection";
import { UserError } from "../../settings";

/** libpq's names, which messages about a connection have, and the application's. */
const CONTRACT = {
  PGHOST: "DB_PG_HOST",
  PGPORT: "DB_PG_PORT",
  PGDATABASE: "DB_PG_DATABASE",
  PGUSER: "DB_PG_USERNAME",
  PGPASSWORD: "DB_PG_PASSWORD",
  PGSSLMODE: "DB_PG_SSLMODE",
} as const;

const NEEDED = ["DB_PG_HOST", "DB_PG_DATABASE", "DB_PG_USERNAME", "DB_PG_PASSWORD"] as const;

/** A command whose variables are the contract's, or DATABASE_URL: its messages must not name others. */
export interface Named {
  readonly connection: Connection;
  /** Does some work, whose messages then name the variables that the user has set. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Whether anything names a PostgreSQL: before a migration there may be none. */
export const namesPostgres = (env: NodeJS.ProcessEnv): boolean =>
  env.DB_TYPE === "postgresql" || NEEDED.some((name) => env[name]);

/** The database that DB_TYPE and DB_PG_* name (S1-08 to S1-12). @throws UserError that names every variable that is missing. */
export function contractConnection(env: NodeJS.ProcessEnv): Named {
  const type = env.DB_TYPE ?? "";
  const missing = NEEDED.filter((name) => !env[name]);
  if (type !== "postgresql" && type !== "")
    throw new UserError(
      `DB_TYPE is ${type}, and the data goes to PostgreSQL: set DB_TYPE=postgresql, with ${NEEDED.join(", ")}.`,
    );
  const all = [...(type === "" ? ["DB_TYPE=postgresql"] : []), ...missing];
  if (all.length > 0)
    throw new UserError(`${all.length === 1 ? "A variable is" : "Variables are"} missing: set ${all.join(", ")}.`);
  const values = Object.fromEntries(Object.entries(CONTRACT).map(([libpq, name]) => [libpq, env[name]]));
  return named(Object.entries(CONTRACT), () => connectionFrom(values, ""));
}

/** The database that DATABASE_URL names (S2-35). */
export function urlConnection(env: NodeJS.ProcessEnv): Named {
  const url = env.DATABASE_URL ?? "";
  if (url === "")
    throw new UserError(
      "Where to? Set DATABASE_URL=postgresql://<user>:<password>@<host>:<port>/<database>, with every character of the password that is no letter or digit percent-encoded.",
    );
  const names = ["LADDER_DATABASE_URL", ...Object.keys(CONTRACT)].map((name) => [name, "DATABASE_URL"] as const);
  return named(names, () => connectionFrom({ LADDER_DATABASE_URL: url }, "ai_breeding"));
}

function named(names: readonly (readonly [string, string])[], read: () => Connection): Named {
  const renamed = (error: unknown): unknown => {
    if (!(error instanceof UserError)) return error;
    const message = names.reduce(
      (text, [from, to]) => text.replaceAll(new RegExp(`\\b${from}\\b`, "g"), to),
      error.message,
    );
    return new UserError(message.replaceAll("DATABASE_URL and DATABASE_URL", "DATABASE_URL"), error.exitCode);
  };
  try {
    const connection = read();
    return {
      connection,
      run: (work) =>
        work().catch((error: unknown) => {
          throw renamed(error);
        }),
    };
  } catch (error) {
    throw renamed(error);
  }
}

import { connect, connectionFrom, URL_VARIABLE } from "../schema/connection";
import { type LogicalFigures, logicalFigures, type ServerFigures, serverFigures } from "../schema/metrics/figures";
import { type ParsedSettings, tierByName, UserError, userFit } from "../settings";
import { bytes, heading, print, printRows } from "./console";

type Settings = ParsedSettings["settings"];
/** Settings of a tier whose database is a PostgreSQL server. */
export type PostgresSettings = Extract<Settings, { tier: "smb" | "enterprise" | "sharded" | "global" }>;

export const usesPostgres = (settings: Settings): settings is PostgresSettings =>
  settings.tier !== "development" && settings.tier !== "small-team";

/** How the databases of a stack are doing. */
export interface PostgresStatus {
  readonly stack: string;
  readonly tier: Settings["tier"];
  readonly users: { readonly count: number; readonly verdict: string };
  readonly server: ServerFigures & { readonly host: string; readonly port: number };
  readonly databases: readonly LogicalFigures[];
}

/**
 * Looks at the databases of a stack on the server that the environment names. Throws a `UserError` when it names none, or it cannot be
 * reached: the server's metrics are on the dashboard all the same.
 */
export async function postgresStatus(
  stack: string,
  settings: PostgresSettings,
  env: NodeJS.ProcessEnv,
): Promise<PostgresStatus> {
  if ((env.PGHOST ?? "") === "" && (env[URL_VARIABLE] ?? "") === "")
    throw new UserError(
      `Stack ${stack} is on tier ${settings.tier}; its database is a PostgreSQL server. Name it to see its figures: set PGHOST (with PGPORT, PGUSER, PGPASSWORD, PGSSLMODE), or ${URL_VARIABLE}. Without that, its dashboard and its alarms tell how it is doing.`,
    );
  const connections = (settings.database.catalogue ?? [settings.database.name]).map((name) =>
    connectionFrom(env, name),
  );
  // A database that the environment names is meant alone.
  const wanted = new Map(connections.map((connection) => [connection.database, connection]));
  let server: PostgresStatus["server"] | undefined;
  const databases: LogicalFigures[] = [];
  for (const connection of wanted.values()) {
    const client = await connect(connection);
    try {
      server ??= { host: connection.host, port: connection.port, ...(await serverFigures(client)) };
      databases.push(await logicalFigures(client));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  if (server === undefined) throw new UserError(`Stack ${stack} has no database in its settings (database.catalogue).`);
  const { verdict } = userFit(tierByName(settings.tier), settings.users);
  return { stack, tier: settings.tier, users: { count: settings.users, verdict }, server, databases };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const count = (value: number): string => value.toLocaleString("en-US");

/** Tables and indexes that are told one by one; `--json` has more of them. */
const LISTED = 5;
/** A smaller index costs nothing worth a word. */
const UNUSED_FROM_BYTES = 1024 ** 2;

/** Prints it for a person. */
export function showPostgres({ stack, tier, users, server, databases }: PostgresStatus): void {
  const { connections, followers, slots } = server;
  print(heading(`Stack ${stack} (tier ${tier})`));
  printRows([
    ["users", `${count(users.count)} in the settings`],
    ["server", `${server.host}:${server.port}, PostgreSQL ${server.version}, ${server.role}`],
    [
      "connections",
      `${connections.used} of ${connections.available} (${percent(connections.utilisation)}); with the server's own processes ${server.processes}`,
    ],
    ["slow queries", `${server.slowQueries}, the longest has run for ${server.longestQuerySeconds.toFixed(1)} s`],
    ...followers.map(({ name, lagBytes, lagSeconds }): [string, string] => [
      "follower",
      `${name}, ${bytes(lagBytes)} and ${lagSeconds.toFixed(1)} s behind`,
    ]),
    ...slots.map(({ name, state, retainedBytes }): [string, string] => [
      "slot",
      `${name}, ${state}, keeps ${bytes(retainedBytes)} of WAL`,
    ]),
  ]);
  if (!server.seesAllSessions)
    print("  This role sees its own sessions only; a member of pg_monitor sees what all of them do.");
  for (const database of databases) showLogical(database);
}

function showLogical(figures: LogicalFigures): void {
  const { database, users, cacheHitRatio, statements, tables, indexes, defaultPartitions } = figures;
  const unused = indexes.filter(
    ({ unique, scans, bytes: size }) => !unique && scans === 0 && size >= UNUSED_FROM_BYTES,
  );
  print();
  print(heading(`Database ${database}`));
  printRows([
    ["size", bytes(figures.bytes)],
    ["users", users === undefined ? "no table of users that this role may count" : count(users)],
    ["cache hits", cacheHitRatio === undefined ? "nothing was read yet" : percent(cacheHitRatio)],
    [
      "statements",
      statements === undefined
        ? "not counted (pg_stat_statements is not there)"
        : `${count(statements.calls)}, ${statements.meanMilliseconds.toFixed(2)} ms each`,
    ],
    ...tables
      .slice(0, LISTED)
      .map(({ name, rows, deadRows, bytes: size, wholeReads, indexReads }): [string, string] => [
        "table",
        `${name}, ${bytes(size)}, ${count(rows)} rows and ${count(deadRows)} dead, read ${count(indexReads)} times by index and ${count(wholeReads)} in full`,
      ]),
    ...unused
      .slice(0, LISTED)
      .map(({ name, table, bytes: size }): [string, string] => ["unused index", `${name} of ${table}, ${bytes(size)}`]),
    ...defaultPartitions.map(({ name, rows }): [string, string] => [
      "default partition",
      rows === 0 ? `${name} is empty` : `${name} holds ${count(rows)} rows: docs/alerts.md#rows-in-default-partition`,
    ]),
  ]);
}

import type { Client } from "pg";
import * as queries from "./queries";
import type { MetricQuery } from "./query";

/** The metrics of `queries.ts`, asked once and typed, for a person who looks. */

/** What holds for the whole server. */
export interface ServerFigures {
  /** `15.18`. */
  readonly version: string;
  readonly role: "primary" | "standby";
  /** False for a role that is no member of pg_monitor: of sessions that are not its own, it sees that they are there and no more. */
  readonly seesAllSessions: boolean;
  /** Sessions of clients, those that they may have, and the one by the other (S3-33). */
  readonly connections: { readonly used: number; readonly available: number; readonly utilisation: number };
  /** With the server's own processes: `postgres_connections` as documented (S4-37). */
  readonly processes: number;
  /** Statements that have been running for more than 5 seconds (S4-38). */
  readonly slowQueries: number;
  readonly longestQuerySeconds: number;
  readonly followers: readonly { readonly name: string; readonly lagBytes: number; readonly lagSeconds: number }[];
  readonly slots: readonly { readonly name: string; readonly state: string; readonly retainedBytes: number }[];
}

/** What each database has of its own. */
export interface LogicalFigures {
  readonly database: string;
  readonly bytes: number;
  /** Rows of the table users (S4-41); undefined where there is none, or the role may not count them. */
  readonly users?: number;
  /** Share of the reads of tables that memory answered (S4-39); undefined while nothing was read. */
  readonly cacheHitRatio?: number;
  /** Since their statistics were reset (S3-34); undefined where pg_stat_statements is not there. */
  readonly statements?: { readonly calls: number; readonly meanMilliseconds: number };
  /** The largest, largest first (S3-35). */
  readonly tables: readonly TableFigures[];
  /** The largest, largest first (S3-36). */
  readonly indexes: readonly IndexFigures[];
  /** Each should hold no row (C-15). */
  readonly defaultPartitions: readonly { readonly name: string; readonly rows: number }[];
}

export interface TableFigures {
  /** With its schema, unless that is public. */
  readonly name: string;
  readonly rows: number;
  readonly deadRows: number;
  /** With its indexes. */
  readonly bytes: number;
  readonly wholeReads: number;
  readonly indexReads: number;
}

export interface IndexFigures {
  readonly name: string;
  readonly table: string;
  readonly bytes: number;
  readonly scans: number;
  /** It keeps values unique, so it is needed even when nobody reads by it. */
  readonly unique: boolean;
}

/** A question can wait behind a lock no longer than this. */
const TIMEOUT_MS = 30_000;

/** Asks about the server. Any database of it will do; nothing is changed. */
export async function serverFigures(client: Client): Promise<ServerFigures> {
  return looking(client, async () => {
    const about = await client.query<{ version: string; standby: boolean; all: boolean }>(
      `SELECT split_part(pg_catalog.current_setting('server_version'), ' ', 1) AS version,
         pg_catalog.pg_is_in_recovery() AS standby,
         pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS all`,
    );
    const { version = "", standby = false, all = false } = about.rows[0] ?? {};
    const [sessions] = await ask(client, queries.documented);
    const [clients] = await ask(client, queries.clients);
    const followers = await ask(client, queries.followers);
    const slots = await ask(client, queries.slots);
    return {
      version,
      role: standby ? "standby" : "primary",
      seesAllSessions: all,
      connections: {
        used: number(clients, "connections"),
        available: number(clients, "available"),
        utilisation: number(clients, "utilisation"),
      },
      processes: number(sessions, "connections"),
      slowQueries: number(sessions, "slow_queries"),
      longestQuerySeconds: number(sessions, "longest_query_seconds"),
      followers: followers.map((row) => ({
        name: text(row, "application_name"),
        lagBytes: number(row, "lag_bytes"),
        lagSeconds: number(row, "lag_seconds"),
      })),
      slots: slots.map((row) => ({
        name: text(row, "slot_name"),
        state: text(row, "wal_status"),
        retainedBytes: number(row, "retained_bytes"),
      })),
    };
  });
}

/** Asks about the database that the client is connected to. Nothing is changed. */
export async function logicalFigures(client: Client): Promise<LogicalFigures> {
  return looking(client, async () => {
    const about = await client.query<{ database: string; bytes: string }>(
      "SELECT pg_catalog.current_database() AS database, pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes",
    );
    const [ratio] = await ask(client, queries.cacheHitRatio);
    const [users] = await ask(client, queries.users);
    const [statements] = await ask(client, queries.statements);
    const calls = number(statements, "calls");
    return {
      database: about.rows[0]?.database ?? "",
      bytes: Number(about.rows[0]?.bytes),
      ...(users === undefined ? {} : { users: number(users, "users") }),
      ...(ratio === undefined ? {} : { cacheHitRatio: number(ratio, "hit_ratio") }),
      ...(calls > 0 ? { statements: { calls, meanMilliseconds: (1000 * number(statements, "seconds")) / calls } } : {}),
      tables: (await ask(client, queries.tables)).map((row) => ({
        name: named(row, "relname"),
        rows: number(row, "n_live_tup"),
        deadRows: number(row, "n_dead_tup"),
        bytes: number(row, "total_bytes"),
        wholeReads: number(row, "seq_scan"),
        indexReads: number(row, "idx_scan"),
      })),
      indexes: (await ask(client, queries.indexes)).map((row) => ({
        name: named(row, "indexrelname"),
        table: named(row, "relname"),
        bytes: number(row, "bytes"),
        scans: number(row, "scans"),
        unique: row.is_unique === "true",
      })),
      defaultPartitions: (await ask(client, queries.defaultPartitions)).map((row) => ({
        name: named(row, "relname"),
        rows: number(row, "rows"),
      })),
    };
  });
}

/** In a transaction that cannot write, and that waits for nobody for ever. */
async function looking<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN READ ONLY");
  try {
    await client.query(`SELECT pg_catalog.set_config('statement_timeout', '${TIMEOUT_MS}', true)`);
    return await work();
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

type Row = Readonly<Record<string, unknown>>;

const ask = async (client: Client, { query }: MetricQuery): Promise<readonly Row[]> =>
  (await client.query<Row>(query)).rows;

/** What is not there counts as nothing; `pg` gives big numbers as texts. */
const number = (row: Row | undefined, column: string): number => Number(row?.[column] ?? 0);
const text = (row: Row, column: string): string => String(row[column] ?? "");
const named = (row: Row, column: string): string =>
  row.schemaname === "public" ? text(row, column) : `${text(row, "schemaname")}.${text(row, column)}`;

import { UserError } from "../settings/errors";

/** Connections of one server, divided so that no role can lock the others out (C-32). */

/** S3-10: the same at every size, so that 80 % of it (S3-38) is one number; replicas must not have fewer (C-33). */
export const MAX_CONNECTIONS = 200;
/** S3-38: above it the alert rings, so applications never get there. */
export const APPLICATION_SHARE = 0.8;
/** `superuser_reserved_connections`, PostgreSQL's default. */
const SUPERUSER_RESERVED = 3;
/** Ours: the master, the exporter of metrics, a person at psql. */
const OPERATORS = 5;

/** How many connections each role of a logical database may have open on one server. */
export interface RoleLimits {
  readonly owner: number;
  readonly app: number;
  readonly readonly: number;
  readonly replication: number;
  /** Of the database: all four and the operators. */
  readonly database: number;
}

export interface Shares {
  /** `max_connections` of the server. Default: 200. */
  readonly maxConnections?: number;
  /** Logical databases on the server. Default: 1. */
  readonly databases?: number;
  /** Of this database's application, where the databases get unequal parts. Default: an equal part of 80 %. */
  readonly app?: number;
}

const between = (least: number, value: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(value)));

/**
 * Applications share 80 %, the other roles what superusers and operators leave of the rest. Walsenders have a limit of their own
 * (`max_wal_senders`) and do not count. Throws when the server is too small for its databases.
 */
export function connectionLimits(shares: Shares = {}): RoleLimits {
  const { maxConnections = MAX_CONNECTIONS, databases = 1 } = shares;
  const forApplications = Math.floor(maxConnections * APPLICATION_SHARE);
  const app = shares.app ?? Math.floor(forApplications / databases);
  const rest = Math.floor((maxConnections - forApplications - SUPERUSER_RESERVED - OPERATORS) / databases);
  if (rest < LEAST || app < 1)
    throw new UserError(
      `A server of ${maxConnections} connections cannot hold ${databases} logical databases: each needs ${LEAST} of the 20 % that applications leave. Raise max_connections, or put fewer databases on one server.`,
    );
  if (app > forApplications)
    throw new UserError(
      `The application may open ${app} connections; allowed are ${forApplications}, 80 % of max_connections = ${maxConnections} (C-32). Lower replicas or database.poolMax, or put a pooler before the database.`,
    );
  // A migration, a dump and the archiving may run at once; a promotion with two workers takes six.
  const owner = between(1, rest / 2, 8);
  // A stream and the copies of two tables (max_sync_workers_per_subscription).
  const replication = 4;
  const readonly = between(1, rest - owner, 10);
  return { owner, app, readonly, replication, database: owner + app + readonly + replication + OPERATORS };
}

/** An owner and a reader at least. */
const LEAST = 2;

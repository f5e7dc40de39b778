import type { Input } from "@pulumi/pulumi";
import { PGBOUNCER_RESET } from "../../../catalogue/sessionReset";
import { labelsOf } from "../../kubernetes/labels";
import { POOLER_LABEL } from "./names";

/** PgBouncer before the writer (C-32). Pure. */

/** Label `app` of the pooler's pods. */
export const POOLER_APP = "pgbouncer";

/** What CloudNativePG 1.30 runs by default. */
export const POOLER_IMAGE = "ghcr.io/cloudnative-pg/pgbouncer:1.25.2";

/** Pods: one may be away, for work on its machine or for a new version. */
export const POOLER_INSTANCES = 2;

/** Share of `max_connections` that the poolers may open, as for RDS Proxy: the rest is for readers, migrations and people. */
const CONNECTIONS_SHARE = 0.8;

/** Clients that all pods together take: the 10,000 and more concurrent connections of the documents (S1-72). */
const MAX_CLIENTS = 10_000;

export interface PoolSizes {
  /** Connections to the server that one pod keeps for one logical database, at most. */
  readonly perDatabase: number;
  /** Connections that stay open for the next clients. */
  readonly least: number;
  /** Clients that one pod takes. */
  readonly clients: number;
}

/**
 * PgBouncer bounds its connections for each database and not in all, so the share is divided by the databases: all of them together
 * never use up what the server has.
 */
export function poolSizes({ maxConnections, databases, poolMax }: PoolChoice): PoolSizes {
  const perDatabase = Math.max(1, Math.floor((maxConnections * CONNECTIONS_SHARE) / POOLER_INSTANCES / databases));
  return { perDatabase, least: Math.min(poolMax, perDatabase), clients: MAX_CLIENTS / POOLER_INSTANCES };
}

export interface PoolChoice {
  readonly maxConnections: number;
  /** Logical databases on the server. */
  readonly databases: number;
  /** Clients in the pool of one application process. */
  readonly poolMax: number;
}

/** Parameters of PgBouncer, among those that the operator allows; times are seconds. */
export function poolerParameters(choice: PoolChoice): Record<string, string> {
  const { perDatabase, least, clients } = poolSizes(choice);
  return {
    client_tls_sslmode: "require",
    default_pool_size: String(perDatabase),
    // As PostgreSQL has it: an open transaction that does nothing holds back vacuum, and a connection of the pool.
    idle_transaction_timeout: "60",
    max_client_conn: String(clients),
    max_db_connections: String(perDatabase),
    // Named prepared statements of drivers work although a client's transactions run on different connections.
    max_prepared_statements: "200",
    min_pool_size: String(least),
    // A client that waits longer is better told so, and its alert raised, than kept hanging.
    query_wait_timeout: "10",
    // Row-level security: an identity that one client left on a connection must not be the next one's.
    ...PGBOUNCER_RESET,
  };
}

const RESOURCES = {
  requests: { cpu: "250m", memory: "512Mi", "ephemeral-storage": "128Mi" },
  limits: { cpu: "2", memory: "512Mi", "ephemeral-storage": "512Mi" },
} as const;

export interface PoolerParts extends PoolChoice {
  readonly name: string;
  readonly cluster: Input<string>;
  readonly image: string;
}

/** The specification of the Pooler (postgresql.cnpg.io/v1). The operator adds security, probes and what authenticates. */
export const poolerSpec = ({ name, cluster, image, ...choice }: PoolerParts) => ({
  cluster: { name: cluster },
  type: "rw",
  instances: POOLER_INSTANCES,
  pgbouncer: { poolMode: "transaction", parameters: poolerParameters(choice) },
  // One more pod for a moment would be one more share of the server's connections.
  deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  template: {
    metadata: { labels: labelsOf(POOLER_APP) },
    spec: {
      enableServiceLinks: false,
      containers: [{ name: "pgbouncer", image, resources: RESOURCES }],
      topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { [POOLER_LABEL]: name } },
      })),
    },
  },
});

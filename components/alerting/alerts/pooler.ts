import { type Alert, fixed } from "../alert";

/** PgBouncer, where PostgreSQL runs on Kubernetes. */
export const pooler: readonly Alert[] = [
  {
    name: "pooler-clients-waiting",
    part: "pooler",
    signal: "clients that wait for a connection of PgBouncer",
    threshold: fixed(0),
    limit: "any for 2 minutes",
    unit: "clients",
    forMinutes: 2,
    severity: "warning",
    source: "ours",
    runbook: {
      means: "The pool is used up: requests queue before the database.",
      look: ["`SHOW POOLS` in PgBouncer: cl_waiting and maxwait."],
      act: ["Shorter transactions, or a larger default_pool_size within max_connections."],
    },
    prometheus: {
      value: (of) => `sum by (namespace, pod, database) (${of("pgbouncer_pools_client_waiting_connections")})`,
      comparison: ">",
      always: ["pgbouncer_pools_client_waiting_connections"],
    },
  },
];

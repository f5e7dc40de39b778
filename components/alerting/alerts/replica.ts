import { type Alert, fixed } from "../alert";

/** How far replicas are behind (C-34). */

const lag = (name: string, seconds: number, severity: Alert["severity"], act: readonly string[]): Alert => ({
  name,
  part: "replica",
  signal: "time that a replica is behind",
  threshold: fixed(seconds),
  limit: `more than ${seconds} seconds`,
  unit: "seconds",
  forMinutes: 5,
  severity,
  source: "C-34",
  runbook: {
    means: "Reports and dashboards read old data.",
    look: [
      "Writes on the primary: a bulk load, or an index that is built?",
      "The replica's CPU and disk; long reports on it hold replay back.",
    ],
    act,
  },
  cloudwatch: [
    {
      scope: "replica",
      namespace: "AWS/RDS",
      metric: "ReplicaLag",
      statistic: "Maximum",
      periodSeconds: 60,
      periods: 5,
      comparison: ">",
      missing: "notBreaching",
    },
  ],
  prometheus: {
    value: (of) => `max by (namespace, pod) (${of("pg_replication_lag_seconds")})`,
    comparison: ">",
    always: ["pg_replication_lag_seconds"],
  },
});

export const replica: readonly Alert[] = [
  lag("replica-lag", 30, "warning", [
    "Wait for a bulk load to end; split the next one.",
    "A replica as big as the primary.",
  ]),
  lag("replica-lag-critical", 300, "critical", [
    "Take the replica out of the reader name, or point reports at the writer, until it has caught up.",
    "When it does not catch up, make it anew: lower `database.replicas` by one, then raise it again.",
  ]),
];

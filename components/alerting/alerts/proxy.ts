import { type Alert, type CloudWatchRule, fixed } from "../alert";

/** RDS Proxy before the writer. Its latencies are in microseconds. */

const proxyRule = (
  rule: Pick<CloudWatchRule, "metric" | "statistic"> & Partial<CloudWatchRule>,
): readonly CloudWatchRule[] => [
  {
    scope: "proxy",
    namespace: "AWS/RDS",
    periodSeconds: 60,
    periods: 5,
    comparison: ">",
    missing: "notBreaching",
    ...rule,
  },
];

export const proxy: readonly Alert[] = [
  {
    name: "proxy-borrow-latency",
    part: "proxy",
    signal: "wait for a connection of the proxy's pool",
    threshold: fixed(100_000),
    limit: "the slowest twentieth above 100 ms",
    unit: "microseconds",
    forMinutes: 5,
    severity: "warning",
    source: "ours; RDS Proxy's own metric",
    runbook: {
      means: "The pool is used up: requests queue at the proxy.",
      look: ["`proxy-pinned`, `database-connections-high`.", "Long transactions: each holds a connection."],
      act: ["Shorter transactions; a bigger instance when its connections are the limit."],
    },
    cloudwatch: proxyRule({ metric: "DatabaseConnectionsBorrowLatency", statistic: "p95" }),
  },
  {
    name: "proxy-pinned",
    part: "proxy",
    signal: "share of connections that one client keeps for itself",
    threshold: fixed(30),
    limit: "above 30 %",
    unit: "percent",
    forMinutes: 5,
    severity: "warning",
    source: "ours; RDS documentation, «Avoiding pinning an RDS Proxy»",
    runbook: {
      means:
        "Sessions are pinned, so the pool does not pool: SET, prepared statements with names, advisory locks, LISTEN.",
      look: ["The proxy's log says for each pinned session what pinned it."],
      act: ["Transaction-local settings (`SET LOCAL`) and protocol-level statements in the application."],
    },
    cloudwatch: proxyRule({
      metric: "DatabaseConnectionsCurrentlySessionPinned",
      statistic: "Sum",
      others: { m2: { metric: "DatabaseConnections", statistic: "Sum" } },
      expression: "100 * m1 / m2",
    }),
  },
  {
    name: "proxy-setup-failed",
    part: "proxy",
    signal: "connections that the proxy could not open",
    threshold: fixed(0),
    limit: "any",
    unit: "connections",
    forMinutes: 1,
    severity: "critical",
    source: "ours; RDS Proxy's own metric",
    runbook: {
      means: "The proxy cannot log in to the database, or the database refuses.",
      look: ["The proxy's log; the target's state in the RDS console.", "Was the master secret rotated just now?"],
      act: ["The proxy's role must read the secret; the password in it must be the database's."],
    },
    cloudwatch: proxyRule({ metric: "DatabaseConnectionsSetupFailed", statistic: "Sum", periods: 1 }),
  },
];

import { type Alert, fixed } from "../alert";

/** What the application measures itself (S4-40, S4-41). */

export const usage: readonly Alert[] = [
  {
    name: "app-query-slow",
    part: "usage",
    signal: "database calls as the application measures them",
    threshold: fixed(1000),
    limit: "the slowest twentieth above 1 second",
    unit: "milliseconds",
    forMinutes: 5,
    severity: "warning",
    source: "S3-39, S4-40",
    runbook: {
      means: "Calls to the database are slow where users feel it, the wait for a connection included.",
      look: ["The label query: which one. Then slow-query and proxy-borrow-latency."],
      act: ["As for slow-query; a pool that is too small looks the same."],
    },
    prometheus: {
      value: (of) =>
        `histogram_quantile(0.95, sum by (namespace, le, query) (rate(${of("query_duration_bucket")}[5m])))`,
      comparison: ">",
      always: ["query_duration_count"],
    },
  },
  {
    name: "users-near-tier-end",
    part: "usage",
    signal: "registered users",
    threshold: ({ tierMaxUsers }) => (tierMaxUsers === undefined ? Number.POSITIVE_INFINITY : 0.9 * tierMaxUsers),
    limit: "above 90 % of what the tier is made for",
    unit: "users",
    forMinutes: 60,
    severity: "warning",
    source: "S4-41, C-01; 90 % leaves time for the promotion",
    runbook: {
      means: "The platform outgrows its tier.",
      look: ["The tier table in settings.md: what the next one is made of, and what it costs."],
      act: ["Plan the promotion to the next tier."],
    },
    prometheus: {
      value: (of) => `max by (namespace) (${of("total_users")})`,
      comparison: ">",
      always: ["total_users"],
    },
  },
];

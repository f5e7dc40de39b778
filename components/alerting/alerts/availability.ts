import { type Alert, type CloudWatchRule, fixed } from "../alert";
import { type Burn, FAST_BURN, floorOf, SLOW_BURN, STEADY_BURN } from "../objective";

/** The objective of 99.9 % (S0-35, C-06), watched by how fast its budget of 43.2 minutes in 30 days burns. */

const HOUR = 3600;

const hoursOf = ({ hours }: Burn): string => (hours === 1 ? "an hour" : `${hours} hours`);

/** As the application sees the writer: through the proxy, or by the minutes in which the instance told its connections. */
const burnRules = ({ hours }: Burn): readonly CloudWatchRule[] => {
  // A period is at most a day here; longer windows are days in a row.
  const window =
    hours > 24 ? { periodSeconds: 24 * HOUR, periods: hours / 24 } : { periodSeconds: hours * HOUR, periods: 1 };
  return [
    {
      scope: "proxied-writer",
      namespace: "AWS/RDS",
      metric: "AvailabilityPercentage",
      statistic: "Average",
      ...window,
      comparison: "<",
      missing: "notBreaching",
    },
    {
      scope: "direct-writer",
      namespace: "AWS/RDS",
      metric: "DatabaseConnections",
      statistic: "SampleCount",
      expression: "100 * FILL(m1, 0) / (PERIOD(m1) / 60)",
      ...window,
      comparison: "<",
      missing: "breaching",
    },
  ];
};

const burnAlert = (
  name: string,
  burn: Burn,
  severity: Alert["severity"],
  share: string,
  urgency: readonly string[],
): Alert => ({
  name,
  part: "availability",
  signal: `availability of the writer over ${hoursOf(burn)}`,
  threshold: fixed(floorOf(burn)),
  limit: `below ${floorOf(burn)} % (${share} of the month's 43.2 minutes)`,
  unit: "percent",
  forMinutes: 0,
  severity,
  source: "S0-35, C-06",
  runbook: {
    means: `The database was out of reach so often that ${share} of what the objective of 99.9 % allows in 30 days is used up within ${hoursOf(burn)}.`,
    look: [
      "The row «Availability» of the dashboard: one long gap, or many short ones?",
      "Events of the instance in the RDS console: failover, restart, maintenance.",
      "`database-down`, `database-connections-exhausted` and `proxy-setup-failed`: did one of them fire as well?",
    ],
    act: urgency,
  },
  cloudwatch: burnRules(burn),
  prometheus: {
    value: (of) => `100 * avg_over_time(${of("pg_writable")}[${burn.hours}h])`,
    comparison: "<",
    always: ["pg_replication_is_replica"],
  },
});

export const availability: readonly Alert[] = [
  burnAlert("availability-fast-burn", FAST_BURN, "critical", "2 %", [
    "Treat it as an outage: find the cause before anything else is changed.",
    "With a standby, RDS fails over by itself in 60 to 120 seconds (C-06). If that does not end it, reboot with failover.",
  ]),
  burnAlert("availability-steady-burn", STEADY_BURN, "critical", "5 %", [
    "Look for what comes back: a job, a deployment, an instance that is too small.",
    "Hold risky changes until the cause is known.",
  ]),
  burnAlert("availability-slow-burn", SLOW_BURN, "warning", "10 %", [
    "Not urgent: plan the repair within the week, or the month's objective is missed.",
    "Postpone maintenance that restarts the writer.",
  ]),
];

import { type Alert, fixed } from "../alert";

/** What other services tell by themselves; it needs no alarm, and a runbook all the same. */

export const notices: readonly Alert[] = [
  {
    name: "rds-event",
    part: "database",
    signal: "events of RDS",
    threshold: fixed(0),
    limit: "each as it comes",
    unit: "events",
    forMinutes: 0,
    severity: "warning",
    source: "RDS documentation, «Amazon RDS event categories and event messages»",
    runbook: {
      means:
        "Availability, failover, failure, low storage and recovery go to the critical topic; deletion, maintenance, notification, read replica, restoration and security to the warning topic. Backup, configuration change and creation are left out: they come every day and ask for nothing.",
      look: ["The message and its id (RDS-EVENT-…), which the RDS documentation explains."],
      act: [
        "RDS-EVENT-0225: raise `database.maxStorageGiB`.",
        "RDS-EVENT-0045: a replica stopped; see replica-lag-critical.",
      ],
    },
    notice: "RDS, by two event subscriptions",
  },
  {
    name: "budget-passed",
    part: "cost",
    signal: "cost of the stack in this month",
    threshold: fixed(100),
    limit: "80 % and 100 % spent, 100 % forecast",
    unit: "percent of the budget",
    forMinutes: 0,
    severity: "warning",
    source: "C-04: the upper end of the tier's band; advice, it never stops anything",
    runbook: {
      means: "The stack costs, or will cost, more than its budget.",
      look: ["Cost Explorer, filtered by the stack's tag, by service and by day."],
      act: ["Undo what grew by mistake; otherwise raise `budget.monthlyUsd` or plan the next tier."],
    },
    notice: "AWS Budgets",
  },
];

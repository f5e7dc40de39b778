import { type Alert, PARTS, type Part } from "./alert";
import { CATALOGUE } from "./catalogue";
import { budgetMinutes, FAST_BURN, floorOf, OBJECTIVE_PERCENT, SLOW_BURN, STEADY_BURN, WINDOW_DAYS } from "./objective";

/** Headings of the parts, here and on dashboards. */
export const PART_TITLES: Readonly<Record<Part, string>> = {
  availability: "Availability",
  database: "Database",
  queries: "Statements and errors",
  replica: "Read replicas",
  proxy: "RDS Proxy",
  pooler: "PgBouncer",
  sqlite: "SQLite",
  cache: "Cache",
  files: "Files",
  volumes: "Volumes",
  app: "Application",
  usage: "The application's own metrics",
  backup: "AWS Backup",
  archive: "WAL archive and base backups",
  dump: "Daily dumps",
  drill: "Restore drills",
  cost: "Cost",
};

/** The page of all alerts, with a runbook for each: what it means, where to look first, what to do. */
export const alertsMarkdown = (): string =>
  `${[
    "# Alerts",
    "<!-- Written by `npm run docs` from components/alerting/; change the catalogue there instead. -->",
    "Each alert is written down once, in `components/alerting/alerts/`, and rendered from there: to CloudWatch alarms, to\nPrometheus rules, and to this page. Critical alerts and warnings go to topics of their own, so that a warning need wake nobody.",
    objective(),
    table(CATALOGUE),
    ...PARTS.filter((part) => CATALOGUE.some((alert) => alert.part === part)).flatMap((part) => [
      `## ${PART_TITLES[part]}`,
      ...CATALOGUE.filter((alert) => alert.part === part).map(runbook),
    ]),
    ABSENT,
  ].join("\n\n")}\n`;

const objective = (): string =>
  [
    `The objective is ${OBJECTIVE_PERCENT} % of each ${WINDOW_DAYS} days: ${budgetMinutes()} minutes may be lost (S0-35, C-06). An alarm of CloudWatch sees`,
    `seven days at most, so the alerts watch how fast the budget burns: below ${floorOf(FAST_BURN)} % within an hour or`,
    `${floorOf(STEADY_BURN)} % within six hours is urgent, below ${floorOf(SLOW_BURN)} % on three days in a row is not.`,
  ].join("\n");

const table = (alerts: readonly Alert[]): string =>
  [
    "| alert | part | fires when | severity | seen by | source |",
    "|---|---|---|---|---|---|",
    ...alerts.map(
      (alert) =>
        `| [${alert.name}](#${alert.name}) | ${alert.part} | ${alert.signal}: ${alert.limit} | ${alert.severity} | ${seenBy(alert)} | ${alert.source} |`,
    ),
  ].join("\n");

const seenBy = ({ cloudwatch, prometheus, notice }: Alert): string =>
  [cloudwatch && "CloudWatch", prometheus && "Prometheus", notice && "a notice"].filter(Boolean).join(", ");

const runbook = (alert: Alert): string =>
  [
    `### ${alert.name}`,
    `${alert.severity === "critical" ? "Critical" : "Warning"}: ${alert.signal}, ${alert.limit}${lasting(alert)}. Source: ${alert.source}.`,
    ...(alert.notice === undefined ? [] : [`Told by ${alert.notice}.`]),
    `**What it means.** ${alert.runbook.means}`,
    `**First look.**\n\n${list(alert.runbook.look)}`,
    `**What to do.**\n\n${list(alert.runbook.act)}`,
  ].join("\n\n");

/** Limits that are a time themselves say it already. */
const lasting = ({ forMinutes, limit }: Alert): string =>
  forMinutes === 0 || / (minutes?|hours|days)\b/.test(limit) ? "" : `, for ${forMinutes} minutes`;

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

const ABSENT = `## Rules without data

### metric-absent

Warning: a metric that another rule needs has not been there for 10 minutes.

**What it means.** A Prometheus rule over a metric that does not exist never fires. Its exporter is gone or is not scraped.

**First look.**

- The label \`metric\`; the page «Targets» of Prometheus.

**What to do.**

- Start the exporter, or mend its PodMonitor. Take the rule out only together with the part that it watches.`;

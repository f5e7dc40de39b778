import { CATALOGUE } from "../../../components/alerting/catalogue";
import { LOG_PATTERNS } from "../../../components/alerting/logMetrics";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";
import { primary, replica } from "./rdsFixtures";

type Given = ReturnType<typeof resource>;

const GIB = 1024 ** 3;
const dimensions = { DBInstanceIdentifier: "db" };
const alarm = (name: string, props: Readonly<Record<string, Value>>) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", props, name);

/** The threshold that our own catalogue gives to an alert of the fixture's database. */
function ours(name: string): number {
  const found = CATALOGUE.find((alert) => alert.name === name);
  if (found === undefined) throw new Error(`no alert ${name}`);
  const threshold = found.threshold({ memoryGiB: 32, vcpus: 8, maxConnections: 200, storageGiB: 500 });
  return Math.round(threshold * 100) / 100;
}

const ALARMS = {
  connections: alarm("connections", {
    namespace: "AWS/RDS",
    metricName: "DatabaseConnections",
    dimensions,
    comparisonOperator: "GreaterThanThreshold",
    threshold: ours("database-connections-high"),
  }),
  memory: alarm("memory", {
    namespace: "AWS/RDS",
    metricName: "FreeableMemory",
    dimensions,
    comparisonOperator: "LessThanThreshold",
    threshold: ours("database-memory-high"),
  }),
  growth: alarm("growth", {
    metricQueries: [
      { id: "m1", metric: { namespace: "AWS/RDS", metricName: "FreeStorageSpace", dimensions, period: 86_400 } },
      { id: "e1", expression: "-1 * DIFF(m1)", returnData: true },
    ],
    comparisonOperator: "GreaterThanThreshold",
    threshold: ours("database-growth"),
  }),
  slow: alarm("slow", {
    namespace: "Ours",
    metricName: "Slow",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
  }),
  filter: resource("aws:cloudwatch/logMetricFilter:LogMetricFilter", {
    logGroupName: "/aws/rds/instance/db/postgresql",
    pattern: LOG_PATTERNS.StatementsOver1s,
    metricTransformation: { name: "Slow", namespace: "Ours" },
  }),
};
type Part = keyof typeof ALARMS;

const all = (): readonly Given[] => [primary, ...Object.values(ALARMS)];
const without = (part: Part) => all().filter((each) => each !== ALARMS[part]);
/** The sound stack with one property of one alarm put in place. */
const but = (part: Part, path: readonly (string | number)[], value: Value | undefined) =>
  all().map((each) => (each === ALARMS[part] ? having(each, path, value) : each));
const class_ = (instanceClass: Value, memory: Value): readonly Given[] => [
  having(primary, ["instanceClass"], instanceClass),
  ...but("memory", ["threshold"], memory).slice(1),
];

/** Each alert, by the part that is taken away and what the message then says. */
const LACKING: readonly (readonly [Part, string])[] = [
  ["connections", "connections above 80 %."],
  ["slow", "statements over a second."],
  ["filter", "statements over a second."],
  ["growth", "growth over 10 GB a month."],
  ["memory", "memory above 80 %."],
];

/** One property that is wrong in each of these ways. */
const wrong: readonly (readonly [string, Part, readonly (string | number)[], Value | undefined])[] = [
  ["161 connections", "connections", ["threshold"], 161],
  ["connections from the first on", "connections", ["threshold"], 0],
  ["connections of another database", "connections", ["dimensions", "DBInstanceIdentifier"], "db-2"],
  ["an alarm that does nothing", "connections", ["actionsEnabled"], false],
  ["a byte less of memory", "memory", ["threshold"], 0.2 * 32 * GIB - 1],
  ["memory that is free", "memory", ["comparisonOperator"], "GreaterThanThreshold"],
  ["a byte more of growth", "growth", ["threshold"], 10e9 / 30 + 1],
  ["any growth", "growth", ["threshold"], 0],
  ["growth in an hour", "growth", ["metricQueries", 0, "metric", "period"], 3600],
  ["the free storage itself", "growth", ["metricQueries", 1, "expression"], "m1"],
  ["storage that becomes free", "growth", ["metricQueries", 1, "expression"], "DIFF(m1)"],
  ["growth of something else", "growth", ["metricQueries", 0, "metric", "metricName"], "FreeableMemory"],
  ["growth elsewhere", "growth", ["metricQueries", 0, "metric", "namespace"], "AWS/EC2"],
  ["growth of another one", "growth", ["metricQueries", 0, "metric", "dimensions", "DBInstanceIdentifier"], "db-2"],
  ["growth that becomes less", "growth", ["comparisonOperator"], "LessThanThreshold"],
  ["no queries", "growth", ["metricQueries"], undefined],
  ["statements over five seconds", "filter", ["pattern"], LOG_PATTERNS.StatementsOver5s],
  ["lines of errors", "filter", ["pattern"], '"FATAL:"'],
  ["a pattern that is no expression", "filter", ["pattern"], "%duration: (%"],
  ["statements of another database", "filter", ["logGroupName"], "/aws/rds/instance/my-db/postgresql"],
  ["lines of upgrades", "filter", ["logGroupName"], "/aws/rds/instance/db/upgrade"],
  ["another metric", "filter", ["metricTransformation", "name"], "Fast"],
  ["a metric of others", "filter", ["metricTransformation", "namespace"], "Theirs"],
  ["the second statement", "slow", ["threshold"], 1],
  ["an alarm on slow statements that does nothing", "slow", ["actionsEnabled"], false],
  ["no slow statement", "slow", ["comparisonOperator"], "LessThanThreshold"],
];

const DOCUMENTED: readonly Case[] = [
  one("pass", "S3-38 to S3-41: the four alerts, with the thresholds of our catalogue", all()),
  one("pass", "earlier warnings", but("connections", ["threshold"], 1)),
  one("pass", "more memory", but("memory", ["threshold"], 0.5 * 32 * GIB)),
  one("pass", "growth in an hour", [
    ...without("growth"),
    having(having(ALARMS.growth, ["metricQueries", 0, "metric", "period"], 3600), ["threshold"], 10e9 / 30 / 24),
  ]),
  one("pass", "a filter of every duration", but("filter", ["pattern"], '"duration:"')),
  one("pass", "a filter without quotes", but("filter", ["pattern"], "duration:")),
  one("pass", "one statement or more", [
    ...without("slow"),
    having(having(ALARMS.slow, ["comparisonOperator"], "GreaterThanOrEqualToThreshold"), ["threshold"], 1),
  ]),
  one("pass", "a replica has no alerts of its own", [replica]),
  ...(
    [
      ["db.t4g.micro", 1],
      ["db.t3.small", 2],
      ["db.t4g.medium", 4],
      ["db.t4g.xlarge", 16],
      ["db.m7g.large", 8],
      ["db.m5.xlarge", 16],
      ["db.r6g.4xlarge", 128],
    ] as const
  ).flatMap(([name, gib]) => [
    one("pass", `${name}: a fifth of ${gib} GiB`, class_(name, 0.2 * gib * GIB)),
    one("fail", `${name}: less than a fifth of ${gib} GiB`, class_(name, 0.2 * gib * GIB - 1), ["violated"]),
  ]),
  one("pass", "a class of another family, at any memory", class_("db.x2g.large", 1)),
  one("pass", "a class that is none, at any memory", class_("large", 1)),
  one("fail", "a class of another family, at none", class_("db.x2g.large", 0), ["violated"]),
  ...LACKING.map(([part, says]) =>
    one("fail", `without ${part}`, without(part), ["violated"], { says: [`for ${says}`] }),
  ),
  ...wrong.map(([title, part, path, value]) => one("fail", title, but(part, path, value), ["violated"])),
  one(
    "fail",
    "two or more statements",
    but("slow", ["comparisonOperator"], "GreaterThanOrEqualToThreshold").map((each) =>
      each.name === "slow" ? having(each, ["threshold"], 2) : each,
    ),
    ["violated"],
  ),
  one("fail", "none of them", [primary], ["violated"], {
    says: [
      "primary has no alarm",
      "connections above 80 %, statements over a second, growth over 10 GB a month, memory above 80 %.",
    ],
  }),
  one("absent", "no threshold", but("connections", ["threshold"], undefined), ["violated"]),
  one("absent", "no log group", but("filter", ["logGroupName"], undefined), ["violated"]),
  one("absent", "no metric", but("filter", ["metricTransformation"], undefined), ["violated"]),
  one("unknown", "a threshold", but("connections", ["threshold"], UNKNOWN), ["unverified"], {
    says: ["Whether primary has every documented alert"],
  }),
  one("unknown", "a threshold of growth", but("growth", ["threshold"], UNKNOWN), ["unverified"]),
  one("unknown", "the queries", but("growth", ["metricQueries"], UNKNOWN), ["unverified"]),
  one("unknown", "a log group", but("filter", ["logGroupName"], UNKNOWN), ["unverified"]),
  one("unknown", "the name of a metric", but("filter", ["metricTransformation", "name"], UNKNOWN), ["unverified"]),
  one("unknown", "the operator", but("slow", ["comparisonOperator"], UNKNOWN), ["unverified"]),
  one(
    "unknown",
    "the identifier of the database",
    all().map((each) => (each === primary ? having(primary, ["identifier"], UNKNOWN) : each)),
    ["unverified"],
  ),
  one("unknown", "the class, at any memory", class_(UNKNOWN, 1), ["unverified"]),
  one("wrong type", "a pattern that is no text", but("filter", ["pattern"], 7), ["violated"]),
  one("wrong type", "queries that are no list", but("growth", ["metricQueries"], {}), ["violated"]),
  one("secret", "thresholds that are marked secret", but("connections", ["threshold"], new Secret(160))),
  one(
    "secret",
    "a wrong threshold that is marked secret",
    but("connections", ["threshold"], new Secret(4711)),
    ["violated"],
    {
      hides: ["4711"],
    },
  ),
];

export const CASES: Cases = { "documented-alerts": DOCUMENTED };

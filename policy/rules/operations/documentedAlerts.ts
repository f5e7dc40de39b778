import { type Answer, all, any, holds, judged } from "../../checks/answer";
import type { Judgements } from "../../checks/property";
import { readNumber, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, type StackRule } from "../../rule";
import { watchesInstance } from "../database/databaseAlarms";
import { names, primaries } from "../database/rdsInstances";
import { anyAlarm, calculates, isMetric, type MetricPlace, type Signal } from "./metricAlarms";

/** S3-38: 80 % of `max_connections` (S3-10). */
const MOST_CONNECTIONS = 0.8 * 200;
/** S3-40: 10 GB a month, as bytes a second. */
const GROWTH = 10e9 / 30 / 86_400;
/** S3-41: less than this share of the memory can be freed when 80 % are used. */
const FREE_SHARE = 0.2;
const GIB = 1024 ** 3;

/** The four alerts of document 003, each with its threshold. */
export const documentedAlerts: StackRule = {
  scope: "stack",
  name: "documented-alerts",
  description:
    "The four documented alerts exist: connections above 80 %, statements over a second, growth over 10 GB a month, memory above 80 %.",
  why: "They are the least that the documents ask for; what is not watched is noticed by users first.",
  remedy:
    "Keep the alarms of the catalogue (docs/alerts.md) that the message names, with their thresholds, and give them recipients.",
  ids: ["S3-38", "S3-39", "S3-40", "S3-41", "C-32", "C-35"],
  levels: FROM_ENTERPRISE,
  check: (stack) => primaries(stack).flatMap((primary) => judgePrimary(stack, primary)),
};

function judgePrimary(stack: StackView, primary: StackResource): Judgements {
  const { urn, name } = primary;
  const alerts: readonly (readonly [string, Answer])[] = [
    ["connections above 80 %", watchesInstance(stack, primary, connections)],
    ["statements over a second", watchesStatements(stack, primary)],
    ["growth over 10 GB a month", watchesGrowth(stack, primary)],
    ["memory above 80 %", watchesMemory(stack, primary)],
  ];
  const lacking = alerts.filter(([, answer]) => answer === "no").map(([alert]) => alert);
  return judged(
    all(alerts.map(([, answer]) => answer)),
    urn,
    `${name} has no alarm at the documented threshold for ${lacking.join(", ")}.`,
    `Whether ${name} has every documented alert is`,
  );
}

const connections: Signal = {
  namespace: "AWS/RDS",
  metric: "DatabaseConnections",
  fires: "above",
  threshold: (value) => value > 0 && value <= MOST_CONNECTIONS,
};

/** Of a class whose memory is not known, the threshold cannot be compared; it must then be some memory. */
function watchesMemory(stack: StackView, primary: StackResource): Answer {
  const instanceClass = readText(primary.props, "instanceClass");
  const least = FREE_SHARE * (instanceClass.state === "known" ? memoryGiB(instanceClass.value) : 0) * GIB;
  const watched = watchesInstance(stack, primary, {
    namespace: "AWS/RDS",
    metric: "FreeableMemory",
    fires: "below",
    threshold: (value) => value > 0 && value >= least,
  });
  return all([watched, instanceClass.state === "unknown" ? "unknown" : "yes"]);
}

const SMALL: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };
/** GiB for each vCPU of a family; those of t from large on are as those of m. */
const PER_VCPU: Readonly<Record<string, number>> = { t: 4, m: 4, r: 8 };

/** Memory of an instance class by the rule of its family; 0 for one of another family (AWS, hardware of DB instance classes). */
function memoryGiB(instanceClass: string): number {
  const [, family = "", size = "", times = ""] = /^db\.([a-z])\d[a-z]*\.((\d*)[a-z]+)$/.exec(instanceClass) ?? [];
  const vcpus = size === "large" ? 2 : size.endsWith("xlarge") ? 4 * Number(times || 1) : 0;
  return vcpus > 0 ? vcpus * (PER_VCPU[family] ?? 0) : family === "t" ? (SMALL[size] ?? 0) : 0;
}

const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
/** What PostgreSQL writes of the fastest statement that is slow. */
const SLOW_LINE = "LOG:  duration: 1001.000 ms  statement: SELECT 1";

/** Whether a filter of the primary's log counts slow statements, and an alarm fires on the first. */
const watchesStatements = (stack: StackView, primary: StackResource): Answer =>
  any(
    stack.ofType(FILTER).map((filter) => {
      const metric = readText(filter.props, "metricTransformation", "name");
      const namespace = readText(filter.props, "metricTransformation", "namespace");
      return all([
        holds(readText(filter.props, "pattern"), countsSlowLine),
        isLogOf(filter, primary),
        metric.state === "known" && namespace.state === "known"
          ? anyAlarm(stack, (alarm) => firesOnFirst(alarm, metric.value, namespace.value))
          : any([metric, namespace].map((reading) => holds(reading, () => false))),
      ]);
    }),
  );

/** A pattern is an expression between percent signs, or a text that a line must contain. */
function countsSlowLine(pattern: string): boolean {
  const [, expression] = /^%(.*)%$/s.exec(pattern) ?? [];
  if (expression === undefined) return /^"?duration:"?$/.test(pattern);
  try {
    return new RegExp(expression).test(SLOW_LINE);
  } catch {
    return false;
  }
}

/** RDS names log groups after the instance and the kind of log. */
function isLogOf({ props }: StackResource, { props: instance }: StackResource): Answer {
  const group = readText(props, "logGroupName");
  const identifier = readText(instance, "identifier");
  if (identifier.state === "unknown") return holds(group, () => true) === "no" ? "no" : "unknown";
  return holds(group, (name) => identifier.state === "known" && name.endsWith(`/${identifier.value}/postgresql`));
}

function firesOnFirst(alarm: StackResource, metric: string, namespace: string): Answer {
  const place: MetricPlace = { input: "dimensions", at: [], dimensions: ["dimensions"] };
  return all([
    isMetric(alarm, place, { namespace, metric, fires: "above" }),
    any([
      all([
        comparesBy(alarm, "GreaterThanThreshold"),
        holds(readNumber(alarm.props, "threshold"), (value) => value <= 0),
      ]),
      all([
        comparesBy(alarm, "GreaterThanOrEqualToThreshold"),
        holds(readNumber(alarm.props, "threshold"), (value) => value <= 1),
      ]),
    ]),
  ]);
}

const comparesBy = ({ props }: StackResource, operator: string): Answer =>
  holds(readText(props, "comparisonOperator"), (text) => text === operator);

/** Whether an alarm compares how much free storage was lost from one period to the next. */
const watchesGrowth = (stack: StackView, primary: StackResource): Answer =>
  anyAlarm(stack, (alarm) =>
    calculates(
      alarm,
      { namespace: "AWS/RDS", metric: "FreeStorageSpace", fires: "above", threshold: (bytes) => bytes > 0 },
      (place) => {
        const named = names(alarm, place.input, primary, [...place.dimensions, "DBInstanceIdentifier"]);
        const seconds = readNumber(alarm.props, ...place.at, "period");
        const bytes = readNumber(alarm.props, "threshold");
        return all([
          named,
          bytes.state === "known" ? holds(seconds, (period) => bytes.value <= GROWTH * period) : "unknown",
        ]);
      },
      /^-.*DIFF\(/,
    ),
  );

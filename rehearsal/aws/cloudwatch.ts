import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { refuse } from "../values";
import { wrongPattern } from "./filterPattern";
import { KNOWN_METRICS } from "./knownMetrics";

/** CloudWatch: alarms, dashboards, metrics made of logs, and request metrics of a bucket. */

const SOURCE = "hashicorp/terraform-provider-aws internal/service";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const TOPIC = "aws:sns/topic:Topic";

const DAY = 86_400;
const HOUR = 3600;
/** Widgets of one dashboard (CloudWatch quotas). */
const WIDGETS = 500;

type Item = Readonly<Record<string, unknown>>;
const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);
const items = (value: unknown): Item[] => (Array.isArray(value) ? value.filter(isItem) : []);

/** One metric of its own, or queries with one that returns data; never both (PutMetricAlarm, and the provider's own checks). */
function wrongSubject(inputs: Values): Refusal[] {
  if (inputs.metricQueries === UNKNOWN) return [];
  const queries = items(inputs.metricQueries);
  const statistics = [inputs.statistic, inputs.extendedStatistic].filter((value) => value !== undefined);
  if (queries.length === 0)
    return [
      ...refuse(inputs.metricName === undefined, "metricName", "either metricName or metricQueries must be given"),
      ...refuse(statistics.length !== 1, "statistic", "one of statistic and extendedStatistic must be given"),
      ...refuse(inputs.period === undefined, "period", "is required with metricName"),
    ];
  const own = ["metricName", "namespace", "period", "dimensions", "statistic", "extendedStatistic"];
  return [
    ...own
      .filter((name) => inputs[name] !== undefined)
      .flatMap((name) => refuse(true, name, "conflicts with metricQueries")),
    ...queries.flatMap((query) =>
      refuse(
        (query.expression === undefined) === (query.metric === undefined),
        "metricQueries",
        `${String(query.id)}: either expression or metric must be given`,
      ),
    ),
    ...refuse(
      queries.filter(({ returnData }) => returnData === true).length !== 1,
      "metricQueries",
      "exactly one query must return data",
    ),
    ...wrongIds(queries),
  ];
}

/** Ids begin with a small letter, and expressions name only ids that are there. */
function wrongIds(queries: readonly Item[]): Refusal[] {
  const ids = queries.map(({ id }) => text(id));
  return [
    ...ids
      .filter((id) => !/^[a-z][A-Za-z0-9_]*$/.test(id))
      .flatMap((id) => refuse(true, "metricQueries", `${id} is no id: it begins with a small letter`)),
    ...queries.flatMap(({ expression }) =>
      [...text(expression).matchAll(/\b[a-z][A-Za-z0-9_]*\b/g)]
        .map(([id]) => id)
        .filter((id) => !ids.includes(id))
        .flatMap((id) => refuse(true, "metricQueries", `the expression names ${id}, which is no query`)),
    ),
  ];
}

interface Watched {
  readonly namespace: unknown;
  readonly metric: unknown;
}

const watchedBy = (inputs: Values): Watched[] => [
  ...(inputs.metricName === undefined ? [] : [{ namespace: inputs.namespace, metric: inputs.metricName }]),
  ...items(inputs.metricQueries)
    .map(({ metric }) => metric)
    .filter(isItem)
    .map(({ namespace, metricName }) => ({ namespace, metric: metricName })),
];

/** An alarm on a metric that nobody tells stays silent for ever; AWS would take it. */
const unheard = (inputs: Values): Refusal[] =>
  watchedBy(inputs).flatMap(({ namespace, metric }) => {
    if (namespace === UNKNOWN || metric === UNKNOWN || !text(namespace).startsWith("AWS/")) return [];
    const known = KNOWN_METRICS[text(namespace)];
    if (known === undefined)
      return refuse(
        true,
        "namespace",
        `the rehearsal knows no metrics of ${text(namespace)}; add them to knownMetrics.ts`,
      );
    return refuse(
      !known.metrics.has(text(metric)),
      "metricName",
      `${text(namespace)} has no metric ${text(metric)} (${known.page})`,
    );
  });

/** How far an alarm may look back (PutMetricAlarm: seven days, or one day with periods below an hour). */
function wrongSpan(inputs: Values): Refusal[] {
  const periods = [
    inputs.period,
    ...items(inputs.metricQueries).map(({ metric }) => (isItem(metric) ? metric.period : undefined)),
  ];
  const longest = Math.max(0, ...periods.filter((value) => typeof value === "number"));
  const evaluated = Number(inputs.evaluationPeriods);
  return [
    ...periods
      .filter((value) => typeof value === "number")
      .filter((value) => ![10, 20, 30].includes(value) && value % 60 !== 0)
      .flatMap((value) => refuse(true, "period", `${value} is neither 10, 20, 30 nor a multiple of 60`)),
    ...refuse(
      longest * evaluated > (longest < HOUR ? DAY : 7 * DAY),
      "evaluationPeriods",
      `${evaluated} periods of ${longest} s: an alarm sees ${longest < HOUR ? "one day with periods below an hour" : "seven days"} at most`,
    ),
    ...refuse(
      typeof inputs.datapointsToAlarm === "number" && inputs.datapointsToAlarm > evaluated,
      "datapointsToAlarm",
      "must not be more than evaluationPeriods",
    ),
  ];
}

function wrongDashboard({ dashboardBody }: Values): Refusal[] {
  if (dashboardBody === UNKNOWN) return [];
  let body: unknown;
  try {
    body = JSON.parse(text(dashboardBody));
  } catch {
    return refuse(true, "dashboardBody", "is no JSON");
  }
  const widgets = isItem(body) && Array.isArray(body.widgets) ? body.widgets : undefined;
  if (widgets === undefined) return refuse(true, "dashboardBody", "has no widgets");
  return [
    ...refuse(widgets.length > WIDGETS, "dashboardBody", `has ${widgets.length} widgets; ${WIDGETS} are allowed`),
    ...items(widgets)
      .filter(({ x, width }) => Number(x ?? 0) + Number(width ?? 6) > 24)
      .flatMap(() => refuse(true, "dashboardBody", "a widget reaches beyond the 24 columns")),
  ];
}

/** Filters of one log group that may hold a regular expression (CloudWatch Logs, "Supported regular expressions"). */
const EXPRESSIONS_IN_GROUP = 5;

function wrongFilter(inputs: Values, cloud: Cloud): Refusal[] {
  if (inputs.pattern === UNKNOWN) return [];
  const pattern = text(inputs.pattern);
  const reason = wrongPattern(pattern);
  const others = cloud
    .all(FILTER)
    .filter(({ values }) => values.logGroupName === inputs.logGroupName && values.name !== inputs.name)
    .filter(({ values }) => text(values.pattern).startsWith("%"));
  return [
    ...(reason === undefined ? [] : [{ property: "pattern", reason }]),
    ...refuse(
      pattern.startsWith("%") && others.length >= EXPRESSIONS_IN_GROUP,
      "pattern",
      `a log group may have ${EXPRESSIONS_IN_GROUP} filters with a regular expression`,
    ),
  ];
}

export const cloudwatch: readonly ResourceModel[] = [
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    replaces: ["name"],
    source: `${SOURCE}/cloudwatch/metric_alarm.go`,
    published: {
      type: "AWS::CloudWatch::Alarm",
      names: {
        name: "AlarmName",
        okActions: "OKActions",
        evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile",
      },
    },
    references: {
      alarmActions: { types: [TOPIC], by: "arn" },
      okActions: { types: [TOPIC], by: "arn" },
      insufficientDataActions: { types: [TOPIC], by: "arn" },
    },
    autonamed: { property: "name", limit: 255 },
    seconds: { create: 1, update: 1, delete: 1 },
    unique: ({ name }, { region }) => (text(name) ? `${region} ${name}` : undefined),
    check: (inputs) => [...wrongSubject(inputs), ...unheard(inputs), ...wrongSpan(inputs)],
    id: ({ name }) => text(name),
    outputs: ({ name, treatMissingData, actionsEnabled }, { arn }) => ({
      arn: arn("cloudwatch", `alarm:${text(name)}`),
      treatMissingData: treatMissingData ?? "missing",
      actionsEnabled: actionsEnabled ?? true,
    }),
  },
  {
    type: "aws:cloudwatch/dashboard:Dashboard",
    replaces: ["dashboardName"],
    source: `${SOURCE}/cloudwatch/dashboard.go`,
    published: { type: "AWS::CloudWatch::Dashboard" },
    seconds: { create: 1, update: 1, delete: 1 },
    unique: ({ dashboardName }) => text(dashboardName),
    check: wrongDashboard,
    id: ({ dashboardName }) => text(dashboardName),
    outputs: ({ dashboardName }, { account }) => ({
      dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${text(dashboardName)}`,
    }),
  },
  {
    type: FILTER,
    replaces: ["logGroupName", "name"],
    source: `${SOURCE}/logs/metric_filter.go`,
    published: { type: "AWS::Logs::MetricFilter", names: { name: "FilterName", pattern: "FilterPattern" } },
    references: { logGroupName: { types: ["aws:cloudwatch/logGroup:LogGroup"], by: "name" } },
    autonamed: { property: "name", limit: 512 },
    seconds: { create: 1, update: 1, delete: 1 },
    unique: ({ name, logGroupName }, { region }) =>
      text(name) ? `${region} ${text(logGroupName)} ${name}` : undefined,
    check: wrongFilter,
    id: ({ name }) => text(name),
    outputs: ({ applyOnTransformedLogs }) => ({ applyOnTransformedLogs: applyOnTransformedLogs ?? false }),
  },
  {
    type: "aws:s3/bucketMetric:BucketMetric",
    replaces: ["bucket", "name"],
    source: `${SOURCE}/s3/bucket_metric.go`,
    references: { bucket: { types: ["aws:s3/bucket:Bucket"] } },
    autonamed: { property: "name", limit: 64 },
    seconds: { create: 1, update: 1, delete: 1 },
    unique: ({ bucket, name }) => (text(bucket) && text(name) ? `${bucket}:${name}` : undefined),
    id: ({ bucket, name }) => `${text(bucket)}:${text(name)}`,
    outputs: () => ({}),
  },
];

import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import type { AlarmPlan } from "./alarms";
import { type CloudWatchRule, runbookOf, type Severity, type Statistic } from "./alert";

const OPERATORS: Readonly<Record<CloudWatchRule["comparison"], string>> = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
  "<=": "LessThanOrEqualToThreshold",
};

/** Longest description that CloudWatch takes. */
const LONGEST_DESCRIPTION = 1024;

/** The physical name of an alarm. */
export const alarmName = ({ key }: Pick<AlarmPlan, "key">): string => physicalName("alarm", key);

/** An alarm as CloudWatch wants it; it tells its topic when it begins and when it ends. */
export function metricAlarmArgs(
  plan: AlarmPlan,
  topics: Readonly<Record<Severity, Input<string>>>,
): aws.cloudwatch.MetricAlarmArgs {
  const { alert, rule, threshold } = plan;
  const topic = topics[alert.severity];
  return {
    name: alarmName(plan),
    alarmDescription: description(plan),
    comparisonOperator: OPERATORS[rule.comparison],
    evaluationPeriods: rule.periods,
    datapointsToAlarm: rule.breaching ?? rule.periods,
    threshold,
    treatMissingData: rule.missing,
    alarmActions: [topic],
    okActions: [topic],
    ...(rule.expression === undefined ? plainMetric(plan) : metricMath(plan, rule.expression)),
  };
}

const description = ({ alert }: AlarmPlan): string =>
  `[${alert.severity}] ${alert.signal}: ${alert.limit}. ${alert.runbook.means} Runbook: ${runbookOf(alert)} (${alert.source})`.slice(
    0,
    LONGEST_DESCRIPTION,
  );

const isPercentile = (statistic: Statistic): boolean => statistic.startsWith("p");

const plainMetric = ({ rule, namespace, dimensions }: AlarmPlan): Partial<aws.cloudwatch.MetricAlarmArgs> => ({
  namespace,
  metricName: rule.metric,
  period: rule.periodSeconds,
  ...(isPercentile(rule.statistic) ? { extendedStatistic: rule.statistic } : { statistic: rule.statistic }),
  ...(Object.keys(dimensions).length > 0 ? { dimensions } : {}),
});

const metricMath = (
  { rule, namespace, dimensions, alert }: AlarmPlan,
  expression: string,
): Partial<aws.cloudwatch.MetricAlarmArgs> => ({
  metricQueries: [
    ...Object.entries({ m1: rule, ...rule.others }).map(([id, { metric, statistic }]) => ({
      id,
      metric: { namespace, metricName: metric, dimensions, period: rule.periodSeconds, stat: statistic },
    })),
    { id: "e1", expression, label: alert.signal, returnData: true },
  ],
});

import { describe, expect, it } from "vitest";
import { cloudwatch } from "../../../rehearsal/aws/cloudwatch";
import { wrongPattern } from "../../../rehearsal/aws/filterPattern";
import { kms } from "../../../rehearsal/aws/kms";
import { logs } from "../../../rehearsal/aws/logs";
import { sns } from "../../../rehearsal/aws/sns";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const TOPIC = "aws:sns/topic:Topic";

const cloud = () => oneCloud([...cloudwatch, ...logs, ...sns, ...kms]);

const alarm = (more: object = {}) => ({
  name: "cpu",
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 5,
  threshold: 90,
  namespace: "AWS/RDS",
  metricName: "CPUUtilization",
  statistic: "Average",
  period: 60,
  ...more,
});
const math = (metricQueries: readonly object[]) => {
  const { namespace: _n, metricName: _m, statistic: _s, period: _p, ...rest } = alarm();
  return { ...rest, metricQueries };
};
const M1 = { id: "m1", metric: { namespace: "AWS/RDS", metricName: "FreeStorageSpace", period: 60, stat: "Average" } };

describe("an alarm in the rehearsal", () => {
  it("has an ARN of its name, and the defaults of CloudWatch", async () => {
    const made = await cloud().create(ALARM, alarm());
    expect(made.id).toBe("cpu");
    expect(made).toMatchObject({
      arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu",
      treatMissingData: "missing",
      actionsEnabled: true,
    });
  });

  it.each([
    ["a metric that its service does not tell", alarm({ metricName: "CpuUtilisation" }), /AWS\/RDS has no metric/],
    ["a namespace that nobody looked up", alarm({ namespace: "AWS/Nothing" }), /knows no metrics of AWS\/Nothing/],
    ["a wrong operator", alarm({ comparisonOperator: "Above" }), /comparisonOperator/],
    ["a wrong statistic", alarm({ statistic: "Mean" }), /statistic/],
    ["two statistics", alarm({ extendedStatistic: "p90" }), /one of statistic and extendedStatistic/],
    ["a period of 45 seconds", alarm({ period: 45 }), /multiple of 60/],
    ["more than a day of minutes", alarm({ evaluationPeriods: 1441 }), /one day/],
    ["more than a week of hours", alarm({ period: 3600, evaluationPeriods: 169 }), /seven days/],
    ["more points than periods", alarm({ datapointsToAlarm: 6 }), /not be more than evaluationPeriods/],
    [
      "a metric beside queries",
      { ...alarm(), metricQueries: [{ ...M1, returnData: true }] },
      /conflicts with metricQueries/,
    ],
    ["no query that returns data", math([M1]), /exactly one query/],
    [
      "an expression and a metric in one",
      math([{ ...M1, expression: "1", returnData: true }]),
      /either expression or metric/,
    ],
    [
      "an expression of an unknown query",
      math([M1, { id: "e1", expression: "m1 / m2", returnData: true }]),
      /names m2/,
    ],
    ["an id with a capital", math([{ ...M1, id: "M1", returnData: true }]), /begins with a small letter/],
    [
      "an unknown metric in a query",
      math([{ id: "m1", returnData: true, metric: { ...M1.metric, metricName: "Free" } }]),
      /has no metric Free/,
    ],
  ])("is refused with %s", (_what, inputs, reason) => {
    expect(cloud().check(ALARM, inputs).join("\n")).toMatch(reason);
  });

  it.each([
    ["a day of minutes", alarm({ evaluationPeriods: 1440 })],
    ["26 hours", alarm({ period: 3600, evaluationPeriods: 26 })],
    ["metric math", math([M1, { id: "e1", expression: "-1 * DIFF(m1)", returnData: true }])],
    ["a percentile", alarm({ statistic: undefined, extendedStatistic: "p90" })],
    ["a metric of our own", alarm({ namespace: "ScalingLadder/test", metricName: "Anything" })],
    ["values that are not known yet", alarm({ metricName: UNKNOWN, alarmActions: [UNKNOWN] })],
  ])("is taken with %s", (_what, inputs) => {
    expect(cloud().check(ALARM, inputs)).toEqual([]);
  });

  it("tells only a topic that is there", async () => {
    const aws = cloud();
    const topic = await aws.create(TOPIC, { name: "alerts" });
    await aws.create(ALARM, alarm({ alarmActions: [topic.arn] }));
    await expect(
      aws.create(ALARM, alarm({ name: "other", alarmActions: ["arn:aws:sns:us-east-1:123456789012:gone"] })),
    ).rejects.toThrow(/there is no/);
  });

  it("is made anew only for another name", () => {
    expect(cloud().replaces(ALARM, alarm(), alarm({ threshold: 80, period: 120, metricName: "DBLoad" }))).toEqual([]);
    expect(cloud().replaces(ALARM, alarm(), alarm({ name: "other" }))).toEqual(["name"]);
  });

  it("cannot share its name", async () => {
    const aws = cloud();
    await aws.create(ALARM, alarm());
    await expect(aws.create(ALARM, alarm())).rejects.toThrow(/already exists/);
  });
});

describe("a dashboard in the rehearsal", () => {
  const body = (widgets: unknown) => ({ dashboardName: "overview", dashboardBody: JSON.stringify({ widgets }) });

  it.each([
    ["no JSON", { dashboardName: "overview", dashboardBody: "{" }, /no JSON/],
    ["no widgets", { dashboardName: "overview", dashboardBody: "{}" }, /no widgets/],
    ["501 widgets", body(Array.from({ length: 501 }, () => ({}))), /500 are allowed/],
    ["a widget beyond the grid", body([{ x: 20, width: 8 }]), /24 columns/],
  ])("is refused with %s", (_what, inputs, reason) => {
    expect(cloud().check(DASHBOARD, inputs).join()).toMatch(reason);
  });

  it("is taken, and made anew only for another name", async () => {
    const made = await cloud().create(DASHBOARD, body([{ x: 0, y: 0, width: 24, height: 3, type: "text" }]));
    expect(made.dashboardArn).toBe("arn:aws:cloudwatch::123456789012:dashboard/overview");
    expect(cloud().replaces(DASHBOARD, body([]), body([{}]))).toEqual([]);
    expect(cloud().replaces(DASHBOARD, body([]), { ...body([]), dashboardName: "other" })).toEqual(["dashboardName"]);
  });
});

describe("a metric filter in the rehearsal", () => {
  const filter = (name: string, pattern: string, logGroupName = "/aws/rds/instance/db/postgresql") => ({
    name,
    logGroupName,
    pattern,
    metricTransformation: { name: "Slow", namespace: "ScalingLadder/test", value: "1" },
  });

  it("needs its log group", async () => {
    const aws = cloud();
    await expect(aws.create(FILTER, filter("slow", '"FATAL:"'))).rejects.toThrow(/there is no .*LogGroup/);
    await aws.create(GROUP, { name: "/aws/rds/instance/db/postgresql" });
    await aws.create(FILTER, filter("slow", '"FATAL:"'));
  });

  it("takes no sixth expression in one group", async () => {
    const aws = cloud();
    await aws.create(GROUP, { name: "/aws/rds/instance/db/postgresql" });
    for (const index of [1, 2, 3, 4, 5]) await aws.create(FILTER, filter(`slow${index}`, "%[0-9]+%"));
    await expect(aws.create(FILTER, filter("slow6", "%[0-9]+%"))).rejects.toThrow(/5 filters/);
    await aws.create(FILTER, filter("slow6", '"FATAL:"'));
  });

  it("is made anew for another name or group, and not for another pattern", () => {
    const aws = cloud();
    expect(aws.replaces(FILTER, filter("slow", "a"), filter("slow", "b"))).toEqual([]);
    expect(aws.replaces(FILTER, filter("slow", "a"), filter("other", "a", "/other"))).toEqual(
      expect.arrayContaining(["name", "logGroupName"]),
    );
  });

  it.each([
    [String.raw`%duration:\s[0-9]+%`, true],
    ["%duration: [0-9]+%", false],
    ["%(a|b)%", false],
    ["%open", false],
    ['"FATAL:"', true],
    ["FATAL:", false],
    ['?"ERROR:" ?"PANIC:" -deadlock', true],
    ["{ $.level = 1 }", true],
    ["{ $.level = 1", false],
    ["[date, time, ms >= 1000]", true],
    ["", true],
  ])("reads the pattern %s: taken %s", (pattern, taken) => {
    expect(wrongPattern(pattern) === undefined).toBe(taken);
  });
});

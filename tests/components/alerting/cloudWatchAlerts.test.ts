import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { CloudWatchAlerts, type CloudWatchAlertsArgs } from "../../../components/alerting/cloudWatchAlerts";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";
import { FACTS } from "../../unit/alerting/sample";
import { ACCOUNT, BUCKET, holding, PRIMARY, REPLICAS, watchedDatabase } from "./watched";

const CRITICAL = `arn:aws:sns:us-east-1:${ACCOUNT}:critical`;
const WARNING = `arn:aws:sns:us-east-1:${ACCOUNT}:warning`;

type More = Partial<Omit<CloudWatchAlertsArgs, "database">>;

async function makeAlerts(more: More = {}, database: { replicas?: string[]; proxy?: boolean } = {}) {
  const cloud = rehearsedMocks();
  for (const arn of [CRITICAL, WARNING]) holding(cloud, "aws:sns/topic:Topic", arn, { arn });
  for (const bucket of [BUCKET, `${BUCKET}-copy`]) holding(cloud, "aws:s3/bucket:Bucket", bucket, { bucket });
  const records = recording();
  const alerts = new CloudWatchAlerts(
    "watch",
    {
      topics: { critical: CRITICAL, warning: WARNING },
      accountId: ACCOUNT,
      region: "us-east-1",
      facts: FACTS,
      database: watchedDatabase(cloud, database),
      cache: { memberIds: ["aibase-test-cache-0001-001", "aibase-test-cache-0001-002"] },
      files: { bucketName: BUCKET, replication: { replicaBucketName: `${BUCKET}-copy`, ruleId: "everything" } },
      backup: { vaultName: "aibase-test-backups", copyVaultName: "aibase-test-backup-copies", dumps: ["aibase"] },
      ...more,
    },
    records.opts,
  );
  await records.made();
  const alarm = (key: string) => cloud.one("metricAlarm:MetricAlarm", `watch-${key}`).inputs;
  return { alerts, alarm, ...cloud, ...records };
}

/** The alerts of a stack that has everything: near a hundred resources, made once for all tests that only look at them. */
let made: ReturnType<typeof makeAlerts> | undefined;
const whole = (): ReturnType<typeof makeAlerts> => {
  made ??= makeAlerts();
  return made;
};

describe("the alarms of a stack", () => {
  it("are made for each plan, under names that it tells", async () => {
    const { alerts, all, find } = await whole();
    const names = all("metricAlarm:MetricAlarm").map(({ inputs }) => inputs.name);
    expect([...alerts.alarmNames].sort()).toEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^aibase-test-/);
    expect(find("watch-slow-query").opts.parent).toBe(alerts);
  });

  it("tell the topic of their severity when they begin and when they end", async () => {
    const { alarm } = await whole();
    expect(alarm("slow-query")).toMatchObject({ alarmActions: [WARNING], okActions: [WARNING] });
    expect(alarm("very-slow-query")).toMatchObject({ alarmActions: [CRITICAL], okActions: [CRITICAL] });
  });

  it("S3-38: 160 of 200 connections for ten minutes, on primary and replicas", async () => {
    const { alarm } = await whole();
    for (const instance of [PRIMARY, ...REPLICAS])
      expect(alarm(`database-connections-high-${instance}`)).toMatchObject({
        threshold: 160,
        namespace: "AWS/RDS",
        metricName: "DatabaseConnections",
        dimensions: { DBInstanceIdentifier: instance },
        period: 60,
        evaluationPeriods: 10,
        datapointsToAlarm: 10,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
      });
  });

  it("S3-40: growth, by the days of a week", async () => {
    const { alarm } = await whole();
    expect(alarm("database-growth")).toMatchObject({
      evaluationPeriods: 7,
      datapointsToAlarm: 5,
      metricQueries: [
        { id: "m1", metric: { metricName: "FreeStorageSpace", period: 86_400, stat: "Average" } },
        { id: "e1", expression: "-1 * DIFF(m1)", returnData: true },
      ],
    });
    expect(alarm("database-growth").metricName).toBeUndefined();
  });

  it("S3-41: memory, by what the instance has", async () => {
    const { alarm } = await makeAlerts({ facts: { ...FACTS, memoryGiB: 16 } });
    expect(alarm(`database-memory-high-${PRIMARY}`).threshold).toBeCloseTo(0.2 * 16 * 1024 ** 3, 1);
  });

  it("S0-35: the objective, through the proxy or without one", async () => {
    const proxied = (await whole()).alarm("availability-fast-burn");
    expect(proxied).toMatchObject({ threshold: 98.56, metricName: "AvailabilityPercentage", period: 3600 });
    const direct = (await makeAlerts({}, { proxy: false })).alarm("availability-fast-burn");
    expect(direct.metricQueries).toContainEqual(
      expect.objectContaining({ expression: "100 * FILL(m1, 0) / (PERIOD(m1) / 60)" }),
    );
  });

  it("write percentiles where CloudWatch wants them", async () => {
    const { alarm } = await whole();
    expect(alarm("proxy-borrow-latency")).toMatchObject({ extendedStatistic: "p95" });
    expect(alarm("proxy-borrow-latency").statistic).toBeUndefined();
  });

  it("say in a description what they mean, and where the runbook is", async () => {
    const { all } = await whole();
    for (const { inputs } of all("metricAlarm:MetricAlarm")) {
      expect(inputs.alarmDescription).toMatch(/^\[(warning|critical)\] .*Runbook: docs\/alerts\.md#/);
      expect(String(inputs.alarmDescription).length).toBeLessThanOrEqual(1024);
    }
  });

  it("can be transformed", async () => {
    const { all } = await makeAlerts({
      transform: { alarm: (args: aws.cloudwatch.MetricAlarmArgs) => ({ ...args, actionsEnabled: false }) },
    });
    for (const { inputs } of all("metricAlarm:MetricAlarm")) expect(inputs.actionsEnabled).toBe(false);
  });

  it("are as few as the stack has things", async () => {
    const { all, alerts } = await makeAlerts({ cache: undefined, files: undefined, backup: undefined } as More, {
      replicas: [],
      proxy: false,
    });
    expect(alerts.alarmNames.filter((name) => /replica-|proxy|cache-|files|backup|dump/.test(name))).toEqual([]);
    expect(all("bucketMetric:BucketMetric")).toEqual([]);
    expect(all("logMetricFilter:LogMetricFilter")).toHaveLength(5);
  });
});

describe("what the alarms need", () => {
  it("S3-39, S4-38: filters of each postgresql log, and of no other, that count from zero", async () => {
    const { all } = await whole();
    const filters = all("logMetricFilter:LogMetricFilter").map(({ inputs }) => inputs);
    expect(filters).toHaveLength(15);
    for (const { logGroupName } of filters) expect(logGroupName).toMatch(/\/postgresql$/);
    expect(filters.find(({ name }) => String(name).endsWith("primary-statementsover5s"))).toMatchObject({
      metricTransformation: {
        name: "StatementsOver5s",
        namespace: "ScalingLadder/test",
        value: "1",
        defaultValue: "0",
      },
    });
  });

  it("are waited for: log groups before their filters, instances before their events", async () => {
    const { find } = await whole();
    expect(find(`watch-${PRIMARY}-StatementsOver1s`).opts.dependsOn).toHaveLength(1);
    expect(find("watch-events-critical").opts.dependsOn).toEqual([expect.any(pulumi.ComponentResource)]);
  });

  it("subscribe to RDS events, urgent ones apart from the rest, and to none of the daily ones", async () => {
    const { one } = await whole();
    expect(one("eventSubscription:EventSubscription", "critical").inputs).toMatchObject({
      snsTopic: CRITICAL,
      sourceType: "db-instance",
      sourceIds: [PRIMARY, ...REPLICAS],
      eventCategories: ["availability", "failover", "failure", "low storage", "recovery"],
    });
    const warning = one("eventSubscription:EventSubscription", "warning").inputs;
    expect(warning.snsTopic).toBe(WARNING);
    expect(warning.eventCategories).toContain("notification");
    expect(warning.eventCategories).not.toContain("backup");
  });

  it("are request metrics of the whole bucket", async () => {
    const { one } = await whole();
    expect(one("bucketMetric:BucketMetric").inputs).toMatchObject({ bucket: BUCKET, name: "EntireBucket" });
  });
});

describe("the dashboard of a stack", () => {
  it("is there under an address, and shows every alarm by its ARN", async () => {
    const { alerts, one } = await whole();
    expect(alerts.dashboardName).toBe("aibase-test-overview");
    expect(await resolved(alerts.dashboardUrl)).toBe(
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/aibase-test-overview",
    );
    const body = JSON.parse(String(one("dashboard:Dashboard").inputs.dashboardBody)) as {
      widgets: { type: string; properties: { alarms?: string[] } }[];
    };
    const shown = body.widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(shown).toEqual(alerts.alarmNames.map((name) => `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${name}`));
  });

  it("can be transformed", async () => {
    const { one } = await makeAlerts({
      transform: { dashboard: (args) => ({ ...args, dashboardName: "mine" }) },
    });
    expect(one("dashboard:Dashboard").inputs.dashboardName).toBe("mine");
  });
});

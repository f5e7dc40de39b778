import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { type Transform, transformed } from "../transform";
import { type AlarmPlan, type Estate, planAlarms, WHOLE_BUCKET } from "./alarms";
import type { Facts, Severity } from "./alert";
import { CATALOGUE } from "./catalogue";
import { dashboardBody } from "./dashboard";
import { databaseEvents } from "./databaseEvents";
import { LOG_PATTERNS, type LogMetric, logNamespace } from "./logMetrics";
import { alarmName, metricAlarmArgs } from "./metricAlarm";

/** The database that is watched: RdsDatabase is one. What names its instances or its logs waits for them. */
export interface WatchedDatabase extends pulumi.Resource {
  readonly primaryIdentifier: string;
  readonly replicaIdentifiers: readonly string[];
  /** Left out where the writer is reached directly. */
  readonly proxyName?: string;
  /** Log groups that RDS exports to; those of the type `postgresql` get filters. */
  readonly logGroupNames: readonly string[];
  readonly logGroups: readonly pulumi.Resource[];
}

export interface CloudWatchAlertsArgs {
  /** Topics of AlertTopics. */
  readonly topics: Readonly<Record<Severity, pulumi.Input<string>>>;
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Figures that thresholds are made of. Changed in place. */
  readonly facts: Facts;
  readonly database: WatchedDatabase;
  readonly cache?: { readonly memberIds: readonly string[] };
  readonly files?: {
    readonly bucketName: pulumi.Input<string>;
    readonly replication?: { readonly replicaBucketName: pulumi.Input<string>; readonly ruleId: pulumi.Input<string> };
  };
  readonly backup?: {
    readonly vaultName: pulumi.Input<string>;
    /** Vault of the copies; without it only an event of the vault tells that one failed. */
    readonly copyVaultName?: pulumi.Input<string> | undefined;
    /** Databases that are dumped daily. Default: none. */
    readonly dumps?: readonly string[];
  };
  readonly transform?: {
    readonly alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
    readonly dashboard?: Transform<aws.cloudwatch.DashboardArgs>;
  };
}

/**
 * The catalogue of alerts as CloudWatch alarms, with what they need: filters of the database's logs, request metrics of the
 * bucket, subscriptions to RDS events, and a dashboard. About 0.10 USD a month for each alarm, 0.30 USD for each metric of
 * filters and requests, 3 USD for the dashboard (CloudWatch pricing, us-east-1): near 20 USD for an enterprise stack.
 */
export class CloudWatchAlerts extends pulumi.ComponentResource {
  readonly alarmNames: readonly string[];
  readonly dashboardName: string;
  readonly dashboardUrl: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: CloudWatchAlertsArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { region, database } = args;
    super("scaling-ladder:alerting:CloudWatchAlerts", name, { region }, opts);
    const estate = estateOf(args);
    const plans = planAlarms(CATALOGUE, estate, args.facts);

    this.makeLogFilters(name, estate.stack);
    this.makeRequestMetrics(name);
    for (const plan of plans) this.makeAlarm(name, plan);
    databaseEvents(
      `${name}-events`,
      { instances: [database.primaryIdentifier, ...database.replicaIdentifiers], topics: args.topics, region },
      { parent: this, dependsOn: database },
    );
    const dashboard = this.makeDashboard(name, estate, plans);

    this.alarmNames = plans.map(alarmName);
    this.dashboardName = physicalName("dashboard", "overview");
    this.dashboardUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ dashboardUrl: this.dashboardUrl });
  }

  private makeLogFilters(name: string, stack: string): void {
    const { logGroupNames, logGroups } = this.args.database;
    for (const logGroupName of logGroupNames.filter((group) => group.endsWith("/postgresql")))
      for (const metric of Object.keys(LOG_PATTERNS) as LogMetric[]) {
        const instance = logGroupName.split("/").at(-2) ?? "";
        new aws.cloudwatch.LogMetricFilter(
          `${name}-${instance}-${metric}`,
          {
            name: physicalName("logGroup", `${instance}-${metric}`),
            logGroupName,
            pattern: LOG_PATTERNS[metric],
            // Zero where nothing matches, so that the metric is there and its graph is not broken.
            metricTransformation: {
              name: metric,
              namespace: logNamespace(stack),
              value: "1",
              defaultValue: "0",
              unit: "Count",
            },
            region: this.args.region,
          },
          { parent: this, dependsOn: [...logGroups] },
        );
      }
  }

  private makeRequestMetrics(name: string): void {
    const { files, region } = this.args;
    if (files === undefined) return;
    new aws.s3.BucketMetric(
      `${name}-requests`,
      { bucket: files.bucketName, name: WHOLE_BUCKET, region },
      { parent: this },
    );
  }

  private makeAlarm(name: string, plan: AlarmPlan): void {
    const { topics, region, transform } = this.args;
    const defaults = { ...metricAlarmArgs(plan, topics), region };
    new aws.cloudwatch.MetricAlarm(`${name}-${plan.key}`, transformed(defaults, transform?.alarm), { parent: this });
  }

  private makeDashboard(name: string, estate: Estate, plans: readonly AlarmPlan[]): aws.cloudwatch.Dashboard {
    const { region, accountId, facts, transform } = this.args;
    const alarms = plans.map(
      (plan) => pulumi.interpolate`arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName(plan)}`,
    );
    const defaults: aws.cloudwatch.DashboardArgs = {
      dashboardName: physicalName("dashboard", "overview"),
      dashboardBody: pulumi.jsonStringify(dashboardBody({ region, estate, facts, alarms })),
      region,
    };
    return new aws.cloudwatch.Dashboard(`${name}-dashboard`, transformed(defaults, transform?.dashboard), {
      parent: this,
    });
  }
}

const estateOf = ({ database, cache, files, backup }: CloudWatchAlertsArgs): Estate => ({
  stack: pulumi.getStack(),
  primaryIdentifier: database.primaryIdentifier,
  replicaIdentifiers: database.replicaIdentifiers,
  ...(database.proxyName === undefined ? {} : { proxyName: database.proxyName }),
  cacheMemberIds: cache?.memberIds ?? [],
  ...(files === undefined ? {} : { bucketName: files.bucketName }),
  ...(files?.replication === undefined ? {} : { replication: files.replication }),
  ...(backup === undefined ? {} : { vaultName: backup.vaultName }),
  ...(backup?.copyVaultName === undefined ? {} : { copyVaultName: backup.copyVaultName }),
  dumps: backup?.dumps ?? [],
});

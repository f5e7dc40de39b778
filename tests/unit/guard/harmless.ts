import { UNKNOWN } from "../../../guard/change";
import { BLOCKED, CNPG, DB, edit, GROUP, PRIMARY, REPLICA, rules, s3, storage } from "./parts";
import { create, type RawStep, remove, replace, update } from "./steps";

/** What must pass without a word. */
export const HARMLESS: readonly (readonly [string, readonly RawStep[]])[] = [
  ["another instance class", [edit({ instanceClass: "db.m7g.2xlarge" })]],
  ["other tags", [edit({ tags: { Name: "aibase-prod-primary", team: "data" } })]],
  ["more storage", [edit({ allocatedStorage: 400, maxAllocatedStorage: 2000 })]],
  [
    "more days of backups",
    [update(DB, "d", { ...PRIMARY, backupRetentionPeriod: 7 }, { ...PRIMARY, backupRetentionPeriod: 35 })],
  ],
  ["a newer minor version", [edit({ engineVersion: "16.10" })]],
  ["a version without its minor part", [edit({ engineVersion: "16" })]],
  ["another parameter group", [edit({ parameterGroupName: "aibase-prod-2" })]],
  ["a standby added", [update(DB, "d", { ...PRIMARY, multiAz: false }, PRIMARY)]],
  ["deletion protection turned on", [update(DB, "d", { ...PRIMARY, deletionProtection: false }, PRIMARY)]],
  ["an added replica", [create(DB, "database-replica-3", REPLICA)]],
  [
    "a first deployment",
    [create(DB, "database-primary", PRIMARY), create(s3("bucket"), "files-bucket", { bucket: "a" })],
  ],
  ["an added alarm", [create("aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", { threshold: 80 })]],
  ["a removed alarm", [remove("aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", { threshold: 80 })]],
  ["an alarm made anew", replace("aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", { name: "a" }, { name: "b" })],
  [
    "a parameter group made anew",
    replace("aws:rds/parameterGroup:ParameterGroup", "parameters", { family: "postgres15" }, { family: "postgres16" }),
  ],
  [
    "a changed parameter",
    [
      update(
        "aws:rds/parameterGroup:ParameterGroup",
        "parameters",
        { parameters: [] },
        { parameters: [{ name: "work_mem", value: "8192" }] },
      ),
    ],
  ],
  [
    "a longer retention of logs",
    [update("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 30 }, { retentionInDays: 90 })],
  ],
  [
    "more replicas of the application",
    [
      update(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        "hpa",
        { spec: { maxReplicas: 12 } },
        { spec: { maxReplicas: 24 } },
      ),
    ],
  ],
  [
    "another image",
    [
      update(
        "kubernetes:apps/v1:Deployment",
        "app",
        { spec: { image: "a@sha256:1" } },
        { spec: { image: "a@sha256:2" } },
      ),
    ],
  ],
  [
    "a deployment made anew",
    replace("kubernetes:apps/v1:Deployment", "app", { metadata: { name: "a" } }, { metadata: { name: "b" } }),
  ],
  ["another budget", [update("aws:budgets/budget:Budget", "budget", { limitAmount: "1000" }, { limitAmount: "1500" })]],
  [
    "a component that is gone",
    [
      {
        ...remove("scaling-ladder:database:RdsDatabase", "database", {}),
        oldState: { type: "scaling-ladder:database:RdsDatabase", custom: false, protect: true },
      },
    ],
  ],
  [
    "a resource that was only read",
    [
      {
        ...remove(s3("bucket"), "adopted", {}),
        op: "discard",
        oldState: { type: s3("bucket"), custom: true, external: true },
      },
    ],
  ],
  [
    "a subnet that joins the group",
    [update(GROUP, "database-subnets", { subnetIds: ["a", "b"] }, { subnetIds: ["a", "b", "c"] })],
  ],
  ["a bigger PostgreSQL volume", [update(CNPG, "pg", storage("500Gi"), storage("1Ti"))]],
  [
    "versions that are kept longer",
    [update(s3("bucketLifecycleConfiguration"), "l", { rules: rules(7) }, { rules: rules(90) })],
  ],
  [
    "a key that the provider says is the same",
    [
      {
        ...edit({ kmsKeyId: UNKNOWN, tags: {} }),
        diffReasons: ["tags"],
        detailedDiff: { tags: { kind: "update", inputDiff: false } },
      },
    ],
  ],
  [
    "a tightened public-access block",
    [update(s3("bucketPublicAccessBlock"), "b", { ...BLOCKED, blockPublicPolicy: false }, BLOCKED)],
  ],
  [
    "more days until a key's end",
    [update("aws:kms/key:Key", "key", { deletionWindowInDays: 7 }, { deletionWindowInDays: 30 })],
  ],
];

/** What is shown and does not fail the check. */
export const ADVISED: readonly (readonly [string, readonly RawStep[], string])[] = [
  ["no standby", [edit({ multiAz: false })], "multiAz"],
  ["a major upgrade", [edit({ engineVersion: "17.5" })], "engineVersion"],
  [
    "a shorter retention of logs",
    [update("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 90 }, { retentionInDays: 30 })],
    "retentionInDays",
  ],
  [
    "a cache without failover",
    [
      update(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        { automaticFailoverEnabled: true },
        { automaticFailoverEnabled: false },
      ),
    ],
    "automaticFailoverEnabled",
  ],
];

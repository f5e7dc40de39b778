import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { app, type Case, type Cases, resource } from "./cases";
import { caseOf } from "./oneCase";

const TYPES = [
  "scaling-ladder:database:RdsDatabase",
  "scaling-ladder:files:S3Files",
  "scaling-ladder:cache:RedisCache",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:kms/key:Key",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "kubernetes:apps/v1:Deployment",
];
const parts = (without?: string) => TYPES.filter((type) => type !== without).map((type) => resource(type, {}));
const tier = (name: Value) => app({ tier: name });

const SUBSTANCE: readonly Case[] = [
  caseOf("pass", "a whole stack", [tier("smb"), ...parts()]),
  caseOf("pass", "a whole stack whose database, cache and alerts are in its cluster", [
    tier("smb"),
    ...[
      "kubernetes:postgresql.cnpg.io/v1:Cluster",
      "scaling-ladder:database:CloudNativePg",
      "scaling-ladder:files:MinioFiles",
      "scaling-ladder:cache:KubernetesRedis",
      "aws:kms/key:Key",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      "kubernetes:apps/v1:Deployment",
    ].map((type) => resource(type, {})),
  ]),
  caseOf("pass", "a tier on SQLite beside something in the cloud", [
    tier("small-team"),
    resource("aws:s3/bucket:Bucket", {}),
  ]),
  caseOf("pass", "nothing in the cloud", tier("enterprise")),
  caseOf("pass", "a stack of somebody else", resource("aws:s3/bucket:Bucket", {})),
  ...TYPES.map((type) => ({
    ...caseOf("fail", `no ${type}`, [tier("enterprise"), ...parts(type)], "violated"),
    says: ["The stack lacks", type.startsWith("scaling-ladder") ? `(${type.replace(/[^:]*$/, "*")})` : `(${type}`],
  })),
  { ...caseOf("fail", "no application", parts(), "violated"), says: ["an application (scaling-ladder:app:*)."] },
  caseOf("absent", "no tier", [app({}), resource("aws:s3/bucket:Bucket", {})], "violated"),
  caseOf("wrong type", "a tier that is a number", [tier(7), resource("aws:s3/bucket:Bucket", {})], "violated"),
  caseOf("unknown", "the tier", [tier(UNKNOWN), resource("aws:s3/bucket:Bucket", {})], "unverified"),
  caseOf("secret", "a secret tier", [tier(new Secret("development")), resource("aws:s3/bucket:Bucket", {})]),
];

export const CASES: Cases = { "policy-not-vacuous": SUBSTANCE };

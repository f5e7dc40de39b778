import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, resource } from "./cases";
import { caseOf } from "./oneCase";

const STATEFUL = [
  "rds/instance:Instance",
  "elasticache/replicationGroup:ReplicationGroup",
  "s3/bucket:Bucket",
  "kms/key:Key",
  "backup/vault:Vault",
  "eks/cluster:Cluster",
  "ec2/vpc:Vpc",
  "route53/zone:Zone",
];
const made = (type: string, protect: boolean, ignoreChanges: readonly string[] = [], props: Value = {}) =>
  resource(`aws:${type}`, props, "it", { protect, ignoreChanges });
const database = (replicateSourceDb: Value) => made("rds/instance:Instance", false, [], { replicateSourceDb });
const ignoring = (...paths: readonly string[]) => made("s3/bucketPolicy:BucketPolicy", false, paths);

/** Every input that a rule looks at and that must therefore not be ignored. */
const JUDGED = [
  "policy",
  "assumeRolePolicy",
  "inlinePolicies",
  "managedPolicyArns",
  "permissionsBoundary",
  "ingress",
  "egress",
  "cidrIpv4",
  "cidrIpv6",
  "cidrBlocks",
  "ipv6CidrBlocks",
  "mapPublicIpOnLaunch",
  "vpcSecurityGroupIds",
  "securityGroupIds",
  "publiclyAccessible",
  "vpcConfig",
  "requireTls",
  "storageEncrypted",
  "atRestEncryptionEnabled",
  "transitEncryptionEnabled",
  "transitEncryptionMode",
  "kmsKeyId",
  "kmsKeyArn",
  "kmsMasterKeyId",
  "enableKeyRotation",
  "encryptionConfig",
  "rules",
  "userGroupIds",
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
  "deletionProtection",
  "backupRetentionPeriod",
  "skipFinalSnapshot",
  "retentionInDays",
  "iamDatabaseAuthenticationEnabled",
  "parameters",
  "alarmActions",
  "actionsEnabled",
  "enabledClusterLogTypes",
  "viewerCertificate",
];

const PROTECTED: readonly Case[] = [
  ...STATEFUL.map((type) => caseOf("pass", `${type}, protected`, made(type, true))),
  ...STATEFUL.map((type) => caseOf("fail", type, made(type, false), "violated")),
  caseOf("pass", "what holds no data", made("sns/topic:Topic", false)),
  caseOf("pass", "a read replica", database("primary")),
  caseOf("absent", "no source", database(null), "violated"),
  caseOf("unknown", "the source of a replica", database(UNKNOWN)),
  caseOf("secret", "a secret source", database(new Secret("primary"))),
  caseOf("wrong type", "a source that is a number", database(7)),
  ...JUDGED.map((input) => caseOf("fail", `ignores ${input}`, ignoring(input), "violated")),
  caseOf("pass", "an ignored size", ignoring("size", "tags")),
  ...[
    'policy["x"]',
    '["policy"]',
    "rules[0].applyServerSideEncryptionByDefault",
    "vpcConfig.endpointPublicAccess",
    "*",
  ].map((path) => caseOf("fail", `ignores ${path}`, ignoring("size", path), "violated")),
  caseOf("fail", "a key that can change", made("cloudwatch/logGroup:LogGroup", false, ["kmsKeyId"]), "violated"),
  caseOf("pass", "a database's key, which cannot", made("rds/instance:Instance", true, ["kmsKeyId"])),
  caseOf("fail", "a database's network", made("rds/instance:Instance", true, ["publiclyAccessible"]), "violated"),
  {
    ...caseOf("fail", "both", made("s3/bucket:Bucket", false, ["deletionProtection"]), "violated", "violated"),
    says: ["`protect` must be true", "hides what rules look at: deletionProtection."],
  },
];

export const CASES: Cases = { "stateful-protected": PROTECTED };

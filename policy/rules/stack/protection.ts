import { type Judgements, violated } from "../../checks/property";
import { read } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import { ONLY_FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";

/** What holds data, or what data cannot be read or reached without. */
const STATEFUL = [
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:backup/vault:Vault",
  "aws:eks/cluster:Cluster",
  "aws:ec2/vpc:Vpc",
  "aws:route53/zone:Zone",
];

/** Inputs that other rules judge: what is ignored stays as it is in the cloud, whatever the program says. */
const SECURITY = new Set([
  ...["*", "policy", "assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "permissionsBoundary"],
  ...["ingress", "egress", "cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "mapPublicIpOnLaunch"],
  ...["vpcSecurityGroupIds", "securityGroupIds", "publiclyAccessible", "vpcConfig", "requireTls"],
  ...["storageEncrypted", "atRestEncryptionEnabled", "transitEncryptionEnabled", "transitEncryptionMode"],
  ...["kmsKeyId", "kmsKeyArn", "kmsMasterKeyId", "enableKeyRotation", "encryptionConfig", "rules", "userGroupIds"],
  ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets", "deletionProtection"],
  ...["backupRetentionPeriod", "skipFinalSnapshot", "retentionInDays", "iamDatabaseAuthenticationEnabled"],
  ...["parameters", "alarmActions", "actionsEnabled", "enabledClusterLogTypes", "viewerCertificate"],
]);

/** A key that can never change: it is read when the database is made, and judged then. */
const readOnce = (type: string, input: string): boolean => type === "aws:rds/instance:Instance" && input === "kmsKeyId";

/** The input that a path of `ignoreChanges` begins with: `vpcConfig.endpointPublicAccess` and `rules[0]` hide theirs too. */
const firstOf = (path: string): string =>
  path
    .replace(/^\["?/, "")
    .split(/[.["\]]/)
    .find(Boolean) ?? "";

/** A read replica holds a copy only; it can be made anew from its primary. */
const isReplica = ({ props }: ResourceView): boolean => read(props, "replicateSourceDb").state !== "absent";

function check(resource: ResourceView): Judgements {
  const { type, options } = resource;
  const hidden = options.ignoreChanges.filter((path) => SECURITY.has(firstOf(path)) && !readOnce(type, firstOf(path)));
  const open = STATEFUL.includes(type) && !options.protect && !isReplica(resource);
  return [
    ...(open ? violated("It is not protected: `protect` must be true.") : []),
    ...(hidden.length > 0 ? violated(`\`ignoreChanges\` hides what rules look at: ${hidden.join(", ")}.`) : []),
  ];
}

const statefulProtected: ResourceRule = {
  scope: "resource",
  name: "stateful-protected",
  description: "The engine refuses to delete what holds data, and no input that a rule judges is ignored.",
  why: "One wrong line in a program can replace a database; and an input that is ignored keeps in the cloud what the rules forbid.",
  remedy:
    "Set `scaling-ladder:deletionProtection` (`protect: true`), and take inputs about security out of `ignoreChanges`.",
  ids: ["S0-50", "S0-33"],
  levels: ONLY_FROM_ENTERPRISE,
  types: ["aws:*"],
  check,
};

/** What protects resources from the engine itself. */
export const protectionRules: readonly Rule[] = [statefulProtected];

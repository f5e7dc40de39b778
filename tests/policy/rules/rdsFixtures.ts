import { UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, having, resource } from "./cases";
import { one } from "./oneCase";

/** A database that keeps every rule, and what the cases of several rules make of it. */

const INSTANCE = "aws:rds/instance:Instance";

type Props = Readonly<Record<string, Value>>;

const COMMON: Props = {
  autoMinorVersionUpgrade: true,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  copyTagsToSnapshot: true,
  deletionProtection: true,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  iamDatabaseAuthenticationEnabled: true,
  instanceClass: "db.m7g.2xlarge",
  maxAllocatedStorage: 2000,
  monitoringInterval: 60,
  monitoringRoleArn: "arn:aws:iam::123456789012:role/monitoring",
  parameterGroupName: "parameters",
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/one",
  publiclyAccessible: false,
  vpcSecurityGroupIds: ["sg-1"],
};

export const primary = resource(
  INSTANCE,
  {
    ...COMMON,
    identifier: "db",
    allocatedStorage: 500,
    allowMajorVersionUpgrade: false,
    availabilityZone: "us-east-1a",
    backupRetentionPeriod: 14,
    dbSubnetGroupName: "data",
    deleteAutomatedBackups: false,
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    engineVersion: "16.4",
    finalSnapshotIdentifier: "db-final",
    kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/one",
    multiAz: true,
    region: "us-east-1",
    // As RDS tells it of a primary.
    replicateSourceDb: "",
    skipFinalSnapshot: false,
    storageEncrypted: true,
    username: "platform",
  },
  "primary",
);

/** A replica, with nothing that it has from its source. */
export const replica = resource(
  INSTANCE,
  { ...COMMON, identifier: "db-replica", replicateSourceDb: "db", skipFinalSnapshot: true, backupRetentionPeriod: 0 },
  "replica",
);

/** A replica whose source is not known yet. */
export const openReplica = having(replica, ["replicateSourceDb"], UNKNOWN);

/** Replicas pass a rule, however they name their source; an instance whose source is of the wrong type is no replica. */
export const exemptReplicas = (...broken: Case["verdicts"]): readonly Case[] => [
  one("pass", "a replica", [replica]),
  one("unknown", "a replica of an instance that is not known yet", [openReplica]),
  one(
    "wrong type",
    "what is no source makes no replica",
    [having(replica, ["replicateSourceDb"], { no: "text" })],
    broken,
  ),
];

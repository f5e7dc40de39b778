import { createHash } from "node:crypto";
import { type Making, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { checkInstanceUpdate } from "./rdsInstanceChanges";
import { checkInstance, INSTANCE, instanceNamed, PARAMETER_GROUP, SUBNET_GROUP } from "./rdsInstanceRules";
import { fullVersion } from "./rdsOffers";

const LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** `count` lower-case letters and digits that the seed decides. */
const drawn = (seed: string, count: number): string =>
  [...createHash("sha256").update(seed).digest().subarray(0, count)]
    .map((byte) => LETTERS_AND_DIGITS[byte % LETTERS_AND_DIGITS.length])
    .join("");

/** The part that all endpoints of one account in one region share. */
export const endpointHash = ({ account, region }: Pick<Making, "account" | "region">): string =>
  `c${drawn(`rds ${account} ${region}`, 11)}`;

const resourceId = (making: Making): string => `db-${drawn(making.hex(32, "dbi"), 26).toUpperCase()}`;

/** Zones of the group that an instance lies in. */
function zonesOf(groupName: unknown, { all, find }: Making): string[] {
  const group = all(SUBNET_GROUP).find(({ values }) => values.name === groupName);
  const ids = Array.isArray(group?.values.subnetIds) ? group.values.subnetIds : [];
  return [...new Set(ids.map((id) => text(find("aws:ec2/subnet:Subnet", text(id))?.values.availabilityZone)))].filter(
    (zone) => zone !== "",
  );
}

function outputs(inputs: Values, making: Making, old: Values = {}): Values {
  const source = instanceNamed(making, inputs.replicateSourceDb)?.values ?? {};
  const identifier = text(inputs.identifier);
  const address = `${identifier}.${endpointHash(making)}.${making.region}.rds.amazonaws.com`;
  const port = inputs.port ?? source.port ?? 5432;
  const version = text(inputs.engineVersion ?? source.engineVersion);
  const group = inputs.dbSubnetGroupName ?? source.dbSubnetGroupName;
  const zones = zonesOf(group, making);
  const pick = Number.parseInt(making.hex(4, "zone"), 16) % Math.max(1, zones.length);
  return {
    identifier,
    arn: making.arn("rds", `db:${identifier}`),
    address,
    endpoint: `${address}:${port}`,
    port,
    hostedZoneId: `Z${drawn(`zone ${making.region}`, 13).toUpperCase()}`,
    resourceId: old.resourceId ?? resourceId(making),
    status: "available",
    availabilityZone: inputs.availabilityZone ?? old.availabilityZone ?? zones[pick] ?? `${making.region}a`,
    engine: inputs.engine ?? source.engine,
    engineVersion: version,
    engineVersionActual: fullVersion(version) ?? version,
    engineLifecycleSupport:
      inputs.engineLifecycleSupport ?? source.engineLifecycleSupport ?? "open-source-rds-extended-support",
    username: inputs.username ?? source.username,
    dbName: inputs.dbName ?? "",
    dbSubnetGroupName: group,
    allocatedStorage: inputs.allocatedStorage ?? old.allocatedStorage ?? source.allocatedStorage,
    kmsKeyId: inputs.kmsKeyId ?? source.kmsKeyId,
    multiAz: inputs.multiAz ?? false,
    backupRetentionPeriod: inputs.backupRetentionPeriod ?? 0,
    licenseModel: "postgresql-license",
    networkType: "IPV4",
    optionGroupName: `default:postgres-${version.split(".")[0]}`,
    iops: inputs.iops ?? 3000,
    storageThroughput: inputs.storageThroughput ?? 125,
    replicas: old.replicas ?? [],
    masterUserSecrets: [],
    listenerEndpoints: [],
    latestRestorableTime: "",
  };
}

/** Creation of an instance: 10 to 20 minutes, with a standby at the upper end (AWS, creating a DB instance). */
const SECONDS = { create: 900, update: 300, delete: 480 };

/**
 * An instance. Its identifier is no cause of a replacement: the provider renames in place (ModifyDBInstance with
 * NewDBInstanceIdentifier), and the endpoint changes with it. A change of the subnet group is refused, not a replacement either.
 */
export const instance: ResourceModel = {
  type: INSTANCE,
  replaces: [
    "availabilityZone",
    "backupTarget",
    "characterSetName",
    "customIamInstanceProfile",
    "dbName",
    "engine",
    "kmsKeyId",
    "ncharCharacterSetName",
    "restoreToPointInTime",
    "s3Import",
    "snapshotIdentifier",
    "storageEncrypted",
    "timezone",
    "username",
  ],
  source: "hashicorp/terraform-provider-aws internal/service/rds/instance.go (ForceNew), version 6",
  published: {
    type: "AWS::RDS::DBInstance",
    names: {
      backupWindow: "PreferredBackupWindow",
      caCertIdentifier: "CACertificateIdentifier",
      dbName: "DBName",
      dbSubnetGroupName: "DBSubnetGroupName",
      enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
      iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
      identifier: "DBInstanceIdentifier",
      instanceClass: "DBInstanceClass",
      maintenanceWindow: "PreferredMaintenanceWindow",
      multiAz: "MultiAZ",
      parameterGroupName: "DBParameterGroupName",
      password: "MasterUserPassword",
      performanceInsightsEnabled: "EnablePerformanceInsights",
      performanceInsightsKmsKeyId: "PerformanceInsightsKMSKeyId",
      replicateSourceDb: "SourceDBInstanceIdentifier",
      snapshotIdentifier: "DBSnapshotIdentifier",
      username: "MasterUsername",
      vpcSecurityGroupIds: "VPCSecurityGroups",
    },
  },
  references: {
    dbSubnetGroupName: { types: [SUBNET_GROUP], by: "name" },
    kmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" },
    monitoringRoleArn: { types: ["aws:iam/role:Role"], by: "arn" },
    parameterGroupName: { types: [PARAMETER_GROUP], by: "name" },
    performanceInsightsKmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" },
    vpcSecurityGroupIds: { types: ["aws:ec2/securityGroup:SecurityGroup"] },
  },
  seconds: SECONDS,
  autonamed: { property: "identifier", limit: 63 },
  unique: ({ identifier }, { region }) =>
    identifier === undefined || identifier === UNKNOWN ? undefined : `${region}/${text(identifier).toLowerCase()}`,
  check: checkInstance,
  checkUpdate: checkInstanceUpdate,
  id: (_inputs, making) => resourceId(making),
  outputs,
  recomputed: {
    identifier: ["address", "endpoint", "arn"],
    engineVersion: ["engineVersionActual"],
    multiAz: ["availabilityZone"],
    instanceClass: ["availabilityZone"],
    port: ["endpoint"],
  },
  refuseDelete({ values }) {
    if (values.deletionProtection === true)
      return "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.";
    if (values.skipFinalSnapshot === true) return undefined;
    if (text(values.finalSnapshotIdentifier) === "")
      return "finalSnapshotIdentifier is required when skipFinalSnapshot is false";
    if (text(values.replicateSourceDb) !== "")
      return "InvalidParameterCombination: FinalDBSnapshotIdentifier can not be specified when deleting a replica instance";
    return undefined;
  },
};

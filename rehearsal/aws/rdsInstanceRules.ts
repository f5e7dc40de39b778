import { type Cloud, type CloudResource, type Refusal, text, UNKNOWN, type Values } from "../model";
import { fullVersion, isInstanceClass } from "./rdsOffers";

/** Rules of RDS between the inputs of an instance. */

export const INSTANCE = "aws:rds/instance:Instance";
export const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
export const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";

export const known = (value: unknown): boolean => value !== undefined && value !== UNKNOWN;
const both = (one: unknown, other: unknown): boolean => one !== undefined && other !== undefined;
export const refusal = (property: string, reason: string): Refusal => ({ property, reason });

/** The instance that an identifier or an ARN means. */
export const instanceNamed = (cloud: Cloud, name: unknown): CloudResource | undefined =>
  cloud.all(INSTANCE).find(({ values }) => known(name) && (values.identifier === name || values.arn === name));

export const majorOf = (version: unknown): string => text(version).split(".")[0] ?? "";

export const checkInstance = (inputs: Values, cloud: Cloud): Refusal[] => [
  ...exclusive(inputs),
  ...(inputs.replicateSourceDb === undefined ? complete(inputs) : replica(inputs, cloud)),
  ...offered(inputs),
  ...credentials(inputs),
  ...storage(inputs),
  ...observed(inputs, cloud),
  ...windows(inputs),
  ...familyFits(inputs, cloud),
];

/** ConflictsWith of the provider, and of the API where the provider says nothing. */
const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ["identifier", "identifierPrefix"],
  ["dbName", "replicateSourceDb"],
  ["username", "replicateSourceDb"],
  ["password", "manageMasterUserPassword"],
  ["replicateSourceDb", "manageMasterUserPassword"],
  ["restoreToPointInTime", "snapshotIdentifier"],
  ["restoreToPointInTime", "replicateSourceDb"],
  ["restoreToPointInTime", "s3Import"],
  ["snapshotIdentifier", "s3Import"],
  ["skipFinalSnapshot", "finalSnapshotIdentifier"],
];

function exclusive(inputs: Values): Refusal[] {
  const skips = inputs.skipFinalSnapshot === true;
  const wrong = EXCLUSIVE.filter(
    ([one, other]) => both(inputs[one], inputs[other]) && (one !== "skipFinalSnapshot" || skips),
  ).map(([one, other]) => refusal(one, `conflicts with ${other}`));
  if (inputs.multiAz !== true || !known(inputs.availabilityZone)) return wrong;
  return [
    ...wrong,
    refusal("availabilityZone", "InvalidParameterCombination: cannot be set for a Multi-AZ DB instance"),
  ];
}

/** What a new instance needs that begins from nothing. */
function complete(inputs: Values): Refusal[] {
  if (both(inputs.snapshotIdentifier ?? inputs.restoreToPointInTime, true)) return [];
  const missing = ["engine", "username", "allocatedStorage"].filter((name) => inputs[name] === undefined);
  const password = ["password", "passwordWo", "manageMasterUserPassword"].every((name) => inputs[name] === undefined);
  return [...missing, ...(password ? ["password"] : [])].map((name) =>
    refusal(name, "is required, unless the instance begins from a snapshot, a backup or a source"),
  );
}

function replica(inputs: Values, cloud: Cloud): Refusal[] {
  const name = inputs.replicateSourceDb;
  if (!known(name) || name === "") return [];
  const source = instanceNamed(cloud, name);
  if (source === undefined)
    return cloud.settled
      ? [refusal("replicateSourceDb", `DBInstanceNotFound: DBInstance ${text(name)} not found`)]
      : [];
  const { backupRetentionPeriod, storageEncrypted } = source.values;
  return [
    ...(Number(backupRetentionPeriod ?? 0) === 0
      ? [refusal("replicateSourceDb", "InvalidDBInstanceState: automated backups are not enabled for the source")]
      : []),
    ...(storageEncrypted === true && inputs.storageEncrypted !== true
      ? [
          refusal(
            "storageEncrypted",
            "a replica of an encrypted instance is encrypted; left out, the next run replaces it",
          ),
        ]
      : []),
  ];
}

const offered = ({ engine, engineVersion, instanceClass }: Values): Refusal[] => [
  ...(engine === "postgres" && known(engineVersion) && fullVersion(text(engineVersion)) === undefined
    ? [refusal("engineVersion", `InvalidParameterCombination: Cannot find version ${text(engineVersion)} for postgres`)]
    : []),
  ...(known(instanceClass) && !isInstanceClass(text(instanceClass))
    ? [refusal("instanceClass", `InvalidParameterValue: Invalid DB Instance class: ${text(instanceClass)}`)]
    : []),
];

/** Names that RDS keeps for itself. Source: the service's own answer, quoted in C-09. */
const RESERVED = new Set(["admin", "rdsadmin", "rdsrepladmin", "rdstopmgr", "rds_superuser", "public"]);

const credentials = ({ username, password, dbName }: Values): Refusal[] => [
  ...(known(username) && (!/^[A-Za-z]\w{0,62}$/.test(text(username)) || RESERVED.has(text(username).toLowerCase()))
    ? [
        refusal(
          "username",
          `InvalidParameterValue: MasterUsername ${text(username)} cannot be used as it is a reserved word used by the engine`,
        ),
      ]
    : []),
  ...(typeof password === "string" && !/^[\x21-\x7e]{8,128}$/.test(password)
    ? [refusal("password", "InvalidParameterValue: must be 8 to 128 printable characters")]
    : []),
  ...(typeof password === "string" && /[/"@ ]/.test(password)
    ? [
        refusal(
          "password",
          "InvalidParameterValue: only printable ASCII characters besides '/', '@', '\"', ' ' may be used",
        ),
      ]
    : []),
  ...(known(dbName) && !/^[A-Za-z_]\w{0,62}$/.test(text(dbName))
    ? [refusal("dbName", `InvalidParameterValue: DBName must begin with a letter: ${text(dbName)}`)]
    : []),
];

function storage({
  allocatedStorage: size,
  maxAllocatedStorage: max,
  storageType,
  iops,
  storageThroughput,
}: Values): Refusal[] {
  const small = typeof size === "number" && (size < 20 || size > 65_536);
  const close = typeof size === "number" && typeof max === "number" && max !== 0 && max < size * 1.1;
  const early =
    storageType === "gp3" && typeof size === "number" && size < 400 && (known(iops) || known(storageThroughput));
  return [
    ...(small ? [refusal("allocatedStorage", "Invalid storage size for engine name postgres: 20 to 65536 GiB")] : []),
    ...(close
      ? [refusal("maxAllocatedStorage", "Invalid max storage size for engine name postgres: at least 10 % more")]
      : []),
    ...(early ? [refusal("iops", "cannot be specified for gp3 storage below 400 GiB of PostgreSQL")] : []),
  ];
}

function observed(inputs: Values, cloud: Cloud): Refusal[] {
  const interval = Number(inputs.monitoringInterval ?? 0);
  const role = cloud.all("aws:iam/role:Role").find(({ values }) => values.arn === inputs.monitoringRoleArn);
  const allowed = cloud
    .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .some(({ values }) => role !== undefined && values.role === role.values.name);
  return [
    ...(![0, 1, 5, 10, 15, 30, 60].includes(interval)
      ? [refusal("monitoringInterval", "must be 0, 1, 5, 10, 15, 30 or 60")]
      : []),
    ...(interval > 0 && inputs.monitoringRoleArn === undefined
      ? [
          refusal(
            "monitoringRoleArn",
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval other than 0",
          ),
        ]
      : []),
    ...(role !== undefined && !allowed
      ? [refusal("monitoringRoleArn", "the role does not include the required permissions for: ENHANCED_MONITORING")]
      : []),
    ...(inputs.performanceInsightsEnabled !== true &&
    (known(inputs.performanceInsightsKmsKeyId) || known(inputs.performanceInsightsRetentionPeriod))
      ? [refusal("performanceInsightsEnabled", "must be true for a key or a retention period of Performance Insights")]
      : []),
    ...(inputs.databaseInsightsMode === "advanced" && Number(inputs.performanceInsightsRetentionPeriod ?? 0) < 465
      ? [refusal("performanceInsightsRetentionPeriod", "must be 465 or more in the advanced mode of Database Insights")]
      : []),
  ];
}

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** The daily window must not touch the weekly one. Windows that pass midnight are left to AWS. */
function windows({ backupWindow, maintenanceWindow }: Values): Refusal[] {
  const backup = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text(backupWindow));
  const weekly = /^(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)$/.exec(text(maintenanceWindow).toLowerCase());
  if (backup === null || weekly === null || weekly[1] !== weekly[3]) return [];
  const touches =
    minutes(weekly[2] ?? "") < minutes(backup[2] ?? "") && minutes(backup[1] ?? "") < minutes(weekly[4] ?? "");
  return touches
    ? [refusal("maintenanceWindow", "InvalidParameterValue: The backup window and maintenance window must not overlap")]
    : [];
}

function familyFits({ parameterGroupName, engineVersion, replicateSourceDb }: Values, cloud: Cloud): Refusal[] {
  const group = cloud.all(PARAMETER_GROUP).find(({ values }) => values.name === parameterGroupName);
  const version = engineVersion ?? instanceNamed(cloud, replicateSourceDb)?.values.engineVersion;
  if (group === undefined || !known(version) || group.values.family === `postgres${majorOf(version)}`) return [];
  return [
    refusal(
      "parameterGroupName",
      `InvalidParameterCombination: family ${text(group.values.family)} cannot be used with engine postgres version ${text(version)}`,
    ),
  ];
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../transform";
import type { Machine } from "./instanceClasses";
import type { Tuning } from "./parameters";
import type { Credentials } from "./rdsCredentials";
import {
  exportedLogs,
  type InstanceName,
  instanceNames,
  LOG_TYPES,
  type Monitoring,
  monitoringRole,
  parameterGroup,
  subnetGroup,
} from "./rdsShared";
import { replicaZone } from "./replicaZones";
import { BACKUP_WINDOW, READ_ONCE, type RestoreSource, restoreArgs } from "./restore";

/** The settings of RdsDatabaseArgs that concern the instances, with what the component has made before them. */
export interface InstancesArgs {
  readonly version: 15 | 16;
  readonly instanceClass: string;
  readonly machine: Machine;
  readonly storageGiB: number;
  readonly maxStorageGiB: number;
  readonly multiAz: boolean;
  readonly replicas: number;
  readonly zones?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  readonly tuning: Tuning;
  readonly pitrDays: number;
  readonly maintenanceWindow: string;
  readonly restore?: RestoreSource | undefined;
  readonly deletionProtection: boolean;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  readonly keyArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly master: Credentials;
  /** Name of the snapshot that a deletion of the primary leaves. */
  readonly finalSnapshot: string;
  readonly transform?: InstanceTransforms | undefined;
}

export interface InstanceTransforms {
  readonly primary?: Transform<aws.rds.InstanceArgs>;
  /** Applied to each replica. */
  readonly replica?: Transform<aws.rds.InstanceArgs>;
  readonly parameterGroup?: Transform<aws.rds.ParameterGroupArgs>;
}

export interface Instances {
  readonly primary: aws.rds.Instance;
  readonly replicas: readonly aws.rds.Instance[];
  readonly logGroups: readonly aws.cloudwatch.LogGroup[];
}

/** What the instances are made with, beside their own settings. */
interface Shared {
  readonly parameterGroup: aws.rds.ParameterGroup;
  readonly subnetGroup: aws.rds.SubnetGroup;
  readonly monitoring: Monitoring;
}

/** A large database takes hours to restore, copy or snapshot; the provider gives up after 40, 80 and 60 minutes by itself. */
const TIMEOUTS = { create: "3h", update: "3h", delete: "3h" };

/** The primary and its read replicas, with what they share. */
export function databaseInstances(name: string, args: InstancesArgs, opts: pulumi.CustomResourceOptions): Instances {
  const instances = instanceNames(args.replicas);
  const [primaryName, ...replicaNames] = instances;
  const shared: Shared = {
    parameterGroup: parameterGroup(name, args.version, args, args.transform?.parameterGroup, opts),
    subnetGroup: subnetGroup(name, args.subnetIds, opts),
    monitoring: monitoringRole(name, instances, args, opts),
  };
  const logGroups: aws.cloudwatch.LogGroup[] = [];

  const make = (instance: InstanceName, inputs: aws.rds.InstanceArgs, ignoreChanges: readonly string[]) => {
    const logs = exportedLogs(name, instance, args.keyArn, opts);
    logGroups.push(...logs);
    return new aws.rds.Instance(`${name}-${instance.key}`, inputs, {
      ...opts,
      protect: args.deletionProtection,
      customTimeouts: TIMEOUTS,
      ignoreChanges: [...ignoreChanges],
      dependsOn: [shared.monitoring.permissions, ...logs],
    });
  };

  const primary = make(
    primaryName,
    transformed(primaryArgs(primaryName, args, shared), args.transform?.primary),
    READ_ONCE,
  );
  const replicas = replicaNames.map((replica, index) =>
    make(
      replica,
      transformed(
        { ...replicaArgs(replica, primary, args, shared), ...zoneOf(index, primary, args) },
        args.transform?.replica,
      ),
      // Where the primary has moved to says nothing about where a replica must be: that would replace it.
      ["availabilityZone"],
    ),
  );
  return { primary, replicas, logGroups };
}

/** What the primary and every replica have in common; replicas share the parameter group (C-33). */
const commonArgs = (
  { identifier }: InstanceName,
  args: InstancesArgs,
  { parameterGroup, monitoring }: Shared,
): aws.rds.InstanceArgs => ({
  identifier,
  instanceClass: args.instanceClass,
  storageType: "gp3",
  storageEncrypted: true,
  maxAllocatedStorage: args.maxStorageGiB,
  parameterGroupName: parameterGroup.name,
  vpcSecurityGroupIds: [args.securityGroupId],
  publiclyAccessible: false,
  iamDatabaseAuthenticationEnabled: true,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  maintenanceWindow: args.maintenanceWindow,
  autoMinorVersionUpgrade: true,
  // Looked at only when `version` is raised, which would be refused without it.
  allowMajorVersionUpgrade: true,
  // `up` is the moment that a person chose: the change is seen to work, and the state tells the truth about it.
  applyImmediately: true,
  copyTagsToSnapshot: true,
  deletionProtection: args.deletionProtection,
  enabledCloudwatchLogsExports: [...LOG_TYPES],
  monitoringInterval: 60,
  monitoringRoleArn: monitoring.role.arn,
  // What was Performance Insights is, since July 2026, the standard mode of Database Insights; seven days cost nothing.
  databaseInsightsMode: "standard",
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: args.keyArn,
  performanceInsightsRetentionPeriod: 7,
  tags: { Name: identifier },
});

const primaryArgs = (instance: InstanceName, args: InstancesArgs, shared: Shared): aws.rds.InstanceArgs => ({
  ...commonArgs(instance, args, shared),
  engine: "postgres",
  // The major version only: the provider leaves it alone while AWS raises the minor one, so no `up` ever goes back.
  engineVersion: String(args.version),
  engineLifecycleSupport: "open-source-rds-extended-support-disabled",
  username: args.master.username,
  password: args.master.password,
  allocatedStorage: args.storageGiB,
  kmsKeyId: args.keyArn,
  multiAz: args.multiAz,
  dbSubnetGroupName: shared.subnetGroup.name,
  backupRetentionPeriod: args.pitrDays,
  backupWindow: BACKUP_WINDOW,
  deleteAutomatedBackups: false,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: args.finalSnapshot,
  ...restoreArgs(args.restore),
});

/** A replica takes engine, storage, key and subnets from its source: naming them again is refused, or replaces it. */
const replicaArgs = (
  instance: InstanceName,
  primary: aws.rds.Instance,
  args: InstancesArgs,
  shared: Shared,
): aws.rds.InstanceArgs => ({
  ...commonArgs(instance, args, shared),
  replicateSourceDb: primary.identifier,
  multiAz: false,
  backupRetentionPeriod: 0,
  // AWS refuses a final snapshot of a replica ("can not be specified when deleting a replica instance"); it is only a copy.
  skipFinalSnapshot: true,
});

const zoneOf = (
  index: number,
  primary: aws.rds.Instance,
  { zones }: InstancesArgs,
): Pick<aws.rds.InstanceArgs, "availabilityZone"> =>
  zones === undefined
    ? {}
    : {
        availabilityZone: pulumi
          .all([zones, primary.availabilityZone])
          .apply(([all, own]) => replicaZone(all, own, index) ?? own),
      };

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { trustOf } from "../aws/policyDocument";
import { type Transform, transformed } from "../transform";
import { backupRules, RESTORE_TEST_SCHEDULE, type Retention } from "./awsBackupPlan";
import { type LockMode, lockedVault } from "./awsBackupVault";

export interface AwsBackupArgs {
  /** How long daily, weekly and monthly backups are kept. Changed in place, for new backups. */
  readonly retention: Retention;
  /** `compliance` can never be lifted again, by nobody, once its three days of grace are over. Changing it replaces the lock. */
  readonly lock: LockMode;
  /** Region of a second vault that every backup is copied to. Default: none; the copies double the cost. */
  readonly secondaryRegion?: string;
  /** ARNs of RDS instances: the primary. They are restored for a test each month. */
  readonly databaseArns: readonly pulumi.Input<string>[];
  /** ARNs of versioned buckets. Default: none. */
  readonly bucketArns?: readonly pulumi.Input<string>[];
  /** Subnet group that a test restore is put into. Default: the one that AWS Backup infers from the backup. */
  readonly restoreSubnetGroup?: pulumi.Input<string>;
  /** Topic that is told of failed copies and objects; its policy and key must let AWS Backup publish (AlertTopics). */
  readonly topicArn: pulumi.Input<string>;
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Protect vaults and keys, and refuse to delete backups. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly vault?: Transform<aws.backup.VaultArgs>;
    readonly plan?: Transform<aws.backup.PlanArgs>;
    readonly restoreTestingPlan?: Transform<aws.backup.RestoreTestingPlanArgs>;
  };
}

const MANAGED = "arn:aws:iam::aws:policy";
const BACKUP_POLICIES = {
  database: `${MANAGED}/service-role/AWSBackupServiceRolePolicyForBackup`,
  bucket: `${MANAGED}/AWSBackupServiceRolePolicyForS3Backup`,
} as const;
const RESTORE_POLICY = `${MANAGED}/service-role/AWSBackupServiceRolePolicyForRestores`;

/**
 * Events of the vault that are told. Failed backup jobs are none of them any more (BACKUP_JOB_FAILED is accepted and never
 * sent): alarms on AWS Backup's metrics tell of those.
 */
const FAILURES = ["COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"];

/** Minutes in which a job must begin, and must be finished. */
const START_WINDOW = 60;
const COMPLETION_WINDOW = 12 * 60;
/** Hours that a restored instance lives for somebody to look at; it costs as much as every other in that time. */
const VALIDATION_HOURS = 4;

/**
 * AWS Backup beside RDS's own automated backups: daily, weekly and monthly snapshots in a locked vault, copied to a second
 * region, and restored for a test each month. Snapshots only: continuous backup of RDS would take over the instance's own
 * automated backups and their retention. No cold storage: neither RDS nor S3 has it. About 0.095 USD a month for each GB of
 * snapshots, as much again for the copies (AWS Backup pricing, us-east-1).
 */
export class AwsBackup extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;
  readonly vaultArn: pulumi.Output<string>;
  readonly copyVaultName?: pulumi.Output<string>;
  readonly copyVaultArn?: pulumi.Output<string>;
  readonly planId: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: AwsBackupArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { region, secondaryRegion } = args;
    super("scaling-ladder:backup:AwsBackup", name, { region, secondaryRegion }, opts);

    const vault = this.makeVault(`${name}-vault`, "backups", region);
    const copies =
      secondaryRegion === undefined ? undefined : this.makeVault(`${name}-copies`, "backup-copies", secondaryRegion);
    this.notify(name, vault);
    const plan = this.makePlan(name, vault, copies);
    this.select(name, plan);
    this.testRestores(name, vault);

    this.vaultName = vault.name;
    this.vaultArn = vault.arn;
    if (copies !== undefined) {
      this.copyVaultName = copies.name;
      this.copyVaultArn = copies.arn;
    }
    this.planId = plan.id;
    this.registerOutputs({ vaultArn: this.vaultArn, planId: this.planId });
  }

  private makeVault(name: string, purpose: string, region: string): aws.backup.Vault {
    const { accountId, retention, lock, deletionProtection, transform } = this.args;
    return lockedVault(
      name,
      { purpose, accountId, region, retention, lock, deletionProtection, transform: transform?.vault },
      this,
    );
  }

  private notify(name: string, vault: aws.backup.Vault): void {
    const { topicArn, region } = this.args;
    new aws.backup.VaultNotifications(
      `${name}-notifications`,
      { backupVaultName: vault.name, snsTopicArn: topicArn, backupVaultEvents: FAILURES, region },
      { parent: this },
    );
  }

  private makePlan(name: string, vault: aws.backup.Vault, copies: aws.backup.Vault | undefined): aws.backup.Plan {
    const defaults: aws.backup.PlanArgs = {
      name: physicalName("backupVault", "plan"),
      rules: backupRules(this.args.retention).map((rule) => {
        const lifecycle = { deleteAfter: rule.deleteAfterDays };
        return {
          ruleName: rule.name,
          targetVaultName: vault.name,
          schedule: rule.schedule,
          scheduleExpressionTimezone: "Etc/UTC",
          startWindow: START_WINDOW,
          completionWindow: COMPLETION_WINDOW,
          lifecycle,
          ...(copies === undefined ? {} : { copyActions: [{ destinationVaultArn: copies.arn, lifecycle }] }),
        };
      }),
      region: this.args.region,
    };
    return new aws.backup.Plan(`${name}-plan`, transformed(defaults, this.args.transform?.plan), { parent: this });
  }

  private select(name: string, plan: aws.backup.Plan): void {
    const { databaseArns, bucketArns = [], region } = this.args;
    const role = this.makeRole(`${name}-role`, "backup", {
      ...(databaseArns.length > 0 ? { database: BACKUP_POLICIES.database } : {}),
      ...(bucketArns.length > 0 ? { bucket: BACKUP_POLICIES.bucket } : {}),
    });
    new aws.backup.Selection(
      `${name}-selection`,
      {
        name: physicalName("backupVault", "selection"),
        planId: plan.id,
        iamRoleArn: role.arn,
        resources: [...databaseArns, ...bucketArns],
        region,
      },
      { parent: this, dependsOn: role.attachments },
    );
  }

  private testRestores(name: string, vault: aws.backup.Vault): void {
    const { databaseArns, restoreSubnetGroup, region, transform } = this.args;
    if (databaseArns.length === 0) return;
    const role = this.makeRole(`${name}-restore-role`, "restore-test", { restores: RESTORE_POLICY });
    const plan = new aws.backup.RestoreTestingPlan(
      `${name}-restore-test`,
      transformed<aws.backup.RestoreTestingPlanArgs>(
        {
          name: underscored("monthly-restore-test"),
          scheduleExpression: RESTORE_TEST_SCHEDULE,
          scheduleExpressionTimezone: "Etc/UTC",
          startWindowHours: 8,
          recoveryPointSelection: {
            algorithm: "LATEST_WITHIN_WINDOW",
            includeVaults: [vault.arn],
            recoveryPointTypes: ["SNAPSHOT"],
            selectionWindowDays: 7,
          },
          region,
        },
        transform?.restoreTestingPlan,
      ),
      { parent: this },
    );
    new aws.backup.RestoreTestingSelection(
      `${name}-restore-selection`,
      {
        name: underscored("databases"),
        restoreTestingPlanName: plan.name,
        iamRoleArn: role.arn,
        protectedResourceType: "RDS",
        protectedResourceArns: [...databaseArns],
        validationWindowHours: VALIDATION_HOURS,
        ...(restoreSubnetGroup === undefined
          ? {}
          : { restoreMetadataOverrides: { dbSubnetGroupName: restoreSubnetGroup } }),
        region,
      },
      { parent: this, dependsOn: role.attachments },
    );
  }

  /** A role that AWS Backup takes on. Whoever uses it waits for its rights. */
  private makeRole(name: string, part: string, policies: Readonly<Record<string, string>>) {
    const role = new aws.iam.Role(
      name,
      { name: physicalName("iamRole", part), assumeRolePolicy: trustOf("backup.amazonaws.com") },
      { parent: this },
    );
    const attachments = Object.entries(policies).map(
      ([key, policyArn]) =>
        new aws.iam.RolePolicyAttachment(`${name}-${key}`, { role: role.name, policyArn }, { parent: this }),
    );
    return { arn: role.arn, attachments };
  }
}

/** Names of restore tests know no hyphens, and no more than 50 characters. */
const underscored = (part: string): string => physicalName("backupVault", part).replaceAll("-", "_");

import { type Cloud, type CloudResource, type Making, type ResourceModel, text } from "../model";
import { uuid } from "../values";
import {
  wrongEvents,
  wrongLock,
  wrongPlan,
  wrongRestoreSelection,
  wrongRestoreTest,
  wrongVaultPolicy,
} from "./backupRules";
import { listOf, statementsOf } from "./policyDocument";

/** AWS Backup: vaults, plans, and tests of restoring. */

const SOURCE = "hashicorp/terraform-provider-aws internal/service/backup";
const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const POLICY = "aws:backup/vaultPolicy:VaultPolicy";
const TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const ROLE = { types: ["aws:iam/role:Role"], by: "arn" };
const PROTECTED = { types: ["aws:rds/instance:Instance", "aws:s3/bucket:Bucket"], by: "arn" };
const VAULT_BY_NAME = { types: [VAULT], by: "name" };

/** A vault goes only when it is empty and its policy lets it. `$recoveryPoints` stands for backups that were taken since. */
function heldVault({ id, values }: CloudResource, cloud: Cloud): string | undefined {
  if (Number(values.$recoveryPoints ?? 0) > 0)
    return `InvalidRequestException: Backup vault cannot be deleted because it contains recovery points: ${id}`;
  const denied = cloud
    .all(POLICY)
    .filter((policy) => policy.values.backupVaultName === values.name)
    .flatMap((policy) => statementsOf(policy.values.policy))
    .some((statement) => statement.Effect === "Deny" && listOf(statement.Action).includes("backup:DeleteBackupVault"));
  return denied ? `AccessDeniedException: the policy of vault ${id} denies backup:DeleteBackupVault` : undefined;
}

const vaultArn = (name: unknown, { arn }: Making): string => arn("backup", `backup-vault:${text(name)}`);

export const backup: readonly ResourceModel[] = [
  {
    type: VAULT,
    replaces: ["kmsKeyArn", "name"],
    source: `${SOURCE}/vault.go`,
    published: {
      type: "AWS::Backup::BackupVault",
      names: { name: "BackupVaultName", kmsKeyArn: "EncryptionKeyArn", forceDestroy: false },
    },
    references: { kmsKeyArn: { types: ["aws:kms/key:Key"], by: "arn" } },
    autonamed: { property: "name", limit: 50 },
    seconds: { create: 3, update: 1, delete: 2 },
    unique: ({ name }, { region }) => (text(name) ? `${region} ${name}` : undefined),
    id: ({ name }) => text(name),
    outputs: ({ name }, making) => ({ arn: vaultArn(name, making), recoveryPoints: 0 }),
    refuseDelete: heldVault,
  },
  {
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    replaces: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
    source: `${SOURCE}/vault_lock_configuration.go`,
    references: { backupVaultName: VAULT_BY_NAME },
    seconds: { create: 2, delete: 1 },
    unique: ({ backupVaultName }, { region }) => (text(backupVaultName) ? `${region} ${backupVaultName}` : undefined),
    check: wrongLock,
    id: ({ backupVaultName }) => text(backupVaultName),
    outputs: ({ backupVaultName }, making) => ({ backupVaultArn: vaultArn(backupVaultName, making) }),
  },
  {
    type: POLICY,
    replaces: ["backupVaultName"],
    source: `${SOURCE}/vault_policy.go`,
    references: { backupVaultName: VAULT_BY_NAME },
    seconds: { create: 2, update: 2, delete: 1 },
    check: ({ policy }) => wrongVaultPolicy(policy),
    id: ({ backupVaultName }) => text(backupVaultName),
    outputs: ({ backupVaultName }, making) => ({ backupVaultArn: vaultArn(backupVaultName, making) }),
  },
  {
    type: "aws:backup/vaultNotifications:VaultNotifications",
    replaces: ["backupVaultEvents", "backupVaultName", "snsTopicArn"],
    source: `${SOURCE}/vault_notifications.go`,
    references: {
      backupVaultName: VAULT_BY_NAME,
      // AWS Backup is not among those that a topic's default policy lets publish, so the topic must have a policy.
      snsTopicArn: { types: ["aws:sns/topicPolicy:TopicPolicy"], by: "arn" },
    },
    seconds: { create: 2, delete: 1 },
    check: wrongEvents,
    id: ({ backupVaultName }) => text(backupVaultName),
    outputs: ({ backupVaultName }, making) => ({ backupVaultArn: vaultArn(backupVaultName, making) }),
  },
  {
    type: PLAN,
    replaces: ["name"],
    source: `${SOURCE}/plan.go`,
    references: {
      "rules.targetVaultName": VAULT_BY_NAME,
      "rules.copyActions.destinationVaultArn": { types: [VAULT], by: "arn" },
    },
    autonamed: { property: "name", limit: 50 },
    seconds: { create: 2, update: 2, delete: 2 },
    check: wrongPlan,
    id: (_inputs, { hex }) => uuid(hex(32)),
    outputs: (_inputs, { arn, hex }) => ({
      arn: arn("backup", `backup-plan:${uuid(hex(32))}`),
      version: hex(48, "version"),
    }),
    refuseDelete: ({ id }, cloud) =>
      cloud.all(SELECTION).some(({ values }) => values.planId === id)
        ? "InvalidRequestException: Related backup plan selections must be deleted prior to backup plan deletion"
        : undefined,
  },
  {
    type: SELECTION,
    replaces: ["conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags"],
    source: `${SOURCE}/selection.go`,
    references: { planId: { types: [PLAN] }, iamRoleArn: ROLE, resources: PROTECTED },
    autonamed: { property: "name", limit: 50 },
    // A new role is refused for some seconds; the provider asks again.
    seconds: { create: 10, delete: 1 },
    check: ({ name }) =>
      text(name) !== "" && !/^[0-9A-Za-z_.-]{1,50}$/.test(text(name))
        ? [{ property: "name", reason: "has 1 to 50 letters, digits, hyphens, underscores and dots" }]
        : [],
    id: (_inputs, { hex }) => uuid(hex(32)),
    outputs: ({ notResources, conditions }) => ({ notResources: notResources ?? [], conditions: conditions ?? [] }),
  },
  {
    type: TEST_PLAN,
    replaces: ["name"],
    source: `${SOURCE}/restore_testing_plan.go`,
    published: { type: "AWS::Backup::RestoreTestingPlan", names: { name: "RestoreTestingPlanName" } },
    references: { "recoveryPointSelection.includeVaults": { types: [VAULT], by: "arn" } },
    autonamed: { property: "name", limit: 50 },
    seconds: { create: 2, update: 2, delete: 1 },
    unique: ({ name }, { region }) => (text(name) ? `${region} ${name}` : undefined),
    check: wrongRestoreTest,
    id: ({ name }) => text(name),
    outputs: ({ name, startWindowHours, scheduleExpressionTimezone }, { arn, hex }) => ({
      arn: arn("backup", `restore-testing-plan:${text(name)}-${uuid(hex(32))}`),
      startWindowHours: startWindowHours ?? 24,
      scheduleExpressionTimezone: scheduleExpressionTimezone ?? "Etc/UTC",
    }),
  },
  {
    type: "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    replaces: ["name", "protectedResourceType", "restoreTestingPlanName"],
    source: `${SOURCE}/restore_testing_selection.go`,
    published: { type: "AWS::Backup::RestoreTestingSelection", names: { name: "RestoreTestingSelectionName" } },
    references: {
      restoreTestingPlanName: { types: [TEST_PLAN], by: "name" },
      iamRoleArn: ROLE,
      protectedResourceArns: PROTECTED,
    },
    autonamed: { property: "name", limit: 50 },
    seconds: { create: 2, update: 2, delete: 1 },
    check: wrongRestoreSelection,
    id: ({ name, restoreTestingPlanName }) => `${text(name)}:${text(restoreTestingPlanName)}`,
    outputs: ({ validationWindowHours, restoreMetadataOverrides }) => ({
      validationWindowHours: validationWindowHours ?? 0,
      restoreMetadataOverrides: restoreMetadataOverrides ?? {},
    }),
  },
];

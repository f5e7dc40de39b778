import { describe, expect, it } from "vitest";
import { AwsBackup, type AwsBackupArgs } from "../../../components/backup/awsBackup";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";
import { holding } from "../alerting/watched";

const ACCOUNT = "123456789012";
const DATABASE = `arn:aws:rds:us-east-1:${ACCOUNT}:db:aibase-test-primary`;
const BUCKET = "arn:aws:s3:::aibase-files-123456789012-test";
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:critical`;

const ARGS: AwsBackupArgs = {
  retention: { dailyDays: 35, weeklyWeeks: 12, monthlyMonths: 12 },
  lock: "governance",
  secondaryRegion: "us-west-2",
  databaseArns: [DATABASE],
  bucketArns: [BUCKET],
  topicArn: TOPIC,
  accountId: ACCOUNT,
  region: "us-east-1",
  deletionProtection: true,
};

async function makeBackup(more: Partial<AwsBackupArgs> = {}, without: readonly (keyof AwsBackupArgs)[] = []) {
  const cloud = rehearsedMocks();
  holding(cloud, "aws:sns/topicPolicy:TopicPolicy", TOPIC, { arn: TOPIC });
  holding(cloud, "aws:rds/instance:Instance", "aibase-test-primary", { arn: DATABASE });
  holding(cloud, "aws:s3/bucket:Bucket", "aibase-files-123456789012-test", { arn: BUCKET });
  const records = recording();
  const args = Object.fromEntries(
    Object.entries({ ...ARGS, ...more }).filter(([name]) => !without.some((left) => left === name)),
  ) as unknown as AwsBackupArgs;
  const backup = new AwsBackup("backup", args, records.opts);
  await records.made();
  const rules = () => cloud.one("plan:Plan", "backup-plan").inputs.rules as Record<string, unknown>[];
  return { backup, rules, ...cloud, ...records };
}

describe("backups by AWS Backup", () => {
  it("S0-31: are taken daily, weekly and monthly, and kept as the settings say", async () => {
    const { rules } = await makeBackup({ retention: { dailyDays: 14, weeklyWeeks: 4, monthlyMonths: 6 } });
    expect(rules().map(({ ruleName, lifecycle }) => [ruleName, lifecycle])).toEqual([
      ["daily", { deleteAfter: 14 }],
      ["weekly", { deleteAfter: 28 }],
      ["monthly", { deleteAfter: 183 }],
    ]);
  });

  it("are snapshots without cold storage: continuous backup would take over RDS's own, and neither RDS nor S3 has cold storage", async () => {
    const { rules } = await makeBackup();
    for (const rule of rules()) {
      expect(rule.enableContinuousBackup).toBeUndefined();
      expect(JSON.stringify(rule)).not.toContain("coldStorageAfter");
    }
  });

  it("S0-34: are copied to a vault in the second region, which has a key of its own there", async () => {
    const { backup, rules, one } = await makeBackup();
    const copies = one("vault:Vault", "copies");
    expect(copies.inputs).toMatchObject({ name: "aibase-test-backup-copies", region: "us-west-2" });
    expect(copies.inputs.kmsKeyArn).toContain(":us-west-2:");
    expect(one("vault:Vault", "backup-vault").inputs.kmsKeyArn).toContain(":us-east-1:");
    for (const { copyActions, lifecycle } of rules())
      expect(copyActions).toEqual([{ destinationVaultArn: copies.outputs.arn, lifecycle }]);
    expect(await resolved(backup.copyVaultArn ?? "")).toBe(copies.outputs.arn);
    expect(await resolved(backup.copyVaultName ?? "")).toBe("aibase-test-backup-copies");
  });

  it("stay in one region where there is no second one", async () => {
    const { backup, rules, all } = await makeBackup({}, ["secondaryRegion"]);
    expect(all("vault:Vault")).toHaveLength(1);
    expect(rules().every(({ copyActions }) => copyActions === undefined)).toBe(true);
    expect(backup.copyVaultArn).toBeUndefined();
  });

  it("cannot be deleted: each vault is locked, and its policy denies it", async () => {
    const { all, one, find } = await makeBackup();
    expect(all("VaultLockConfiguration")).toHaveLength(2);
    for (const { inputs } of all("VaultLockConfiguration")) {
      expect(inputs).toMatchObject({ minRetentionDays: 7, maxRetentionDays: 3650 });
      expect(inputs.changeableForDays).toBeUndefined();
    }
    const [statement] = JSON.parse(String(one("VaultPolicy", "backup-vault-policy").inputs.policy)).Statement;
    expect(statement).toMatchObject({ Effect: "Deny", Principal: "*" });
    expect(statement.Action).toEqual([
      "backup:DeleteBackupVault",
      "backup:DeleteRecoveryPoint",
      "backup:UpdateRecoveryPointLifecycle",
    ]);
    expect(find("backup-vault").opts.protect).toBe(true);
    expect(find("backup-copies").opts.protect).toBe(true);
    expect(one("vault:Vault", "backup-vault").inputs.forceDestroy).toBeUndefined();
  });

  it("have three days of grace before a compliance lock is for ever", async () => {
    const { all } = await makeBackup({ lock: "compliance" });
    for (const { inputs } of all("VaultLockConfiguration")) expect(inputs.changeableForDays).toBe(3);
  });

  it("can be given up with the stack: without protection nothing denies it, and only a compliance lock stays", async () => {
    const given = await makeBackup({ deletionProtection: false });
    expect(given.all("VaultPolicy")).toEqual([]);
    for (const name of ["backup-vault", "backup-vault-lock", "backup-copies", "backup-copies-lock"])
      expect(given.find(name).opts, name).toMatchObject({ protect: false });
    expect(given.find("backup-vault-lock").opts.retainOnDelete).toBe(false);
    const kept = await makeBackup({ deletionProtection: false, lock: "compliance" });
    for (const name of ["backup-vault-lock", "backup-copies-lock"])
      expect(kept.find(name).opts.retainOnDelete, name).toBe(true);
  });

  it("leave their keys in the account, for what outlives the stack can be read with them only", async () => {
    const { recorded } = await makeBackup({ deletionProtection: false });
    const keys = recorded.filter(({ type }) => type === "aws:kms/key:Key");
    expect(keys).toHaveLength(2);
    for (const { name, opts } of keys) expect(opts.retainOnDelete, name).toBe(true);
  });

  it("name what they hold, by a role with the policies for that and no more", async () => {
    const { one, all } = await makeBackup();
    expect(one("selection:Selection").inputs.resources).toEqual([DATABASE, BUCKET]);
    const policies = (made: typeof all) => made("RolePolicyAttachment").map(({ inputs }) => inputs.policyArn);
    expect(policies(all).sort()).toEqual([
      "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    ]);
    const plain = await makeBackup({}, ["bucketArns"]);
    expect(policies(plain.all)).not.toContain("arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup");
  });

  it("S0-50: are restored for a test each month, from the latest of the week", async () => {
    const { one, all } = await makeBackup();
    expect(one("RestoreTestingPlan").inputs).toMatchObject({
      name: "aibase_test_monthly_restore_test",
      scheduleExpression: "cron(0 8 3 * ? *)",
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: 7,
      },
    });
    const selection = one("RestoreTestingSelection").inputs;
    expect(selection).toMatchObject({ protectedResourceType: "RDS", protectedResourceArns: [DATABASE] });
    expect(selection.restoreMetadataOverrides).toBeUndefined();
    const roles = all("role:Role").map(({ inputs }) => inputs.name);
    expect(roles.sort()).toEqual(["aibase-test-backup", "aibase-test-restore-test"]);
  });

  it("are restored into the subnet group that is named", async () => {
    const { one } = await makeBackup({ restoreSubnetGroup: "aibase-test-data" });
    expect(one("RestoreTestingSelection").inputs.restoreMetadataOverrides).toEqual({
      dbSubnetGroupName: "aibase-test-data",
    });
  });

  it("tell of failures that AWS Backup still sends", async () => {
    const { one } = await makeBackup();
    expect(one("VaultNotifications").inputs).toMatchObject({
      snsTopicArn: TOPIC,
      backupVaultEvents: ["COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"],
    });
  });

  it("tell their vault and plan", async () => {
    const { backup, one } = await makeBackup();
    expect(await resolved(backup.vaultName)).toBe("aibase-test-backups");
    expect(await resolved(backup.vaultArn)).toBe(
      `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:aibase-test-backups`,
    );
    expect(await resolved(backup.planId)).toMatch(/^[0-9a-f-]{36}$/);
    expect(one("plan:Plan", "backup-plan").inputs.name).toBe("aibase-test-plan");
  });

  it("can be transformed", async () => {
    const { one, rules } = await makeBackup({
      transform: {
        vault: (args) => ({ ...args, tags: { Owner: "ops" } }),
        plan: (args) => ({ ...args, tags: { Owner: "ops" } }),
        restoreTestingPlan: (args) => ({ ...args, startWindowHours: 24 }),
      },
    });
    expect(one("vault:Vault", "backup-vault").inputs.tags).toEqual({ Owner: "ops" });
    expect(one("plan:Plan", "backup-plan").inputs.tags).toEqual({ Owner: "ops" });
    expect(one("RestoreTestingPlan").inputs.startWindowHours).toBe(24);
    expect(rules()).toHaveLength(3);
  });
});

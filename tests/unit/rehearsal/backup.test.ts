import { describe, expect, it } from "vitest";
import { backup } from "../../../rehearsal/aws/backup";
import { iam } from "../../../rehearsal/aws/iam";
import { kms } from "../../../rehearsal/aws/kms";
import { sns } from "../../../rehearsal/aws/sns";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const VAULT = "aws:backup/vault:Vault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const POLICY = "aws:backup/vaultPolicy:VaultPolicy";
const NOTIFICATIONS = "aws:backup/vaultNotifications:VaultNotifications";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const TEST_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection";

const models = [...backup, ...iam, ...kms, ...sns];
const cloud = () => oneCloud(models);

const rule = (more: object = {}) => ({
  ruleName: "daily",
  targetVaultName: "vault",
  schedule: "cron(0 8 * * ? *)",
  startWindow: 60,
  completionWindow: 720,
  lifecycle: { deleteAfter: 35 },
  ...more,
});
const plan = (...rules: object[]) => ({ name: "plan", rules });
const denying = (...Action: string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action, Resource: "*" }],
  });

describe("a vault in the rehearsal", () => {
  it("is known by its name, in each region by itself", async () => {
    const aws = cloud();
    const made = await aws.create(VAULT, { name: "vault" });
    expect(made.id).toBe("vault");
    expect(made).toMatchObject({
      arn: "arn:aws:backup:us-east-1:123456789012:backup-vault:vault",
      recoveryPoints: 0,
    });
    await expect(aws.create(VAULT, { name: "vault" })).rejects.toThrow(/already exists/);
    const copies = await aws.create(VAULT, { name: "copies", region: "us-west-2" });
    expect(copies.arn).toBe("arn:aws:backup:us-west-2:123456789012:backup-vault:copies");
    expect(aws.check(VAULT, { name: "a vault" }).join()).toMatch(/BackupVaultName/);
  });

  it("is made anew for another name or key, and so are all parts of its lock", () => {
    const { replaces } = cloud();
    expect(replaces(VAULT, { name: "a", kmsKeyArn: "x" }, { name: "b", kmsKeyArn: "y" }).sort()).toEqual([
      "kmsKeyArn",
      "name",
    ]);
    expect(
      replaces(
        LOCK,
        { backupVaultName: "a", minRetentionDays: 7, maxRetentionDays: 30 },
        { backupVaultName: "a", minRetentionDays: 8, maxRetentionDays: 31, changeableForDays: 3 },
      ).sort(),
    ).toEqual(["changeableForDays", "maxRetentionDays", "minRetentionDays"]);
  });

  it("does not go while it holds backups, or while its policy denies it", async () => {
    const aws = cloud();
    const made = await aws.create(VAULT, { name: "vault" });
    const policy = await aws.create(POLICY, {
      backupVaultName: "vault",
      policy: denying("backup:DeleteBackupVault"),
    });
    await expect(aws.remove(VAULT, made.id)).rejects.toThrow(/AccessDenied/);
    await aws.remove(POLICY, policy.id);
    const held = aws.world.find(VAULT, "vault");
    if (held === undefined) throw new Error("no vault");
    aws.world.put({ ...held, values: { ...held.values, $recoveryPoints: 2 } });
    await expect(aws.remove(VAULT, "vault")).rejects.toThrow(/contains recovery points/);
    aws.world.put(held);
    await aws.remove(VAULT, "vault");
    expect(aws.world.find(VAULT, "vault")).toBeUndefined();
  });

  it.each([
    ["two days of grace", { changeableForDays: 2 }, /3 or more/],
    ["no day at all", { minRetentionDays: 0 }, /from 1/],
    ["bounds the wrong way round", { minRetentionDays: 30, maxRetentionDays: 7 }, /not be less/],
  ])("takes no lock with %s", (_what, lock, reason) => {
    expect(
      cloud()
        .check(LOCK, { backupVaultName: "vault", ...lock })
        .join(),
    ).toMatch(reason);
  });

  it("takes no policy with a wildcard in an action", () => {
    expect(
      cloud()
        .check(POLICY, { backupVaultName: "vault", policy: denying("backup:Delete*") })
        .join(),
    ).toMatch(/no wildcard/);
    expect(cloud().check(POLICY, { backupVaultName: "vault", policy: denying("backup:DeleteRecoveryPoint") })).toEqual(
      [],
    );
    expect(cloud().check(POLICY, { backupVaultName: "vault", policy: UNKNOWN })).toEqual([]);
  });

  it("refuses events that AWS Backup accepts and never sends", () => {
    const check = (event: string) =>
      cloud()
        .check(NOTIFICATIONS, { backupVaultName: "vault", snsTopicArn: "arn", backupVaultEvents: [event] })
        .join();
    expect(check("BACKUP_JOB_FAILED")).toMatch(/never sends it/);
    expect(check("BACKUP_JOB_LOST")).toMatch(/expected one of/);
    expect(check("COPY_JOB_FAILED")).toBe("");
  });
});

describe("a plan in the rehearsal", () => {
  it.each([
    ["no rule", plan(), /at least one rule/],
    ["two rules of one name", plan(rule(), rule()), /two rules of one name/],
    ["a cron expression of Unix", plan(rule({ schedule: "0 8 * * *" })), /no cron expression/],
    ["two days in one expression", plan(rule({ schedule: "cron(0 8 1 * MON *)" })), /no cron expression/],
    ["too little time to start", plan(rule({ startWindow: 30 })), /60 minutes or more/],
    ["too little time to finish", plan(rule({ completionWindow: 90 })), /60 minutes longer/],
    [
      "too little time in cold storage",
      plan(rule({ lifecycle: { coldStorageAfter: 30, deleteAfter: 60 } })),
      /90 days/,
    ],
    [
      "a copy that is kept too short",
      plan(rule({ copyActions: [{ lifecycle: { coldStorageAfter: 30, deleteAfter: 60 } }] })),
      /90 days/,
    ],
    [
      "continuous backup for a year",
      plan(rule({ enableContinuousBackup: true, lifecycle: { deleteAfter: 365 } })),
      /35 days at most/,
    ],
    ["a name with a space", plan(rule({ ruleName: "each day" })), /letters, digits/],
  ])("is refused with %s", (_what, inputs, reason) => {
    expect(cloud().check(PLAN, inputs).join("\n")).toMatch(reason);
  });

  it.each(["cron(0 8 * * ? *)", "cron(0 11 ? * SUN *)", "cron(0 14 1 * ? *)"])("takes %s", (schedule) => {
    expect(cloud().check(PLAN, plan(rule({ schedule })))).toEqual([]);
  });

  it("names vaults that are there, here and in the other region", async () => {
    const aws = cloud();
    await expect(aws.create(PLAN, plan(rule()))).rejects.toThrow(/there is no .*Vault/);
    await aws.create(VAULT, { name: "vault" });
    const copies = await aws.create(VAULT, { name: "copies", region: "us-west-2" });
    await aws.create(PLAN, plan(rule({ copyActions: [{ destinationVaultArn: copies.arn }] })));
    const gone = String(copies.arn).replace("copies", "gone");
    await expect(aws.create(PLAN, plan(rule({ copyActions: [{ destinationVaultArn: gone }] })))).rejects.toThrow(
      /there is no/,
    );
    expect(aws.replaces(PLAN, plan(rule()), plan(rule({ lifecycle: { deleteAfter: 7 } })))).toEqual([]);
  });

  it("goes only after its selections", async () => {
    const aws = cloud();
    await aws.create(VAULT, { name: "vault" });
    const made = await aws.create(PLAN, plan(rule()));
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const role = await aws.create("aws:iam/role:Role", { name: "backup", assumeRolePolicy: trust });
    const selection = await aws.create(SELECTION, { name: "all", planId: made.id, iamRoleArn: role.arn });
    await expect(aws.remove(PLAN, made.id)).rejects.toThrow(/selections must be deleted prior/);
    expect(aws.replaces(SELECTION, selection.id, { name: "other" })).toEqual(["name"]);
    await aws.remove(SELECTION, selection.id);
    await aws.remove(PLAN, made.id);
  });
});

describe("a restore test in the rehearsal", () => {
  const test = (more: object = {}) => ({
    name: "monthly",
    scheduleExpression: "cron(0 8 3 * ? *)",
    recoveryPointSelection: {
      algorithm: "LATEST_WITHIN_WINDOW",
      includeVaults: ["*"],
      recoveryPointTypes: ["SNAPSHOT"],
      selectionWindowDays: 7,
    },
    ...more,
  });
  const selection = (more: object = {}) => ({
    name: "databases",
    restoreTestingPlanName: "monthly",
    iamRoleArn: "arn:aws:iam::123456789012:role/restore",
    protectedResourceType: "RDS",
    protectedResourceArns: ["arn:aws:rds:us-east-1:123456789012:db:primary"],
    ...more,
  });

  it.each([
    ["a hyphen in its name", test({ name: "each-month" }), /underscores/],
    ["no cron expression", test({ scheduleExpression: "monthly" }), /no cron expression/],
    [
      "an unknown algorithm",
      test({ recoveryPointSelection: { algorithm: "ANY", recoveryPointTypes: ["SNAPSHOT"] } }),
      /algorithm/,
    ],
    [
      "an unknown type",
      test({ recoveryPointSelection: { algorithm: "LATEST_WITHIN_WINDOW", recoveryPointTypes: ["DUMP"] } }),
      /recoveryPointTypes/,
    ],
    ["a week to start", test({ startWindowHours: 200 }), /168/],
  ])("is refused with %s", (_what, inputs, reason) => {
    expect(cloud().check(TEST_PLAN, inputs).join("\n")).toMatch(reason);
  });

  it.each([
    ["nothing to restore", selection({ protectedResourceArns: undefined }), /one of/],
    ["a type that cannot be tested", selection({ protectedResourceType: "SNS" }), /expected one of/],
    ["two weeks to look", selection({ validationWindowHours: 336 }), /168/],
  ])("selects nothing with %s", (_what, inputs, reason) => {
    expect(cloud().check(TEST_SELECTION, inputs).join("\n")).toMatch(reason);
  });

  it("is taken, and made anew only for its name", () => {
    expect(cloud().check(TEST_PLAN, test())).toEqual([]);
    expect(cloud().check(TEST_SELECTION, selection())).toEqual([]);
    expect(cloud().replaces(TEST_PLAN, test(), test({ name: "other", startWindowHours: 5 }))).toEqual(["name"]);
    expect(
      cloud().replaces(
        TEST_SELECTION,
        selection(),
        selection({ protectedResourceType: "S3", validationWindowHours: 5 }),
      ),
    ).toEqual(["protectedResourceType"]);
  });
});

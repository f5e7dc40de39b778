import { type Refusal, text, UNKNOWN, type Values } from "../model";
import { isObject, refuse } from "../values";
import { exactlyOne } from "./oneOf";
import { listOf, refusedPolicy, statementsOf } from "./policyDocument";

/** Rules of AWS Backup that reach across values (AWS Backup Developer Guide and its API reference). */

const objects = (value: unknown): Values[] => (Array.isArray(value) ? value.filter(isObject) : []);
const numberIn = (value: unknown, min: number, max: number): boolean =>
  typeof value !== "number" || (value >= min && value <= max);

/** Longest retention that a vault can enforce: a hundred years. */
const LONGEST_DAYS = 36_500;
/** A backup stays in cold storage for so many days at least. */
const COLD_DAYS = 90;
/** How far continuous backup goes back. */
const CONTINUOUS_DAYS = 35;

/** PutBackupVaultLockConfiguration: three days of grace at least, and bounds that leave room. */
export function wrongLock({ changeableForDays, minRetentionDays, maxRetentionDays }: Values): Refusal[] {
  return [
    ...refuse(!numberIn(changeableForDays, 3, LONGEST_DAYS), "changeableForDays", "must be 3 or more"),
    ...refuse(!numberIn(minRetentionDays, 1, LONGEST_DAYS), "minRetentionDays", "must be from 1 to 36500"),
    ...refuse(!numberIn(maxRetentionDays, 1, LONGEST_DAYS), "maxRetentionDays", "must be from 1 to 36500"),
    ...refuse(
      typeof minRetentionDays === "number" &&
        typeof maxRetentionDays === "number" &&
        minRetentionDays > maxRetentionDays,
      "maxRetentionDays",
      "must not be less than minRetentionDays",
    ),
  ];
}

/** A vault's policy is a resource policy whose actions know no wildcard ("Vault access policies"). */
export const wrongVaultPolicy = (policy: unknown): Refusal[] => [
  ...refusedPolicy("policy", policy, "resource"),
  ...statementsOf(policy)
    .flatMap(({ Action }) => listOf(Action))
    .filter((action) => String(action).includes("*"))
    .map((action) => ({
      property: "policy",
      reason: `InvalidParameterValueException: ${String(action)}: access policies support no wildcard in an action`,
    })),
];

/** Events of a vault. The second list is still accepted and never sent (API reference, PutBackupVaultNotifications). */
const EVENTS = [
  "BACKUP_JOB_STARTED",
  "BACKUP_JOB_COMPLETED",
  "COPY_JOB_STARTED",
  "COPY_JOB_SUCCESSFUL",
  "COPY_JOB_FAILED",
  "RESTORE_JOB_STARTED",
  "RESTORE_JOB_COMPLETED",
  "RECOVERY_POINT_MODIFIED",
  "S3_BACKUP_OBJECT_FAILED",
  "S3_RESTORE_OBJECT_FAILED",
];
const NEVER_SENT = [
  "BACKUP_JOB_SUCCESSFUL",
  "BACKUP_JOB_FAILED",
  "BACKUP_JOB_EXPIRED",
  "RESTORE_JOB_SUCCESSFUL",
  "RESTORE_JOB_FAILED",
  "BACKUP_PLAN_CREATED",
  "BACKUP_PLAN_MODIFIED",
];

/** An event that is accepted and never sent is refused here: who asks for it would wait for ever. */
export const wrongEvents = ({ backupVaultEvents }: Values): Refusal[] =>
  listOf(backupVaultEvents)
    .filter((event) => event !== UNKNOWN && !EVENTS.includes(text(event)))
    .map((event) => ({
      property: "backupVaultEvents",
      reason: NEVER_SENT.includes(text(event))
        ? `AWS Backup accepts ${text(event)} and never sends it; watch its metrics instead`
        : `expected one of ${EVENTS.join(", ")}`,
    }));

/** A cron expression of AWS has six fields, one of the days being a question mark. */
const isCron = (value: unknown): boolean =>
  value === UNKNOWN || /^cron\((\S+ ){2}(\? \S+ (?!\?)\S+|(?!\?)\S+ \S+ \?) \S+\)$/.test(text(value));

export function wrongPlan({ rules }: Values): Refusal[] {
  const all = objects(rules);
  const names = all.map(({ ruleName }) => ruleName);
  return [
    ...refuse(Array.isArray(rules) && rules.length === 0, "rules", "a plan has at least one rule"),
    ...refuse(new Set(names).size < names.length, "rules", "two rules of one name"),
    ...all.flatMap(wrongRule),
  ];
}

function wrongRule(rule: Values): Refusal[] {
  const say = (wrong: boolean, reason: string): Refusal[] =>
    refuse(wrong, "rules", `${text(rule.ruleName)}: ${reason}`);
  const { schedule, startWindow, completionWindow, enableContinuousBackup } = rule;
  const lifecycles = [rule.lifecycle, ...objects(rule.copyActions).map(({ lifecycle }) => lifecycle)].filter(isObject);
  const own = isObject(rule.lifecycle) ? rule.lifecycle : {};
  return [
    ...say(
      !/^[0-9A-Za-z_.-]{1,50}$/.test(text(rule.ruleName)),
      "its name has letters, digits, hyphens, underscores and dots",
    ),
    ...say(schedule !== undefined && !isCron(schedule), `${text(schedule)} is no cron expression of AWS`),
    ...say(!numberIn(startWindow, 60, 100 * 1440), "startWindow must be 60 minutes or more"),
    ...say(
      typeof completionWindow === "number" && completionWindow < Number(startWindow ?? 60) + 60,
      "completionWindow must be 60 minutes longer than startWindow",
    ),
    ...lifecycles.flatMap(({ coldStorageAfter, deleteAfter }) =>
      say(
        typeof coldStorageAfter === "number" &&
          coldStorageAfter > 0 &&
          typeof deleteAfter === "number" &&
          deleteAfter < coldStorageAfter + COLD_DAYS,
        `deleteAfter must be ${COLD_DAYS} days after coldStorageAfter`,
      ),
    ),
    ...say(
      enableContinuousBackup === true && !numberIn(own.deleteAfter ?? LONGEST_DAYS, 1, CONTINUOUS_DAYS),
      `continuous backups are kept ${CONTINUOUS_DAYS} days at most`,
    ),
  ];
}

/** Names of restore tests (API reference, RestoreTestingPlanForCreate). */
const wrongName = (name: unknown): Refusal[] =>
  refuse(
    text(name) !== "" && !/^[0-9A-Za-z_]{1,50}$/.test(text(name)),
    "name",
    "has 1 to 50 letters, digits and underscores",
  );

export function wrongRestoreTest({
  name,
  recoveryPointSelection,
  scheduleExpression,
  startWindowHours,
}: Values): Refusal[] {
  const selection = isObject(recoveryPointSelection) ? recoveryPointSelection : {};
  const { algorithm, recoveryPointTypes, selectionWindowDays } = selection;
  const say = (wrong: boolean, reason: string): Refusal[] => refuse(wrong, "recoveryPointSelection", reason);
  return [
    ...wrongName(name),
    ...refuse(!isCron(scheduleExpression), "scheduleExpression", "is no cron expression of AWS"),
    ...refuse(!numberIn(startWindowHours, 1, 168), "startWindowHours", "must be from 1 to 168"),
    ...say(
      isObject(recoveryPointSelection) && !["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"].includes(text(algorithm)),
      "algorithm must be LATEST_WITHIN_WINDOW or RANDOM_WITHIN_WINDOW",
    ),
    ...say(
      listOf(recoveryPointTypes).some((type) => !["CONTINUOUS", "SNAPSHOT"].includes(text(type))),
      "recoveryPointTypes must be CONTINUOUS or SNAPSHOT",
    ),
    ...say(!numberIn(selectionWindowDays, 1, 365), "selectionWindowDays must be from 1 to 365"),
  ];
}

/** Resources that can be restored for a test (API reference, RestoreTestingSelectionForCreate). */
const TESTABLE = ["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"];

export const wrongRestoreSelection = (inputs: Values): Refusal[] => [
  ...wrongName(inputs.name),
  ...exactlyOne(inputs, ["protectedResourceArns", "protectedResourceConditions"]),
  ...refuse(
    inputs.protectedResourceType !== UNKNOWN && !TESTABLE.includes(text(inputs.protectedResourceType)),
    "protectedResourceType",
    `expected one of ${TESTABLE.join(", ")}`,
  ),
  ...refuse(listOf(inputs.protectedResourceArns).length > 30, "protectedResourceArns", "may name 30 resources"),
  ...refuse(!numberIn(inputs.validationWindowHours, 1, 168), "validationWindowHours", "must be from 1 to 168"),
];

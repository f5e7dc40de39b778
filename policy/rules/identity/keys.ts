import { mustNotAdmitEverybody } from "../../checks/document";
import { mustBeAtLeast, mustBeTrue, unlessAbsent } from "../../checks/property";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";

const TYPES = ["aws:kms/key:Key"];

const kmsRotation: ResourceRule = {
  scope: "resource",
  name: "kms-rotation",
  description: "Every KMS key changes its key material each year by itself.",
  why: "Material that is never changed protects all that was ever encrypted with it; with rotation, what leaks opens the data of one year.",
  remedy: "Set `enableKeyRotation: true`; AWS keeps the old material to decrypt what it encrypted.",
  ids: ["KMS.4", "CIS-AWS 4.6", "CKV_AWS_7"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustBeTrue(props, "enableKeyRotation"),
};

const kmsDeletionWindow: ResourceRule = {
  scope: "resource",
  name: "kms-deletion-window",
  description: "A KMS key that is ordered to be deleted can be had back long enough.",
  why: "Whatever a deleted key encrypted is lost with it; the waiting time is the only way back.",
  remedy: "Set `deletionWindowInDays` to 30, the longest that AWS offers.",
  ids: ["KMS.3"],
  levels: FROM_ENTERPRISE,
  limits: ["keyDeletionDays"],
  types: TYPES,
  // Left out, AWS waits the longest time, 30 days.
  check: ({ props }, { keyDeletionDays }) =>
    unlessAbsent(props, ["deletionWindowInDays"], mustBeAtLeast(keyDeletionDays, props, "deletionWindowInDays")),
};

const kmsPolicyPrivate: ResourceRule = {
  scope: "resource",
  name: "kms-policy-private",
  description: "No KMS key policy lets everybody use the key.",
  why: "With principal `*` and no condition, every AWS account may decrypt what the key protects.",
  remedy:
    "Name the principals, or narrow the statement by `aws:SourceAccount`, `aws:PrincipalOrgID` or `kms:CallerAccount`.",
  ids: ["KMS.5", "CKV_AWS_33", "CIS-AWS 2.21"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustNotAdmitEverybody(props, "policy"),
};

/** What is asked of encryption keys. */
export const keyRules: readonly Rule[] = [kmsRotation, kmsDeletionWindow, kmsPolicyPrivate];

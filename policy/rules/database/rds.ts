import { mustBeText, mustHaveItems } from "../../checks/content";
import {
  type Judgements,
  mustBeAtLeast,
  mustBeFalse,
  mustBeTrue,
  mustNotBeTrue,
  shown,
  violated,
} from "../../checks/property";
import { readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";
import { INSTANCE, ofPrimary } from "./rdsInstances";

const TYPES = [INSTANCE];

/** The property must name something, and not what AWS would take by itself. */
function mustName(from: Value, property: string, taken: { readonly form: RegExp; readonly what: string }): Judgements {
  const name = readText(from, property);
  return name.state === "known" && taken.form.test(name.value)
    ? violated(`${shown([property])} is ${taken.what}; it must be one of this stack.`)
    : mustBeText(from, property);
}

const storageEncrypted: ResourceRule = {
  scope: "resource",
  name: "rds-storage-encrypted",
  description: "The storage of every database is encrypted; its replicas, backups and snapshots are so with it.",
  why: "What leaves AWS's hands, a disk or a snapshot that is shared by mistake, must not be readable.",
  remedy:
    "Set `storageEncrypted: true`. An instance that exists must be restored from an encrypted copy of a snapshot.",
  ids: ["RDS.3", "CIS-AWS 3.2.1", "CKV_AWS_16", "S1-85", "C-38"],
  levels: ALWAYS,
  types: TYPES,
  check: (instance) => ofPrimary(instance, () => mustBeTrue(instance.props, "storageEncrypted")),
};

const customerKey: ResourceRule = {
  scope: "resource",
  name: "rds-cmk",
  description: "The database is encrypted with a key of its own account.",
  why: "AWS's own key has a policy that nobody can narrow, and a snapshot under it cannot be taken into another account.",
  remedy: "Set `kmsKeyId` to a key of this stack. It can only be chosen when the instance is made.",
  ids: ["S1-85", "C-38"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: (instance) =>
    ofPrimary(instance, () =>
      mustName(instance.props, "kmsKeyId", { form: /(^|:)alias\/aws\/rds$/, what: "AWS's own key" }),
    ),
};

const notPublic: ResourceRule = {
  scope: "resource",
  name: "rds-not-public",
  description: "No database has an address in the internet.",
  why: "A public address leaves one security-group rule between the data and everybody.",
  remedy: "Leave `publiclyAccessible` out, or set it to false.",
  ids: ["RDS.2", "CIS-AWS 3.2.3", "CKV_AWS_17"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustNotBeTrue(props, "publiclyAccessible"),
};

const privatePlacement: ResourceRule = {
  scope: "resource",
  name: "rds-private-placement",
  description: "Every database stands in a subnet group and behind security groups that were chosen for it.",
  why: "Without them AWS takes those of the default network, whose subnets are public and whose group lets all members in.",
  remedy:
    "Set `dbSubnetGroupName` to a group of private subnets, and `vpcSecurityGroupIds` to a group for the database.",
  ids: ["RDS.46", "CIS-AWS 3.2.3"],
  levels: ALWAYS,
  types: TYPES,
  check: (instance) => [
    ...ofPrimary(instance, () =>
      mustName(instance.props, "dbSubnetGroupName", { form: /^default$/i, what: "the default group" }),
    ),
    ...mustHaveItems(instance.props, "vpcSecurityGroupIds"),
  ],
};

const multiAz: ResourceRule = {
  scope: "resource",
  name: "rds-multi-az",
  description: "The primary has a standby in another zone.",
  why: "Without a standby, the loss of a machine or a zone means restoring from a backup: hours instead of two minutes.",
  remedy: "Set `multiAz: true` (`database.multiAz`).",
  ids: ["RDS.5", "CIS-AWS 3.2.4", "CKV_AWS_157", "S0-35", "S0-36", "C-06"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: (instance) => ofPrimary(instance, () => mustBeTrue(instance.props, "multiAz")),
};

const backupRetention: ResourceRule = {
  scope: "resource",
  name: "rds-backup-retention",
  description: "The primary keeps automated backups, and with them the way back to any second, for long enough.",
  why: "What was deleted by mistake can be had back only from before the mistake; left out or 0, AWS keeps nothing.",
  remedy: "Set `backupRetentionPeriod` (`database.pitrDays`) to the days that the message names, or more.",
  ids: ["RDS.11", "CKV_AWS_133", "S0-31", "S0-33", "C-39"],
  levels: ALWAYS,
  limits: ["backupRetentionDays"],
  types: TYPES,
  check: (instance, { backupRetentionDays }) =>
    ofPrimary(instance, () => mustBeAtLeast(backupRetentionDays, instance.props, "backupRetentionPeriod")),
};

const deletionProtection: ResourceRule = {
  scope: "resource",
  name: "rds-deletion-protection",
  description: "AWS refuses to delete the database until somebody turns its protection off.",
  why: "It stands against a deletion from the console or by another tool, which Pulumi's own protection does not see.",
  remedy: "Set `deletionProtection: true`.",
  ids: ["RDS.8", "CKV_AWS_293"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => mustBeTrue(props, "deletionProtection"),
};

const finalSnapshot: ResourceRule = {
  scope: "resource",
  name: "rds-final-snapshot",
  description: "A primary that is deleted leaves a snapshot and its automated backups behind.",
  why: "By default AWS deletes the automated backups together with the instance, and then nothing is left.",
  remedy: "Set `skipFinalSnapshot: false`, `finalSnapshotIdentifier` and `deleteAutomatedBackups: false`.",
  ids: ["C-26", "C-39"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: (instance) =>
    ofPrimary(instance, () => [
      ...mustNotBeTrue(instance.props, "skipFinalSnapshot"),
      ...mustBeText(instance.props, "finalSnapshotIdentifier"),
      ...mustBeFalse(instance.props, "deleteAutomatedBackups"),
    ]),
};

const copyTags: ResourceRule = {
  scope: "resource",
  name: "rds-copy-tags",
  description: "Snapshots carry the tags of their database.",
  why: "A snapshot without tags belongs to nobody: it is neither found, nor charged to anyone, nor covered by rules on tags.",
  remedy: "Set `copyTagsToSnapshot: true`.",
  ids: ["RDS.17", "CKV2_AWS_60"],
  levels: FROM_ENTERPRISE,
  types: TYPES,
  check: ({ props }) => mustBeTrue(props, "copyTagsToSnapshot"),
};

/** What is asked of a database for its data: that nobody else reads it, and that it is not lost. */
export const rdsRules: readonly Rule[] = [
  storageEncrypted,
  customerKey,
  notPublic,
  privatePlacement,
  multiAz,
  backupRetention,
  deletionProtection,
  finalSnapshot,
  copyTags,
];

import { UNKNOWN } from "../../../guard/change";
import type { Operation } from "../../../guard/finding";
import { DB, edit, PRIMARY, REPLICA, remade, without } from "./parts";
import { type RawStep, remove, update } from "./steps";

/** Title, steps, operation, name of the resource, and the property that the finding names. */
export type Dangerous = readonly [string, readonly RawStep[], Operation, string, string?];

/** Edits of the database that must be refused: title, steps, operation, name, and the property that the finding names. */
export const DANGEROUS_DATABASE: readonly Dangerous[] = [
  ["an engine downgrade", [edit({ engineVersion: "16.8" })], "update", "database-primary", "engineVersion"],
  ["a renamed identifier, in place", [edit({ identifier: "db2" })], "update", "database-primary", "identifier"],
  ["a renamed identifier, by replacement", remade({ identifier: "db2" }), "replace", "database-primary", "identifier"],
  ["a switch of encryption", remade({ storageEncrypted: false }), "replace", "database-primary", "storageEncrypted"],
  ["a changed key", [edit({ kmsKeyId: UNKNOWN })], "update", "database-primary", "kmsKeyId"],
  ["another engine", remade({ engine: "mysql" }), "replace", "database-primary", "engine"],
  ["another subnet group", [edit({ dbSubnetGroupName: "other" })], "update", "database-primary", "dbSubnetGroupName"],
  [
    "another subnet group, by replacement",
    remade({ dbSubnetGroupName: "o" }),
    "replace",
    "database-primary",
    "dbSubnetGroupName",
  ],
  ["less storage", [edit({ allocatedStorage: 100 })], "update", "database-primary", "allocatedStorage"],
  [
    "deletion protection off",
    [edit({ deletionProtection: false })],
    "update",
    "database-primary",
    "deletionProtection",
  ],
  [
    "deletion protection left out",
    [update(DB, "database-primary", PRIMARY, without(PRIMARY, "deletionProtection"))],
    "update",
    "database-primary",
    "deletionProtection",
  ],
  ["no final snapshot", [edit({ skipFinalSnapshot: true })], "update", "database-primary", "skipFinalSnapshot"],
  [
    "automated backups deleted with it",
    [edit({ deleteAutomatedBackups: true })],
    "update",
    "database-primary",
    "deleteAutomatedBackups",
  ],
  ["no backups", [edit({ backupRetentionPeriod: 0 })], "update", "database-primary", "backupRetentionPeriod"],
  [
    "fewer days of backups",
    [edit({ backupRetentionPeriod: 7 })],
    "update",
    "database-primary",
    "backupRetentionPeriod",
  ],
  ["a public database", [edit({ publiclyAccessible: true })], "update", "database-primary", "publiclyAccessible"],
  [
    "a restored snapshot in its place",
    remade({ snapshotIdentifier: "s" }),
    "replace",
    "database-primary",
    "snapshotIdentifier",
  ],
  [
    "a replica as primary",
    [update(DB, "database-replica-1", REPLICA, without(REPLICA, "replicateSourceDb"))],
    "update",
    "database-replica-1",
    "replicateSourceDb",
  ],
  [
    "a primary as replica",
    [edit({ replicateSourceDb: "aibase-prod-replica-1" })],
    "update",
    "database-primary",
    "replicateSourceDb",
  ],
  ["a removed replica", [remove(DB, "database-replica-2", REPLICA)], "delete", "database-replica-2"],
  [
    "a removed database",
    [remove(DB, "database-primary", PRIMARY, { old: { protect: true } })],
    "delete",
    "database-primary",
  ],
];

import {
  becomes,
  changed,
  lowered,
  majorRaised,
  setOrChanged,
  turnedOff,
  turnedOn,
  versionLowered,
  zeroed,
} from "../change";
import { type Danger, KEEP, type StatefulType } from "./type";

const MOVE =
  "Undo the change. To move the data on purpose, make a second database from a snapshot, move the application to it, and retire this one after that.";

/** Amazon RDS User Guide: Renaming a DB instance; Backup retention period; Modifying an Amazon RDS DB instance. */
const RDS_DANGERS: readonly Danger[] = [
  {
    property: "identifier",
    change: changed,
    consequence: "The database gets another endpoint, and the old one is gone at once.",
    instead: KEEP,
  },
  {
    property: "deletionProtection",
    change: turnedOff,
    consequence: "RDS would no longer refuse to delete the database.",
    instead: KEEP,
  },
  {
    property: "skipFinalSnapshot",
    change: turnedOn,
    consequence: "Deleting the database would leave no final snapshot.",
    instead: KEEP,
  },
  {
    property: "deleteAutomatedBackups",
    change: turnedOn,
    consequence: "Deleting the database would delete its automated backups too.",
    instead: KEEP,
  },
  {
    property: "backupRetentionPeriod",
    change: (was, will) => lowered(was, will) || zeroed(was, will),
    consequence:
      "Backups older than the new period are deleted; 0 disables automated backups and point-in-time recovery.",
    instead: "Keep the days, or take a snapshot of what must stay restorable first.",
  },
  {
    property: "publiclyAccessible",
    change: turnedOn,
    consequence: "The database gets a public address.",
    instead: "Reach it through the private network.",
  },
  {
    property: "storageEncrypted",
    change: setOrChanged,
    consequence: "RDS cannot switch the encryption of a database that is there; the engine makes an empty one instead.",
    instead: "Copy a snapshot with the encryption that you want, and restore it to a second database.",
  },
  {
    property: "kmsKeyId",
    change: changed,
    consequence: "RDS cannot change the key of a database that is there; the engine makes an empty one instead.",
    instead: "Copy a snapshot with the other key, and restore it to a second database.",
  },
  {
    property: "engineVersion",
    change: versionLowered,
    consequence: "RDS cannot go back to an older version of the engine.",
    instead: "Set the version that runs. To go back, restore a snapshot from before the upgrade to a second database.",
  },
  {
    property: "engineVersion",
    change: majorRaised,
    consequence: "A major upgrade stops the database for minutes and cannot be undone.",
    instead: "Try it on a restored snapshot first, and take a snapshot right before.",
    level: "advise",
  },
  {
    property: "allocatedStorage",
    change: lowered,
    consequence: "RDS cannot shrink storage.",
    instead: "Keep the size; to shrink, dump the data into a second, smaller database.",
  },
  {
    property: "replicateSourceDb",
    change: (was, will) => (was ?? "") !== "" && setOrChanged(was, will),
    consequence: "The replica is promoted: it stops following its primary, for good, and its data drifts apart.",
    instead: "Undo the change; a promotion is an operation of its own.",
  },
  {
    property: "replicateSourceDb",
    change: (was, will) => (was ?? "") === "" && setOrChanged(was, will),
    consequence: "A database with data of its own would become a replica, which RDS makes anew from its source.",
    instead: "Add a new replica beside it.",
  },
  {
    property: "snapshotIdentifier",
    change: setOrChanged,
    consequence: "A snapshot is restored into a new database only: what is there now would go.",
    instead: "Restore it beside the running database, compare, and move the application then.",
  },
  {
    property: "restoreToPointInTime",
    change: setOrChanged,
    consequence: "A point in time is restored into a new database only: what is there now would go.",
    instead: "Restore it beside the running database, compare, and move the application then.",
  },
  {
    property: "dbSubnetGroupName",
    change: changed,
    consequence: "The database moves to another subnet group: out of service meanwhile, or made anew.",
    instead: "Add subnets to the group that is in use.",
  },
  {
    property: "multiAz",
    change: turnedOff,
    consequence:
      "Without a standby the loss of one zone stops the database, and restoring it takes the last minutes of data.",
    instead: "Keep the standby where the data matters.",
    level: "advise",
  },
];

/** PostgreSQL and what protects it. */
export const DATABASE: readonly StatefulType[] = [
  {
    type: "aws:rds/instance:Instance",
    what: "database instance",
    loss: "All its data goes with it; what is left is its final snapshot and retained backups.",
    instead: MOVE,
    dangers: RDS_DANGERS,
  },
  {
    type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    what: "copy of the backups in the second region",
    loss: "The backups that stand in the second region, and the copying of new ones.",
    instead: KEEP,
    dangers: [
      {
        property: "retentionPeriod",
        change: lowered,
        consequence: "Copies older than that are deleted.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "postgresql:index/database:Database",
    what: "logical database",
    loss: "DROP DATABASE removes every table in it at once.",
    instead: "Rename nothing here; add a second database and move the data.",
    dangers: [
      {
        property: "name",
        change: changed,
        consequence: "ALTER DATABASE … RENAME: every connection string with the old name fails.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "postgresql:index/schema:Schema",
    what: "schema of a database",
    loss: "DROP SCHEMA, with all tables in it where dropCascade is set.",
    instead: KEEP,
    dangers: [
      {
        property: "dropCascade",
        change: turnedOn,
        consequence: "Deleting the schema would then delete its tables too.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "postgresql:index/role:Role",
    what: "database role",
    loss: "Whoever logs in with it is locked out, and what it owns must find another owner.",
    instead: "Add the new role beside it and move the application first.",
    dangers: [
      {
        property: "name",
        change: changed,
        consequence: "Whoever logs in with the old name is locked out.",
        instead: "Add the new role beside it and move the application first.",
      },
    ],
  },
];

/** Sessions and cached values. */
export const CACHE: readonly StatefulType[] = [
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    what: "cache",
    loss: "Sessions and everything cached: users are logged out, and the database takes the load of a cold cache.",
    instead: "Undo the change; or make a second cache from a snapshot (snapshotName) and move the application to it.",
    dangers: [
      {
        property: "transitEncryptionEnabled",
        change: turnedOff,
        consequence: "Sessions and the password cross the network in plain text.",
        instead: KEEP,
      },
      {
        property: "transitEncryptionMode",
        change: becomes("preferred"),
        consequence: "Connections without TLS are accepted too.",
        instead: "Keep `required`; `preferred` is a step of a migration to TLS.",
        level: "advise",
      },
      {
        property: "automaticFailoverEnabled",
        change: turnedOff,
        consequence: "A failed primary is no longer replaced by a replica.",
        instead: KEEP,
        level: "advise",
      },
      {
        property: "snapshotRetentionLimit",
        change: lowered,
        consequence: "Older snapshots are deleted; 0 turns them off.",
        instead: KEEP,
      },
    ],
  },
];

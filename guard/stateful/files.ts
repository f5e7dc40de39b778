import { becomes, lowered, setOrChanged, turnedOff, turnedOn } from "../change";
import { expiresSooner, keepsShorter } from "../lifecycle";
import { type Danger, KEEP, type StatefulType } from "./type";

const BLOCK: readonly Danger[] = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
].map((property) => ({
  property,
  change: turnedOff,
  consequence: "Objects of the bucket can become public.",
  instead: "Serve files through the CDN or through signed addresses.",
}));

/** Object storage and what protects it. */
export const FILES: readonly StatefulType[] = [
  {
    type: "aws:s3/bucket:Bucket",
    what: "bucket",
    loss: "Every file in it, with all versions. S3 refuses while it holds objects, unless forceDestroy is set; its name may be taken by somebody else.",
    instead: "Undo the change. To move the files, replicate them to a second bucket and switch the application.",
    dangers: [
      {
        property: "forceDestroy",
        change: turnedOn,
        consequence: "Deleting the bucket would empty it first.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    what: "versioning of a bucket",
    loss: "The bucket stops keeping what is overwritten or deleted, and replication stops.",
    instead: KEEP,
    dangers: [
      {
        property: "versioningConfiguration.status",
        change: becomes("Suspended"),
        consequence: "What is overwritten or deleted from then on is gone, and replication stops.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    what: "public-access block of a bucket",
    loss: "Objects of the bucket can become public.",
    instead: KEEP,
    dangers: BLOCK,
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    what: "policy of a bucket",
    loss: "The bucket takes requests without TLS again.",
    instead: KEEP,
  },
  {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    what: "lifecycle of a bucket",
    loss: "Old versions and uploads that were broken off are kept for ever: nothing is lost, but it costs.",
    instead: KEEP,
    level: "advise",
    dangers: [
      {
        property: "rules",
        change: expiresSooner,
        consequence: "S3 deletes objects sooner than until now; what has passed the new age goes within a day.",
        instead: "Keep the days, or copy what must stay.",
      },
    ],
  },
  {
    type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    what: "replication of a bucket to the second region",
    loss: "New files have no copy in the second region any more.",
    instead: KEEP,
  },
  {
    type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    what: "object lock of a bucket",
    loss: "New dumps can be deleted or overwritten before their time.",
    instead: KEEP,
    dangers: [
      {
        property: "rule.defaultRetention.days",
        change: lowered,
        consequence: "New dumps are locked for a shorter time.",
        instead: KEEP,
      },
      {
        property: "rule.defaultRetention.mode",
        change: becomes("GOVERNANCE"),
        consequence: "Privileged users can delete dumps before their time.",
        instead: KEEP,
      },
    ],
  },
];

/** AWS Backup. */
export const BACKUP: readonly StatefulType[] = [
  {
    type: "aws:backup/vault:Vault",
    what: "backup vault",
    loss: "Every recovery point in it. AWS refuses while it holds some, unless forceDestroy is set.",
    instead: "Undo the change, or make a second vault and let the points of this one expire.",
    dangers: [
      {
        property: "forceDestroy",
        change: turnedOn,
        consequence: "Deleting the vault would delete its recovery points first.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    what: "lock of a backup vault",
    loss: "Recovery points can be deleted before their time.",
    instead: KEEP,
    dangers: [
      {
        property: "minRetentionDays",
        change: lowered,
        consequence: "Recovery points can be given a shorter life.",
        instead: KEEP,
      },
    ],
  },
  {
    type: "aws:backup/vaultPolicy:VaultPolicy",
    what: "policy of a backup vault",
    loss: "Whoever may use AWS Backup can delete recovery points.",
    instead: KEEP,
  },
  {
    type: "aws:backup/plan:Plan",
    what: "backup plan",
    loss: "No further backups are made by it.",
    instead: KEEP,
    dangers: [
      {
        property: "rules",
        change: keepsShorter,
        consequence: "New recovery points live shorter than until now.",
        instead: KEEP,
        level: "advise",
      },
    ],
  },
  {
    type: "aws:backup/selection:Selection",
    what: "selection of what is backed up",
    loss: "What it selected is no longer backed up; a changed selection is made anew by AWS, with a moment between.",
    instead: "Check that the new selection names everything that the old one did.",
    level: "advise",
    dangers: [
      {
        property: "planId",
        change: setOrChanged,
        consequence: "Other rules back the same resources up.",
        instead: KEEP,
        level: "advise",
      },
    ],
  },
];

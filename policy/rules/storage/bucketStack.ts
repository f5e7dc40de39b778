import { eachOfSome, mustBeText } from "../../checks/content";
import { aboutNamed, all, at, type Check, oneOf } from "../../checks/parts";
import { type Judgements, mustBeTrue, unverified, violated } from "../../checks/property";
import { readCount } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { componentOf } from "../stack/components";
import { pointingTo } from "../stack/targets";

export const BUCKET = "aws:s3/bucket:Bucket";
export const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";

/** What every bucket has, in words. */
const PARTS: Readonly<Record<string, string>> = {
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "switches against public access",
  [ENCRYPTION]: "encryption",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "ownership of objects",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  [VERSIONING]: "versioning",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "lifecycle",
};

/** Judges the resource that configures a part of a bucket, or tells that there is none. */
export function judgePart(
  stack: StackView,
  bucket: StackResource,
  [type, words]: readonly [type: string, words: string],
  check: Check = () => [],
): Judgements {
  const { found, perhaps } = pointingTo(stack, bucket, type, "bucket");
  if (found.length > 0) return found.flatMap((part) => aboutNamed(part, check(part.props)));
  return perhaps
    ? unverified(`Whether ${bucket.name} has a resource for its ${words} is`, bucket.urn)
    : violated(`${bucket.name} has no resource for its ${words}.`, bucket.urn);
}

const bucketComplete: StackRule = {
  scope: "stack",
  name: "bucket-complete",
  description: "Every bucket has its own public-access block, encryption, ownership, policy, versioning and lifecycle.",
  why: "Rules about these resources say nothing of a bucket that has none; then what counts is what AWS happens to do by itself.",
  remedy: "Make the missing resource, and give it the bucket as its `bucket`.",
  ids: ["S3.5", "S3.8", "S3.13", "S3.14", "CKV2_AWS_6", "CKV2_AWS_61", "CKV2_AWS_65", "CKV_AWS_21", "S1-79", "C-27"],
  levels: ALWAYS,
  check: (stack) =>
    stack.ofType(BUCKET).flatMap((bucket) => Object.entries(PARTS).flatMap((part) => judgePart(stack, bucket, part))),
};

const backupBuckets = (stack: StackView): readonly StackResource[] =>
  stack.ofType(BUCKET).filter((bucket) => componentOf(stack, bucket, "scaling-ladder:backup:") !== undefined);

/** S3 takes days or years, one of them. */
const lasts: Check = (props, ...retention) => {
  const [days, years] = [readCount(props, ...retention, "days"), readCount(props, ...retention, "years")];
  if ([days, years].some((time) => time.state === "known" && time.value > 0)) return [];
  return [days, years].some(({ state }) => state === "unknown")
    ? unverified("How long the lock lasts is")
    : violated("The lock has no default retention in days or years.");
};

const locked = at(["rule", "defaultRetention"], all(at(["mode"], oneOf("GOVERNANCE", "COMPLIANCE")), lasts));

const s3ObjectLock: StackRule = {
  scope: "stack",
  name: "s3-object-lock",
  description: "Backups in a bucket are locked against deletion.",
  why: "Whoever breaks in deletes the backups first; a locked version stays until its time is over.",
  remedy:
    "Make the bucket of the backups with `objectLockEnabled: true`, and give it a BucketObjectLockConfiguration with a default retention.",
  ids: ["S3.15", "CKV_AWS_143", "C-39"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    backupBuckets(stack).flatMap((bucket) => [
      ...aboutNamed(bucket, mustBeTrue(bucket.props, "objectLockEnabled")),
      ...judgePart(stack, bucket, [LOCK, "object lock"], locked),
    ]),
};

const byKey = at(
  ["applyServerSideEncryptionByDefault"],
  all(at(["sseAlgorithm"], oneOf("aws:kms", "aws:kms:dsse")), at(["kmsMasterKeyId"], mustBeText)),
);

const backupBucketCmk: StackRule = {
  scope: "stack",
  name: "backup-bucket-cmk",
  description: "Backups in a bucket are encrypted with a key of the stack.",
  why: "They hold the whole database, which has a key of its own: a dump under S3's key can be read by whoever may read the bucket.",
  remedy:
    "Set `sseAlgorithm` to aws:kms with `kmsMasterKeyId` and `bucketKeyEnabled: true`, and let the writer use the key (`kms:GenerateDataKey`, `kms:Decrypt`).",
  ids: ["S3.17", "CKV_AWS_145", "C-39"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    backupBuckets(stack).flatMap((bucket) =>
      judgePart(stack, bucket, [ENCRYPTION, "encryption"], at(["rules"], eachOfSome(byKey))),
    ),
};

/** What is asked of a bucket together with the resources that configure it. */
export const bucketStackRules: readonly Rule[] = [bucketComplete, s3ObjectLock, backupBucketCmk];

import { all, any, holds } from "../../checks/answer";
import { eachOfSome, mustBeText } from "../../checks/content";
import { type Check, leftOut } from "../../checks/parts";
import { type Judgements, mustBeOneOf, mustBeTrue, mustNotBeTrue, unverified, violated } from "../../checks/property";
import { type Path, read, readList, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";

/** What a bucket can hold inside itself, and what a resource of its own replaces; the provider calls all of them deprecated. */
const INLINE = [
  "accelerationStatus",
  "acl",
  "corsRules",
  "grants",
  "lifecycleRules",
  "logging",
  "objectLockConfiguration",
  "policy",
  "replicationConfiguration",
  "requestPayer",
  "serverSideEncryptionConfiguration",
  "versioning",
  "website",
];

const s3NoInline: ResourceRule = {
  scope: "resource",
  name: "s3-no-inline",
  description: "A bucket is configured by resources of its own, and has no access list.",
  why: "An inline part and the resource of the same kind overwrite each other at every update, so that what protects the bucket comes and goes.",
  remedy:
    "Take the property away and use BucketPolicy, BucketVersioning, BucketLifecycleConfiguration and so on; access lists are not needed at all.",
  ids: ["S3.12", "CKV_AWS_20", "CKV_AWS_57"],
  levels: ALWAYS,
  types: ["aws:s3/bucket:Bucket"],
  check: ({ props }) => INLINE.flatMap((key) => leftOut(props, key)),
};

const s3NoForceDestroy: ResourceRule = {
  scope: "resource",
  name: "s3-no-force-destroy",
  description: "No bucket is emptied to be deleted.",
  why: "With `forceDestroy` one wrong replacement deletes every file, all its versions with it; without it S3 itself refuses.",
  remedy: "Leave `forceDestroy` out. Empty a bucket by hand before it is deleted for good.",
  ids: ["S1-84"],
  levels: FROM_ENTERPRISE,
  types: ["aws:s3/bucket:Bucket"],
  check: ({ props }) => mustNotBeTrue(props, "forceDestroy"),
};

const s3PublicAccessBlock: ResourceRule = {
  scope: "resource",
  name: "s3-public-access-block",
  description: "All four switches against public access are on.",
  why: "They hold even when a policy or an access list is wrong one day; each closes another way.",
  remedy: "Set `blockPublicAcls`, `blockPublicPolicy`, `ignorePublicAcls` and `restrictPublicBuckets` to true.",
  ids: ["S3.8", "CIS-AWS 3.1.4", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
  levels: ALWAYS,
  types: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  check: ({ props }) =>
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap((key) =>
      mustBeTrue(props, key),
    ),
};

const OWN_KEYS = ["aws:kms", "aws:kms:dsse"];
const SSE_S3 = "AES256";

/** SSE-S3, or a key together with the bucket key: without that, each request for an object is one to KMS, and paid for. */
const encryptionOf: Check = (props, ...rule) => {
  const algorithm: Path = [...rule, "applyServerSideEncryptionByDefault", "sseAlgorithm"];
  const named = readText(props, ...algorithm);
  if (named.state !== "known" || !OWN_KEYS.includes(named.value)) {
    return mustBeOneOf([SSE_S3, ...OWN_KEYS], props, ...algorithm);
  }
  return [
    ...mustBeText(props, ...rule, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
    ...mustBeTrue(props, ...rule, "bucketKeyEnabled"),
  ];
};

const s3Encrypted: ResourceRule = {
  scope: "resource",
  name: "s3-encrypted",
  description: "What is put into a bucket is encrypted by default.",
  why: "The documents ask for server-side encryption. The application's bucket takes SSE-S3, since a key would need actions beyond its four.",
  remedy:
    'Set `sseAlgorithm` to "AES256"; or to "aws:kms" together with `kmsMasterKeyId` and `bucketKeyEnabled: true`.',
  ids: ["CKV_AWS_19", "S1-85", "C-27", "C-38"],
  levels: ALWAYS,
  types: ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"],
  check: ({ props }) => eachOfSome(encryptionOf)(props, "rules"),
};

const s3Versioned: ResourceRule = {
  scope: "resource",
  name: "s3-versioned",
  description: "A bucket keeps the versions of its objects.",
  why: "Versions are the documented backup of files: what is overwritten or deleted by mistake can be had back.",
  remedy: 'Set `versioningConfiguration.status` to "Enabled".',
  ids: ["S3.14", "CKV_AWS_21", "S1-84"],
  levels: ALWAYS,
  types: ["aws:s3/bucketVersioning:BucketVersioning"],
  check: ({ props }) => mustBeOneOf(["Enabled"], props, "versioningConfiguration", "status"),
};

const s3OwnerEnforced: ResourceRule = {
  scope: "resource",
  name: "s3-owner-enforced",
  description: "The owner of a bucket owns all its objects, and access lists are switched off.",
  why: "Otherwise whoever puts an object may hand it on by its access list, and the policy of the bucket does not see it.",
  remedy: 'Set `rule.objectOwnership` to "BucketOwnerEnforced".',
  ids: ["S3.12", "CKV2_AWS_65"],
  levels: ALWAYS,
  types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  check: ({ props }) => mustBeOneOf(["BucketOwnerEnforced"], props, "rule", "objectOwnership"),
};

const CLEANING = [
  { what: "ends uploads that were never finished", path: ["abortIncompleteMultipartUpload", "daysAfterInitiation"] },
  { what: "ends old versions", path: ["noncurrentVersionExpiration", "noncurrentDays"] },
];

function mustClean(props: Value): Judgements {
  const rules = readList(props, "rules");
  if (rules.state === "unknown") return unverified("`rules` is");
  const indexes = rules.state === "known" ? rules.value.map((_, index) => index) : [];
  return CLEANING.flatMap(({ what, path }) => {
    const cleans = any(
      indexes.map((index) =>
        all([
          holds(readText(props, "rules", index, "status"), (status) => status === "Enabled"),
          holds(read(props, "rules", index, ...path), (days) => typeof days === "number" && days > 0),
        ]),
      ),
    );
    if (cleans === "yes") return [];
    return cleans === "unknown"
      ? unverified(`Whether a rule ${what} is`)
      : violated(`No rule in \`rules\` that is enabled ${what}.`);
  });
}

const s3Lifecycle: ResourceRule = {
  scope: "resource",
  name: "s3-lifecycle",
  description: "A bucket throws away unfinished uploads and, in time, old versions.",
  why: "Both are paid for and neither is listed; kept without end, deleted files of users are never gone.",
  remedy:
    "Add an enabled rule with `abortIncompleteMultipartUpload.daysAfterInitiation`, and one with `noncurrentVersionExpiration.noncurrentDays`.",
  ids: ["S3.13", "CKV_AWS_300", "S3.10"],
  levels: FROM_ENTERPRISE,
  types: ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
  check: ({ props }) => mustClean(props),
};

/** What is asked of each bucket, and of each resource that configures one. */
export const bucketRules: readonly Rule[] = [
  s3NoInline,
  s3NoForceDestroy,
  s3PublicAccessBlock,
  s3Encrypted,
  s3Versioned,
  s3OwnerEnforced,
  s3Lifecycle,
];

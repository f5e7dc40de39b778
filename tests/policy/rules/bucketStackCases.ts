import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";

export const PARTS = {
  block: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
} as const;
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";

export const bucketOf = (
  name: string,
  props: Readonly<Record<string, Value>> = {},
  parent?: StackResource,
): StackResource =>
  resource("aws:s3/bucket:Bucket", { bucket: name, arn: UNKNOWN, id: UNKNOWN, ...props }, name, parent && { parent });

/** A resource that configures a bucket, by reference. */
export const part = (type: string, bucket: StackResource, props: Readonly<Record<string, Value>> = {}): StackResource =>
  resource(type, { bucket: UNKNOWN, ...props }, `${bucket.name}-part`, { refers: { bucket } });

const files = bucketOf("files");
const other = bucketOf("other");
const ALL = Object.values(PARTS);
const complete = (bucket: StackResource): readonly StackResource[] => [
  bucket,
  ...ALL.map((type) => part(type, bucket)),
];
const without = (missing: string) => complete(files).filter(({ type }) => type !== missing);

/** A versioning whose `bucket` is this text, in a stack with a bucket that lacks one. */
const named = (bucket: Value, to = files) => [
  ...without(PARTS.versioning).filter((one) => one !== files),
  to,
  resource(PARTS.versioning, { bucket }, "plain"),
];

const WORDS = [
  "switches against public access",
  "encryption",
  "ownership of objects",
  "policy",
  "versioning",
  "lifecycle",
];

const COMPLETE: readonly Case[] = [
  one("pass", "all six", complete(files)),
  one("pass", "two buckets", [...complete(files), ...complete(other)]),
  one("pass", "no bucket", []),
  ...ALL.map((type, index) =>
    one("fail", `without ${type}`, without(type), ["violated"], {
      says: [`files has no resource for its ${WORDS[index]}.`],
    }),
  ),
  one(
    "fail",
    "connected to another bucket",
    [...without(PARTS.policy), ...complete(other), part(PARTS.policy, other)],
    ["violated"],
    {
      says: ["files has no resource for its policy"],
    },
  ),
  one(
    "absent",
    "nothing at all",
    [files],
    ALL.map(() => "violated"),
  ),
  one("pass", "by its name", named("files")),
  one("pass", "by its id", named("bucket-id", having(files, ["id"], "bucket-id"))),
  one("secret", "by its name, marked secret", named(new Secret("files"))),
  one("fail", "by another name", named("others"), ["violated"], { hides: ["others"] }),
  one("wrong type", "by a number", named(7), ["violated"]),
  one("unknown", "by a name that is not known yet", named(UNKNOWN), ["unverified"], {
    says: ["Whether files has a resource for its versioning is not known"],
  }),
];

const backup = resource("scaling-ladder:backup:DumpJobs", {}, "dumps");
const inside = resource("scaling-ladder:backup:DumpBucket", {}, "dumps-bucket", { parent: backup });
const dumps = (objectLockEnabled: Value = true) =>
  having(bucketOf("dumps", {}, inside), ["objectLockEnabled"], objectLockEnabled);
const retention = (defaultRetention: Value): Readonly<Record<string, Value>> => ({ rule: { defaultRetention } });
const locked = (props: Readonly<Record<string, Value>>, bucket = dumps()) => [
  backup,
  inside,
  bucket,
  part(LOCK, bucket, props),
];
const GOVERNED = { mode: "GOVERNANCE", days: 35 };
const NO_TIME = "The lock has no default retention in days or years.";

const OBJECT_LOCK: readonly Case[] = [
  one("pass", "for days", locked(retention(GOVERNED))),
  one("pass", "for a year, by nobody to be shortened", locked(retention({ mode: "COMPLIANCE", years: 1 }))),
  one("pass", "for one day", locked(retention({ ...GOVERNED, days: 1 }))),
  one("pass", "a bucket that holds no backups", [backup, files]),
  one("pass", "a bucket of another component", [
    resource("scaling-ladder:files:S3Files", {}, "f"),
    bucketOf("b", {}, resource("scaling-ladder:files:S3Files", {}, "f")),
  ]),
  one("fail", "for no days", locked(retention({ ...GOVERNED, days: 0 })), ["violated"], {
    says: [NO_TIME, "dumps-part: "],
  }),
  one("fail", "another mode", locked(retention({ ...GOVERNED, mode: "HOLD" })), ["violated"], {
    says: ["`rule.defaultRetention.mode`"],
  }),
  one("fail", "a bucket without lock", locked(retention(GOVERNED), dumps(false)), ["violated"], {
    says: ["dumps: `objectLockEnabled` is false"],
  }),
  one("absent", "a bucket that does not say", locked(retention(GOVERNED), dumps(null)), ["violated"]),
  one("absent", "no configuration", [backup, inside, dumps()], ["violated"], {
    says: ["dumps has no resource for its object lock."],
  }),
  one("absent", "no retention", locked({}), ["violated", "violated"]),
  one("wrong type", "days as a text", locked(retention({ ...GOVERNED, days: "35" })), ["violated"]),
  one("unknown", "the days", locked(retention({ ...GOVERNED, days: UNKNOWN })), ["unverified"], {
    says: ["How long the lock lasts is not known"],
  }),
  one("unknown", "the years", locked(retention({ mode: "GOVERNANCE", years: UNKNOWN })), ["unverified"]),
  one("unknown", "the mode", locked(retention({ ...GOVERNED, mode: UNKNOWN })), ["unverified"]),
  one("unknown", "whether the bucket has a lock", locked(retention(GOVERNED), dumps(UNKNOWN)), ["unverified"]),
  one("secret", "marked secret", locked({ rule: new Secret({ defaultRetention: GOVERNED }) })),
];

const encrypted = (...rules: readonly Value[]) => {
  const bucket = dumps();
  return [backup, inside, bucket, part(PARTS.encryption, bucket, { rules })];
};
const byKey = (sseAlgorithm: Value, kmsMasterKeyId: Value = UNKNOWN): Value => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId },
});

const BACKUP_KEY: readonly Case[] = [
  one("pass", "a key", encrypted(byKey("aws:kms"))),
  one("pass", "a key, twice over", encrypted(byKey("aws:kms:dsse"))),
  one("pass", "files under S3's key", [
    ...complete(files),
    part(PARTS.encryption, files, { rules: [byKey("AES256")] }),
  ]),
  one("fail", "S3's key", encrypted(byKey("AES256")), ["violated"], {
    says: ["`rules[0].applyServerSideEncryptionByDefault.sseAlgorithm`"],
  }),
  one("fail", "the account's key", encrypted(byKey("aws:kms", "")), ["violated"], {
    says: ["kmsMasterKeyId` is empty"],
  }),
  one("fail", "the second rule", encrypted(byKey("aws:kms"), byKey("AES256")), ["violated"]),
  one("fail", "no rule", encrypted(), ["violated"]),
  one("absent", "no encryption", [backup, inside, dumps()], ["violated"], {
    says: ["dumps has no resource for its encryption."],
  }),
  one("absent", "no algorithm", encrypted({}), ["violated", "violated"]),
  one("wrong type", "a key as a number", encrypted(byKey("aws:kms", 7)), ["violated"]),
  one("unknown", "the algorithm", encrypted(byKey(UNKNOWN)), ["unverified"]),
  one("unknown", "the rule", encrypted(UNKNOWN), ["unverified"]),
  one("secret", "marked secret", encrypted(new Secret(byKey("aws:kms")))),
];

export const CASES: Cases = {
  "bucket-complete": COMPLETE,
  "s3-object-lock": OBJECT_LOCK,
  "backup-bucket-cmk": BACKUP_KEY,
};

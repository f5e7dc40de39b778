import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { field } from "../values";
import { listOf, refusedPolicy, statementsOf } from "./policyDocument";
import { refusedLifecycle, refusedReplication } from "./s3Rules";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

const SOURCE = "hashicorp/terraform-provider-aws internal/service/s3";

/** Hosted zones of S3's websites, an output of each bucket (docs.aws.amazon.com/general/latest/gr/s3.html). */
const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-central-1": "Z21DNDUVLTQW6Q",
};

/** Rules for names of general-purpose buckets (S3 user guide, "General purpose bucket naming rules"). */
function refusedName(inputs: Values): Refusal[] {
  const name = inputs.bucket;
  if (typeof name !== "string") return [];
  const wrong =
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ||
    /\.\.|\.-|-\./.test(name) ||
    /^\d+\.\d+\.\d+\.\d+$/.test(name) ||
    /^(xn--|sthree-|amzn-s3-demo-)/.test(name) ||
    /(-s3alias|--ols-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  return wrong ? [{ property: "bucket", reason: `InvalidBucketName: the specified bucket is not valid: ${name}` }] : [];
}

/** Of the parts that can be told whose bucket it must be. */
const BY_OWNER = { replaces: ["bucket", "expectedBucketOwner"] };

/** A part of a bucket's configuration: one for each bucket, named by it. */
const partOf = (type: string, file: string, model: Partial<ResourceModel> = {}): ResourceModel => ({
  type,
  replaces: ["bucket"],
  source: `${SOURCE}/${file}`,
  references: { bucket: { types: [BUCKET] } },
  unique: ({ bucket }) => (typeof bucket === "string" ? bucket : undefined),
  id: ({ bucket }) => text(bucket),
  outputs: () => ({}),
  ...model,
});

const oneOf = (property: string, value: unknown, allowed: readonly string[]): Refusal[] =>
  value === UNKNOWN || allowed.includes(text(value))
    ? []
    : [{ property, reason: `MalformedXML: must be one of ${allowed.join(", ")}` }];

const versioningStatus = (values: Values): unknown => field(values.versioningConfiguration, "status");

/** A policy that lets everybody in, which the public access block turns away; and resources of another bucket. */
function refusedBucketPolicy(inputs: Values, cloud: Cloud): Refusal[] {
  const { bucket, policy } = inputs;
  const malformed = refusedPolicy("policy", policy, "resource");
  if (malformed.length > 0 || typeof bucket !== "string") return malformed;
  const statements = statementsOf(policy);
  const foreign = statements
    .flatMap(({ Resource }) => listOf(Resource))
    .filter((resource) => resource !== UNKNOWN && !isWithin(text(resource), bucket));
  const blocked = cloud
    .all(PUBLIC_ACCESS)
    .some(({ values }) => values.bucket === bucket && values.blockPublicPolicy === true);
  const open = statements.some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" && Condition === undefined && (Principal === "*" || field(Principal, "AWS") === "*"),
  );
  return [
    ...foreign.map((resource) => ({
      property: "policy",
      reason: `MalformedPolicy: policy has invalid resource ${String(resource)}`,
    })),
    ...(blocked && open
      ? [{ property: "policy", reason: "AccessDenied: public policies are blocked by BlockPublicPolicy" }]
      : []),
  ];
}

const isWithin = (arn: string, bucket: string): boolean =>
  arn === `arn:aws:s3:::${bucket}` || arn.startsWith(`arn:aws:s3:::${bucket}/`);

/** Simple Storage Service. */
export const s3: readonly ResourceModel[] = [
  {
    type: BUCKET,
    replaces: ["bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"],
    source: `${SOURCE}/bucket.go`,
    published: { type: "AWS::S3::Bucket", names: { bucket: "BucketName", bucketPrefix: false, acl: false } },
    autonamed: { property: "bucket", limit: 63 },
    // One name space for all accounts and regions.
    unique: ({ bucket }) => (typeof bucket === "string" ? bucket : undefined),
    check: refusedName,
    id: ({ bucket }) => text(bucket),
    outputs: (inputs, { arn, region }) => {
      const name = text(inputs.bucket);
      return {
        arn: arn("s3", name, "bare"),
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        bucketRegion: region,
        hostedZoneId: HOSTED_ZONES[region] ?? HOSTED_ZONES["us-east-1"],
      };
    },
    // `$objects`: how many objects and versions it holds; put there by whoever rehearses an upload.
    refuseDelete: ({ values }) =>
      Number(values.$objects ?? 0) > 0 && values.forceDestroy !== true
        ? "BucketNotEmpty: the bucket you tried to delete is not empty; you must delete all versions in it"
        : undefined,
  },
  partOf(VERSIONING, "bucket_versioning.go", {
    ...BY_OWNER,
    check: (inputs) => oneOf("versioningConfiguration", versioningStatus(inputs), ["Enabled", "Suspended", "Disabled"]),
    checkUpdate: (inputs, old, cloud) => {
      const [now, before] = [versioningStatus(inputs), versioningStatus(old)];
      const property = "versioningConfiguration";
      if (now === "Disabled" && before !== "Disabled")
        return [{ property, reason: `status cannot be changed from ${String(before)} to Disabled` }];
      const replicated = cloud.all(REPLICATION).some(({ values }) => values.bucket === old.bucket);
      return now === "Suspended" && replicated
        ? [{ property, reason: "InvalidBucketState: a replication configuration is present on this bucket" }]
        : [];
    },
  }),
  partOf(PUBLIC_ACCESS, "bucket_public_access_block.go"),
  partOf("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket_ownership_controls.go", {
    check: ({ rule }) =>
      oneOf("rule", field(rule, "objectOwnership"), ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]),
  }),
  partOf("aws:s3/bucketPolicy:BucketPolicy", "bucket_policy.go", { check: refusedBucketPolicy }),
  partOf(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "bucket_server_side_encryption_configuration.go",
    {
      ...BY_OWNER,
      references: {
        bucket: { types: [BUCKET] },
        "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": { types: ["aws:kms/key:Key"], by: "arn" },
      },
      check: ({ rules }) =>
        listOf(rules).flatMap((rule) =>
          oneOf("rules", field(field(rule, "applyServerSideEncryptionByDefault"), "sseAlgorithm"), [
            "AES256",
            "aws:kms",
            "aws:kms:dsse",
          ]),
        ),
    },
  ),
  partOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket_lifecycle_configuration.go", {
    ...BY_OWNER,
    // The provider waits until S3 answers with the new rules everywhere.
    seconds: { create: 30, update: 30 },
    check: refusedLifecycle,
    outputs: () => ({ transitionDefaultMinimumObjectSize: "all_storage_classes_128K" }),
  }),
  partOf("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "bucket_object_lock_configuration.go", {
    ...BY_OWNER,
    check: ({ bucket }, cloud) => {
      const versioning = typeof bucket === "string" ? cloud.find(VERSIONING, bucket) : undefined;
      const locked = typeof bucket === "string" ? cloud.find(BUCKET, bucket)?.values.objectLockEnabled : undefined;
      return versioning === undefined || locked === true || versioningStatus(versioning.values) === "Enabled"
        ? []
        : [{ property: "bucket", reason: "InvalidBucketState: versioning must be enabled to lock objects" }];
    },
  }),
  partOf(REPLICATION, "bucket_replication_configuration.go", {
    references: {
      bucket: { types: [BUCKET] },
      role: { types: ["aws:iam/role:Role"], by: "arn" },
      "rules.destination.bucket": { types: [BUCKET], by: "arn" },
    },
    check: refusedReplication,
  }),
];

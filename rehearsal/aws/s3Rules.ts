import { type Cloud, type Refusal, UNKNOWN, type Values } from "../model";
import { field } from "../values";
import { listOf } from "./policyDocument";

/** Rules of S3 about rules: lifecycle and replication. */

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LIFECYCLE_ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];

const malformed = (reason: string): Refusal => ({ property: "rules", reason: `MalformedXML: ${reason}` });

const isStatus = (value: unknown): boolean => value === UNKNOWN || value === "Enabled" || value === "Disabled";

/** API reference, PutBucketLifecycleConfiguration. */
export function refusedLifecycle({ rules }: Values): Refusal[] {
  const all = listOf(rules).filter((rule) => rule !== UNKNOWN);
  const ids = all.map((rule) => field(rule, "id"));
  return [
    ...(new Set(ids).size === ids.length ? [] : [malformed("rule ids must be unique")]),
    ...all.flatMap((rule) => {
      const expiration = field(rule, "expiration");
      return [
        ...(isStatus(field(rule, "status")) ? [] : [malformed("status must be Enabled or Disabled")]),
        ...(LIFECYCLE_ACTIONS.some((action) => field(rule, action) !== undefined)
          ? []
          : [malformed("at least one action needs to be specified in a rule")]),
        ...(field(expiration, "days") !== undefined && field(expiration, "expiredObjectDeleteMarker") === true
          ? [malformed("expiredObjectDeleteMarker cannot be specified with days")]
          : []),
        ...[
          field(expiration, "days"),
          field(field(rule, "noncurrentVersionExpiration"), "noncurrentDays"),
          field(field(rule, "abortIncompleteMultipartUpload"), "daysAfterInitiation"),
        ]
          .filter((days) => typeof days === "number" && (days < 1 || !Number.isInteger(days)))
          .map((days) => malformed(`${String(days)} days: must be a positive whole number`)),
      ];
    }),
  ];
}

/** API reference, PutBucketReplication. What is not there yet is left to the references. */
export function refusedReplication({ bucket, rules }: Values, cloud: Cloud): Refusal[] {
  const all = listOf(rules).filter((rule) => rule !== UNKNOWN);
  const priorities = all.map((rule) => field(rule, "priority")).filter((priority) => priority !== undefined);
  const keepsNoVersions = (name: string): boolean =>
    cloud.find(BUCKET, name) !== undefined &&
    field(cloud.find(VERSIONING, name)?.values.versioningConfiguration, "status") !== "Enabled";
  const targets = all.map((rule) => field(field(rule, "destination"), "bucket"));
  return [
    ...(typeof bucket === "string" && keepsNoVersions(bucket)
      ? [
          {
            property: "bucket",
            reason: "InvalidRequest: versioning must be 'Enabled' on the bucket to apply a replication configuration",
          },
        ]
      : []),
    ...targets
      .filter((target) => typeof target === "string")
      .filter((target) => keepsNoVersions(target.replace(/^arn:aws:s3:::/, "")))
      .map(() => ({ property: "rules", reason: "InvalidRequest: destination bucket must have versioning enabled" })),
    ...targets
      .filter((target) => target === `arn:aws:s3:::${String(bucket)}`)
      .map(() => ({ property: "rules", reason: "InvalidRequest: source and destination bucket must be different" })),
    ...(new Set(priorities).size === priorities.length ? [] : [malformed("priorities must be unique")]),
    ...all.flatMap((rule) => [
      ...(isStatus(field(rule, "status")) ? [] : [malformed("status must be Enabled or Disabled")]),
      ...(field(rule, "filter") !== undefined && field(rule, "deleteMarkerReplication") === undefined
        ? [malformed("DeleteMarkerReplication must be specified for this version of the replication rules")]
        : []),
    ]),
  ];
}

import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";

const bucket = resource("aws:s3/bucket:Bucket", { bucket: "files", region: "us-east-1" });
const block = resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  bucket: UNKNOWN,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const sse = (...rules: readonly Value[]) => resource(SSE, { bucket: UNKNOWN, rules });
const algorithm = (sseAlgorithm: Value, more: Readonly<Record<string, Value>> = {}): Value => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId: UNKNOWN },
  ...more,
});
const versioning = resource("aws:s3/bucketVersioning:BucketVersioning", {
  bucket: UNKNOWN,
  versioningConfiguration: { status: "Enabled" },
});
const ownership = resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
  bucket: UNKNOWN,
  rule: { objectOwnership: "BucketOwnerEnforced" },
});
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const lifecycle = (...rules: readonly Value[]) => resource(LIFECYCLE, { bucket: UNKNOWN, rules });

const one = (
  kind: Case["kind"],
  title: string,
  it: ReturnType<typeof resource>,
  verdicts: Case["verdicts"] = [],
  more: Partial<Case> = {},
): Case => ({ kind, title, resources: [it], verdicts, ...more });

const INLINE: Readonly<Record<string, Value>> = {
  accelerationStatus: "Enabled",
  acl: "private",
  corsRules: [{ allowedOrigins: ["*"] }],
  grants: [{ type: "Group" }],
  lifecycleRules: [{ enabled: true }],
  logging: { targetBucket: "logs" },
  objectLockConfiguration: { objectLockEnabled: "Enabled" },
  policy: "{}",
  replicationConfiguration: { role: "role" },
  requestPayer: "Requester",
  serverSideEncryptionConfiguration: { rule: {} },
  versioning: { enabled: true },
  website: { indexDocument: "index.html" },
};

const ABORT = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
const EXPIRE = { noncurrentVersionExpiration: { noncurrentDays: 90 } };
const rule = (...parts: readonly Readonly<Record<string, Value>>[]): Value =>
  Object.assign({ status: "Enabled", filter: {} }, ...parts);
const off = { status: "Disabled" };
const NO_END = "No rule in `rules` that is enabled ends old versions.";
const NO_ABORT = "No rule in `rules` that is enabled ends uploads that were never finished.";

const flag = (key: string) =>
  propertyCases(block, [key], {
    absent: "violated",
    false: "violated",
    true: "passes",
    unknown: "unverified",
    secret: "passes",
  });

export const CASES: Cases = {
  "s3-no-inline": [
    one("pass", "nothing inline", bucket),
    one("pass", "object lock, which is decided at creation", having(bucket, ["objectLockEnabled"], true)),
    ...Object.entries(INLINE).map(([key, value]) =>
      one("fail", key, having(bucket, [key], value), ["violated"], { says: [`\`${key}\` must be left out`] }),
    ),
    one("fail", "two", having(having(bucket, ["acl"], "private"), ["website"], {}), ["violated", "violated"]),
    one("absent", "null", having(bucket, ["acl"], null)),
    one("absent", "an empty list", having(bucket, ["grants"], [])),
    one("unknown", "not known yet", having(bucket, ["policy"], UNKNOWN), ["unverified"]),
    one("wrong type", "a number", having(bucket, ["acl"], 7), ["violated"]),
    one("secret", "marked secret", having(bucket, ["policy"], new Secret("zX81pQ")), ["violated"], {
      hides: ["zX81pQ"],
    }),
  ],
  "s3-no-force-destroy": propertyCases(having(bucket, ["forceDestroy"], false), ["forceDestroy"], {
    absent: "passes",
    false: "passes",
    true: "violated",
    unknown: "unverified",
    secret: "passes",
  }),
  "s3-public-access-block": [
    ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap(flag),
    one("fail", "each is named", resource(block.type, {}), ["violated", "violated", "violated", "violated"], {
      says: ["`blockPublicAcls`", "`blockPublicPolicy`", "`ignorePublicAcls`", "`restrictPublicBuckets`"],
    }),
  ],
  "s3-encrypted": [
    ...propertyCases(sse(algorithm("AES256")), ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { another: ["ROT13", "violated"], "a key without the bucket key": ["aws:kms", "violated"] },
    }),
    ...["aws:kms", "aws:kms:dsse"].flatMap((kms) => [
      one("pass", `${kms} with the bucket key`, sse(algorithm(kms, { bucketKeyEnabled: true }))),
      one("fail", `${kms} without the bucket key`, sse(algorithm(kms)), ["violated"], {
        says: ["`rules[0].bucketKeyEnabled`"],
      }),
      one("unknown", `${kms}: the bucket key`, sse(algorithm(kms, { bucketKeyEnabled: UNKNOWN })), ["unverified"]),
      one(
        "fail",
        `${kms} with the account's key`,
        sse({ applyServerSideEncryptionByDefault: { sseAlgorithm: kms }, bucketKeyEnabled: true }),
        ["violated"],
        { says: ["`rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId` is not set"] },
      ),
    ]),
    one("fail", "the second of two rules", sse(algorithm("AES256"), algorithm("none")), ["violated"], {
      says: ["`rules[1].applyServerSideEncryptionByDefault.sseAlgorithm`"],
    }),
    one("fail", "no rules", sse(), ["violated"]),
    one("absent", "rules left out", resource(SSE, {}), ["violated"]),
    one("wrong type", "rules as a text", resource(SSE, { rules: "AES256" }), ["violated"], { says: ["wrong type"] }),
    one("unknown", "the rules", resource(SSE, { rules: UNKNOWN }), ["unverified"], { says: ["`rules`"] }),
    one("unknown", "one rule", sse(algorithm("AES256"), UNKNOWN), ["unverified"]),
  ],
  "s3-versioned": propertyCases(versioning, ["versioningConfiguration", "status"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { suspended: ["Suspended", "violated"], "a flag": [true, "violated"] },
  }),
  "s3-owner-enforced": propertyCases(ownership, ["rule", "objectOwnership"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { "the writer": ["ObjectWriter", "violated"], preferred: ["BucketOwnerPreferred", "violated"] },
  }),
  "s3-lifecycle": [
    one("pass", "one rule for both", lifecycle(rule(ABORT, EXPIRE))),
    one("pass", "a rule for each", lifecycle(rule(EXPIRE), rule(ABORT))),
    one("pass", "one day", lifecycle(rule(ABORT, { noncurrentVersionExpiration: { noncurrentDays: 1 } }))),
    one("fail", "no end of old versions", lifecycle(rule(ABORT)), ["violated"], { says: [NO_END] }),
    one("fail", "no end of uploads", lifecycle(rule(EXPIRE)), ["violated"], { says: [NO_ABORT] }),
    one("fail", "a rule that is off", lifecycle(rule(ABORT), rule(EXPIRE, off)), ["violated"], { says: [NO_END] }),
    one("fail", "no rules", lifecycle(), ["violated", "violated"]),
    one("fail", "no days", lifecycle(rule(ABORT, { noncurrentVersionExpiration: { noncurrentDays: 0 } })), [
      "violated",
    ]),
    one("absent", "rules left out", resource(LIFECYCLE, {}), ["violated", "violated"]),
    one("absent", "no status", lifecycle(rule(ABORT, EXPIRE, { status: null })), ["violated", "violated"]),
    one("wrong type", "a text", resource(LIFECYCLE, { rules: "all" }), ["violated", "violated"]),
    one(
      "wrong type",
      "days as a text",
      lifecycle(rule(ABORT, { noncurrentVersionExpiration: { noncurrentDays: "90" } })),
      ["violated"],
    ),
    one("wrong type", "a status of another kind", lifecycle(rule(ABORT, EXPIRE, { status: true })), [
      "violated",
      "violated",
    ]),
    one("unknown", "the rules", resource(LIFECYCLE, { rules: UNKNOWN }), ["unverified"], {
      says: ["`rules` is not known"],
    }),
    one("unknown", "one rule", lifecycle(rule(ABORT), UNKNOWN), ["unverified"], {
      says: ["Whether a rule ends old versions is not known"],
    }),
    one("unknown", "a status", lifecycle(rule(ABORT, EXPIRE, { status: UNKNOWN })), ["unverified", "unverified"]),
    one("unknown", "the days", lifecycle(rule(ABORT, { noncurrentVersionExpiration: UNKNOWN })), ["unverified"]),
    one(
      "unknown",
      "the days of a rule that is off",
      lifecycle(rule(ABORT), rule({ noncurrentVersionExpiration: UNKNOWN }, off)),
      ["violated"],
    ),
    one("unknown", "a status of a rule without days", lifecycle(rule(ABORT, EXPIRE), rule({ status: UNKNOWN }))),
    one("secret", "marked secret", resource(LIFECYCLE, { rules: new Secret([rule(ABORT, EXPIRE)]) })),
  ],
};

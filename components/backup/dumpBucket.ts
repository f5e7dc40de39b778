import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { NAME_LIMITS, shorten } from "../aws/naming";
import { policyDocument } from "../aws/policyDocument";
import { EncryptionKey } from "../encryption/key";
import { type Transform, transformed } from "../transform";
import { DUMP_KINDS, type DumpRetention, retentionDays } from "./dumpSchedule";

export interface DumpBucketArgs {
  /** AWS account, twelve digits: part of the bucket's name, which the whole world shares. */
  readonly accountId: pulumi.Input<string>;
  readonly retention: DumpRetention;
  /** Who may shorten the lock: `governance` a principal with a special permission, `compliance` nobody at all. */
  readonly lock: "governance" | "compliance";
  /** Region of the bucket and of its key. */
  readonly region: string;
  readonly deletionProtection: boolean;
  readonly transform?: { readonly bucket?: Transform<aws.s3.BucketArgs> };
}

/** Days after which an upload that never ended, or an overwritten version whose lock is over, is thrown away. */
const LEFTOVER_DAYS = 7;

/**
 * The bucket of the dumps: versions, locked against deletion as long as the shortest retention, never public, TLS only. About
 * 0.023 USD a month for each GB (S3 Standard, us-east-1), and 1 USD for its key. Its name holds account and stack; another name is another bucket.
 */
export class DumpBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** The key that encrypts the dumps: who writes one needs it. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: DumpBucketArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:backup:DumpBucket", name, { lock: args.lock }, opts);

    const bucket = this.makeBucket(name, args);
    this.bucket = bucket.bucket;
    this.arn = bucket.arn;
    this.keyArn = this.makeKey(name, args);
    const versioning = this.makeVersioning(name);
    this.makeLock(name, args, versioning);
    this.makeLifecycle(name, args, versioning);
    this.makePrivate(name);
    this.registerOutputs({ bucket: this.bucket });
  }

  private makeBucket(name: string, { accountId, deletionProtection, transform }: DumpBucketArgs): aws.s3.Bucket {
    const bucket = pulumi
      .output(accountId)
      .apply((account) => shorten(`aibase-dumps-${account}-${pulumi.getStack().toLowerCase()}`, NAME_LIMITS.bucket));
    const defaults: aws.s3.BucketArgs = { bucket, objectLockEnabled: true };
    return new aws.s3.Bucket(`${name}-bucket`, transformed(defaults, transform?.bucket), {
      parent: this,
      protect: deletionProtection,
    });
  }

  /** It outlives the stack, as the dumps do. */
  private makeKey(name: string, { accountId, region, deletionProtection }: DumpBucketArgs): pulumi.Output<string> {
    return new EncryptionKey(
      `${name}-key`,
      { purpose: "dumps", accountId, region, deletionProtection, keepAfterDestroy: true },
      { parent: this },
    ).arn;
  }

  private makeVersioning(name: string): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: this.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  /** One retention for all prefixes: the shortest, so that the lifecycle never waits for a lock. */
  private makeLock(name: string, { lock, retention }: DumpBucketArgs, versioning: pulumi.Resource): void {
    const days = Math.min(...Object.values(retentionDays(retention)));
    new aws.s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      { bucket: this.bucket, rule: { defaultRetention: { mode: lock.toUpperCase(), days } } },
      { parent: this, dependsOn: [versioning] },
    );
  }

  private makeLifecycle(name: string, { retention }: DumpBucketArgs, versioning: pulumi.Resource): void {
    const days = retentionDays(retention);
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: this.bucket,
        rules: [
          ...DUMP_KINDS.map((kind) => ({
            id: kind,
            status: "Enabled",
            filter: { prefix: `${kind}/` },
            expiration: { days: days[kind] },
            noncurrentVersionExpiration: { noncurrentDays: LEFTOVER_DAYS },
          })),
          {
            id: "leftovers",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUpload: { daysAfterInitiation: LEFTOVER_DAYS },
          },
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
  }

  private makePrivate(name: string): void {
    const { bucket } = this;
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.keyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: policyDocument({
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [this.arn, pulumi.interpolate`${this.arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      },
      // S3 refuses one of two changes of a bucket's access that come at the same time.
      { parent: this, dependsOn: [block] },
    );
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../transform";

export interface S3BucketArgs {
  /** Exact name. A change makes another, empty bucket. */
  readonly bucketName: pulumi.Input<string>;
  readonly region: string;
  /** Days that overwritten and deleted versions are kept; each is paid for as an object. Changed in place. */
  readonly noncurrentDays: number;
  /** Protect the bucket from being deleted by the engine. S3 itself refuses to delete one that is not empty. */
  readonly deletionProtection: boolean;
  readonly transform?: Transform<aws.s3.BucketArgs>;
}

/** Days after which the parts of an upload that was never finished are thrown away. */
const UNFINISHED_UPLOAD_DAYS = 7;

/**
 * A bucket that keeps versions (S1-84), encrypts with SSE-S3 (C-27), lets nothing be public and knows no access lists. Its policy is
 * the owner's part, since only one can be set. About 0.023 USD a month for each GB (S3 Standard, us-east-1).
 */
export class S3Bucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly regionalDomainName: pulumi.Output<string>;
  /** Wait for these before a policy or replication is set. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: S3BucketArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:S3Bucket", name, { region: args.region }, opts);

    const bucket = this.makeBucket(name, args);
    const place = { bucket: bucket.id, region: args.region };
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...place, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { ...place, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { ...place, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...place, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this },
    );
    this.makeLifecycle(name, place, args.noncurrentDays, versioning);

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.ready = [versioning, block];
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }

  private makeBucket(name: string, { bucketName, region, deletionProtection, transform }: S3BucketArgs): aws.s3.Bucket {
    return new aws.s3.Bucket(`${name}-bucket`, transformed({ bucket: bucketName, region }, transform), {
      parent: this,
      protect: deletionProtection,
    });
  }

  private makeLifecycle(
    name: string,
    place: { readonly bucket: pulumi.Output<string>; readonly region: string },
    noncurrentDays: number,
    versioning: aws.s3.BucketVersioning,
  ): void {
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...place,
        // No move to a colder class: at the documented 1 to 10 GB a month (S3-48) it would save cents and charge each object.
        rules: [
          {
            id: "unfinished-uploads",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
          },
          {
            id: "old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FilesEndpoint } from "../endpoints";
import type { Transform } from "../transform";
import { S3Bucket } from "./s3Bucket";
import { defaultBucketName, replicaBucketName } from "./s3BucketName";
import { S3Cdn } from "./s3Cdn";
import { bucketPolicy } from "./s3Policies";
import { type S3Access, S3Principal } from "./s3Principal";
import { S3Replication } from "./s3Replication";

export interface S3FilesArgs {
  /** Exact name of the bucket. Default: `aibase-files-<account>-<stack>` (C-27). A change makes another, empty bucket. */
  readonly bucketName?: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  /** Changing it replaces the bucket. */
  readonly region: string;
  /** Region that keeps a copy of every file. Default: no copy. */
  readonly secondaryRegion?: string;
  /** Serve the folder `public/` through CloudFront; nothing else of the bucket can be read without the application. */
  readonly cdn: boolean;
  readonly access: S3Access;
  /** Days that overwritten and deleted versions of a file are kept. Changed in place. */
  readonly noncurrentDays: number;
  /** Protect both buckets from being deleted by the engine. S3 itself refuses to delete one that is not empty. */
  readonly deletionProtection: boolean;
  readonly transform?: {
    readonly bucket?: Transform<aws.s3.BucketArgs>;
    readonly replicaBucket?: Transform<aws.s3.BucketArgs>;
    readonly distribution?: Transform<aws.cloudfront.DistributionArgs>;
  };
}

/**
 * Files of the application in S3 (S1-27): versions are kept (S1-84), no object is public, connections are encrypted, and the
 * application holds exactly the four documented actions (S1-80). From tier enterprise on with a CDN and a copy in a second region.
 */
export class S3Files extends pulumi.ComponentResource {
  readonly endpoint: Extract<FilesEndpoint, { readonly kind: "s3" }>;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly replicaBucketName?: pulumi.Output<string>;
  /** `d….cloudfront.net`, which serves the folder `public/`. */
  readonly cdnDomain?: pulumi.Output<string>;
  /** The application's IAM user or role. */
  readonly principalArn: pulumi.Output<string>;
  /** The role, where the application has an identity of its own. */
  readonly roleArn?: pulumi.Output<string>;

  constructor(name: string, args: S3FilesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { region, secondaryRegion, cdn, access } = args;
    super(
      "scaling-ladder:files:S3Files",
      name,
      { kind: "s3", region, secondaryRegion, cdn, access: access.kind },
      opts,
    );

    const wantedName = pulumi.output(args.bucketName ?? args.accountId).apply((given) =>
      // The same in every preview, so that a bucket is never replaced for a name that was made anew.
      args.bucketName === undefined ? defaultBucketName(given, pulumi.getStack()) : given,
    );
    const bucket = this.makeBucket(name, args, wantedName);
    const distribution = cdn ? this.makeCdn(name, args, bucket) : undefined;
    this.makePolicy(name, bucket, region, distribution?.distributionArn);
    if (secondaryRegion !== undefined)
      this.replicaBucketName = this.makeReplica(name, args, wantedName, bucket, secondaryRegion);
    const principal = new S3Principal(`${name}-app`, { bucketArn: bucket.arn, access }, { parent: this });

    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.arn;
    if (distribution !== undefined) this.cdnDomain = distribution.domain;
    this.principalArn = principal.arn;
    if (principal.roleArn !== undefined) this.roleArn = principal.roleArn;
    this.endpoint = {
      kind: "s3",
      bucket: this.bucketName,
      region,
      ...(principal.credentials === undefined ? {} : { credentials: principal.credentials }),
    };
    this.registerOutputs({ bucketName: this.bucketName, cdnDomain: this.cdnDomain });
  }

  private makeBucket(name: string, args: S3FilesArgs, bucketName: pulumi.Output<string>): S3Bucket {
    const { region, noncurrentDays, deletionProtection, transform } = args;
    return new S3Bucket(
      `${name}-main`,
      { bucketName, region, noncurrentDays, deletionProtection, ...given(transform?.bucket) },
      { parent: this },
    );
  }

  private makeCdn(name: string, { transform }: S3FilesArgs, bucket: S3Bucket): S3Cdn {
    return new S3Cdn(
      `${name}-cdn`,
      { originDomain: bucket.regionalDomainName, ...given(transform?.distribution) },
      { parent: this },
    );
  }

  private makePolicy(name: string, bucket: S3Bucket, region: string, distributionArn?: pulumi.Output<string>): void {
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucketName, region, policy: bucketPolicy(bucket.arn, distributionArn) },
      { parent: this, dependsOn: [...bucket.ready] },
    );
  }

  private makeReplica(
    name: string,
    { region, noncurrentDays, deletionProtection, transform }: S3FilesArgs,
    sourceName: pulumi.Output<string>,
    source: S3Bucket,
    secondaryRegion: string,
  ): pulumi.Output<string> {
    const target = new S3Bucket(
      `${name}-replica`,
      {
        bucketName: sourceName.apply(replicaBucketName),
        region: secondaryRegion,
        noncurrentDays,
        deletionProtection,
        ...given(transform?.replicaBucket),
      },
      { parent: this },
    );
    this.makePolicy(`${name}-replica`, target, secondaryRegion);
    new S3Replication(`${name}-replication`, { source, sourceRegion: region, target }, { parent: this });
    return target.bucketName;
  }
}

const given = <Args>(transform: Transform<Args> | undefined): { transform?: Transform<Args> } =>
  transform === undefined ? {} : { transform };

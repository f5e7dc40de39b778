import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { trustOf } from "../aws/policyDocument";
import type { S3Bucket } from "./s3Bucket";
import { replicationPolicy } from "./s3Policies";

export interface S3ReplicationArgs {
  readonly source: S3Bucket;
  readonly sourceRegion: string;
  /** In another region. */
  readonly target: S3Bucket;
}

/** Name of the one rule, which the metrics of the replication carry as `RuleId`. */
export const REPLICATION_RULE = "everything";

/**
 * Copies each new version and each deletion of a file into another region, usually within minutes, and counts what is still to
 * be copied. What was there before is not copied. About 0.02 USD for each GB between US regions, and the second bucket.
 */
export class S3Replication extends pulumi.ComponentResource {
  constructor(name: string, args: S3ReplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:S3Replication", name, {}, opts);
    const { role, policy } = this.makeRole(name, args);
    this.makeRule(name, args, role, policy);
    this.registerOutputs({});
  }

  private makeRole(name: string, { source, target }: S3ReplicationArgs) {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: physicalName("iamRole", "files-replication"),
        description: "S3 copies files into the second region",
        assumeRolePolicy: trustOf("s3.amazonaws.com"),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: "replicate", role: role.name, policy: replicationPolicy(source.arn, target.arn) },
      { parent: this },
    );
    return { role, policy };
  }

  private makeRule(
    name: string,
    { source, sourceRegion, target }: S3ReplicationArgs,
    role: aws.iam.Role,
    policy: aws.iam.RolePolicy,
  ): void {
    new aws.s3.BucketReplicationConfig(
      `${name}-rule`,
      {
        bucket: source.bucketName,
        region: sourceRegion,
        role: role.arn,
        rules: [
          {
            id: REPLICATION_RULE,
            status: "Enabled",
            priority: 0,
            filter: {},
            deleteMarkerReplication: { status: "Enabled" },
            destination: { bucket: target.arn, metrics: { status: "Enabled" } },
          },
        ],
      },
      // S3 refuses rules between buckets that keep no versions.
      { parent: this, dependsOn: [...source.ready, ...target.ready, policy] },
    );
  }
}

import { type Input, interpolate, type Output } from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../aws/policyDocument";

/** Folder of the bucket that the CDN serves to anybody who knows an address. All else stays with the application. */
export const CDN_PREFIX = "public/";

/** The policy of a bucket: TLS 1.2 or nothing, and, with a CDN, its public folder for that one distribution. */
export const bucketPolicy = (bucketArn: Input<string>, distributionArn?: Input<string>): Output<string> =>
  policyDocument(
    denied(bucketArn, "OnlyEncryptedConnections", { Bool: { "aws:SecureTransport": "false" } }),
    denied(bucketArn, "OnlyTls12", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ...(distributionArn === undefined ? [] : [readByCdn(bucketArn, distributionArn)]),
  );

const denied = (bucketArn: Input<string>, sid: string, condition: NonNullable<Statement["Condition"]>): Statement => ({
  Sid: sid,
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, interpolate`${bucketArn}/*`],
  Condition: condition,
});

const readByCdn = (bucketArn: Input<string>, distributionArn: Input<string>): Statement => ({
  Sid: "CdnReadsPublicFolder",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: interpolate`${bucketArn}/${CDN_PREFIX}*`,
  Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
});

/** What the application may do with its files: exactly the four documented actions (S1-80, C-27). */
export const appPolicy = (bucketArn: Input<string>): Output<string> =>
  policyDocument(
    { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    {
      Sid: "ReadAndWrite",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
      Resource: interpolate`${bucketArn}/*`,
    },
  );

/** What S3 needs to copy a bucket into another one ("Setting up permissions for live replication", S3 user guide). */
export const replicationPolicy = (sourceArn: Input<string>, targetArn: Input<string>): Output<string> =>
  policyDocument(
    {
      Sid: "ReadRules",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: sourceArn,
    },
    {
      Sid: "ReadVersions",
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: interpolate`${sourceArn}/*`,
    },
    {
      Sid: "WriteReplicas",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: interpolate`${targetArn}/*`,
    },
  );

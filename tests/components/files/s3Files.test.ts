import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { S3Files, type S3FilesArgs } from "../../../components/files/s3Files";
import { listOf, statementsOf } from "../../../rehearsal/aws/policyDocument";
import { rehearsedMocks, settled } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const ACCOUNT = "123456789012";
const NAME = `aibase-files-${ACCOUNT}-prod`;

async function make(more: Partial<S3FilesArgs> = {}) {
  const mocks = rehearsedMocks({ stack: "prod" });
  const records = recording();
  const args: S3FilesArgs = {
    accountId: ACCOUNT,
    region: "us-east-1",
    secondaryRegion: "us-west-2",
    cdn: true,
    access: { kind: "user-keys" },
    noncurrentDays: 90,
    deletionProtection: true,
    ...more,
  };
  const files = new S3Files("files", args, records.opts);
  await records.made();
  return { ...mocks, files, told: records.recorded };
}

const POD_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
  ],
});

describe("bucket of S3Files", () => {
  it("S1-14: has a name of account and stack, or exactly the one that is given", async () => {
    const { files, one } = await make();
    expect(await resolved(files.bucketName)).toBe(NAME);
    expect(await resolved(files.bucketArn)).toBe(`arn:aws:s3:::${NAME}`);
    expect(one("s3/bucket:Bucket", "main-bucket").inputs.bucket).toBe(NAME);
    const given = await make({ bucketName: "aibase-files" });
    expect(await resolved(given.files.bucketName)).toBe("aibase-files");
    expect(await resolved(given.files.replicaBucketName ?? "")).toBe("aibase-files-replica");
  });

  it("keeps versions and throws old ones and half uploads away", async () => {
    const { all } = await make({ noncurrentDays: 30 });
    const versioning = all("bucketVersioning:BucketVersioning").map(({ inputs }) => inputs.versioningConfiguration);
    expect(versioning).toEqual([{ status: "Enabled" }, { status: "Enabled" }]);
    for (const { inputs } of all("bucketLifecycleConfiguration:BucketLifecycleConfiguration"))
      expect(inputs.rules).toMatchObject([
        { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
        {
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ]);
  });

  it("lets nothing be public and knows no access lists, in both regions", async () => {
    const { all } = await make();
    const blocks = all("bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(blocks).toHaveLength(2);
    for (const { inputs } of blocks)
      expect(inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    const owners = all("bucketOwnershipControls:BucketOwnershipControls").map(({ inputs }) => inputs.rule);
    expect(owners).toEqual([{ objectOwnership: "BucketOwnerEnforced" }, { objectOwnership: "BucketOwnerEnforced" }]);
  });

  it("encrypts with SSE-S3, so that four actions are enough (C-27)", async () => {
    const { all } = await make();
    const rules = all("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").map(
      ({ inputs }) => inputs.rules,
    );
    const sse = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];
    expect(rules).toEqual([sse, sse]);
    expect(all("kms/key:Key")).toEqual([]);
  });

  it("has a policy that denies what is not encrypted, in both regions", async () => {
    const { all } = await make({ cdn: false });
    const policies = all("bucketPolicy:BucketPolicy");
    expect(policies).toHaveLength(2);
    for (const { inputs } of policies)
      expect(statementsOf(inputs.policy).map(({ Effect }) => Effect)).toEqual(["Deny", "Deny"]);
  });

  it.each([true, false])("is protected in the engine: %s, and never emptied", async (deletionProtection) => {
    const { told, all } = await make({ deletionProtection });
    const isProtected = told.filter(({ opts }) => opts.protect === true).map(({ name }) => name);
    expect(isProtected.sort()).toEqual(deletionProtection ? ["files-main-bucket", "files-replica-bucket"] : []);
    expect(all("s3/bucket:Bucket").map(({ inputs }) => inputs.forceDestroy)).toEqual([undefined, undefined]);
    const orphans = told.filter(({ type, opts }) => type.startsWith("aws:") && opts.parent === undefined);
    expect(orphans.map(({ name }) => name)).toEqual([]);
  });
});

describe("second region of S3Files", () => {
  it("gets every version and deletion, counted", async () => {
    const { one, files } = await make();
    expect(one("s3/bucket:Bucket", "replica-bucket").inputs).toMatchObject({
      bucket: `${NAME}-replica`,
      region: "us-west-2",
    });
    expect(await resolved(files.replicaBucketName ?? "")).toBe(`${NAME}-replica`);
    expect(one("bucketReplicationConfig:BucketReplicationConfig").inputs).toMatchObject({
      bucket: NAME,
      role: one("iam/role:Role").outputs.arn,
      rules: [
        {
          status: "Enabled",
          deleteMarkerReplication: { status: "Enabled" },
          destination: { bucket: `arn:aws:s3:::${NAME}-replica`, metrics: { status: "Enabled" } },
        },
      ],
    });
  });

  it("holds nothing when none is wanted", async () => {
    const mocks = rehearsedMocks({ stack: "smb" });
    const files = new S3Files("files", {
      accountId: ACCOUNT,
      region: "us-east-1",
      cdn: false,
      access: { kind: "user-keys" },
      noncurrentDays: 90,
      deletionProtection: true,
    });
    await settled();
    expect(mocks.all("s3/bucket:Bucket")).toHaveLength(1);
    expect(mocks.all("bucketReplicationConfig:BucketReplicationConfig")).toEqual([]);
    expect(mocks.all("cloudfront/distribution:Distribution")).toEqual([]);
    expect([files.replicaBucketName, files.cdnDomain, files.roleArn]).toEqual([undefined, undefined, undefined]);
  });
});

describe("CDN of S3Files", () => {
  it("S1-27: serves over HTTPS, with access to the bucket that only it has", async () => {
    const { one, files } = await make();
    const access = one("originAccessControl:OriginAccessControl");
    expect(access.inputs).toMatchObject({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const distribution = one("cloudfront/distribution:Distribution");
    expect(distribution.inputs).toMatchObject({
      enabled: true,
      priceClass: "PriceClass_100",
      origins: [{ domainName: `${NAME}.s3.us-east-1.amazonaws.com` }],
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https", allowedMethods: ["GET", "HEAD"] },
    });
    expect(await resolved(files.cdnDomain ?? "")).toBe(distribution.outputs.domainName);
  });

  it("reads the public folder only", async () => {
    const { one } = await make();
    const { inputs } = one("bucketPolicy:BucketPolicy", "files-policy");
    const allowed = statementsOf(inputs.policy).filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toMatchObject([
      {
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${NAME}/public/*`,
        Condition: { StringEquals: { "aws:SourceArn": one("cloudfront/distribution:Distribution").outputs.arn } },
      },
    ]);
  });
});

describe("the application before S3Files", () => {
  it("S1-80: is a user with the four actions, whose keys are secret", async () => {
    const { one, all, files } = await make();
    const actions = statementsOf(one("iam/policy:Policy").inputs.policy).flatMap(({ Action }) => listOf(Action));
    expect(actions.sort()).toEqual(["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]);
    expect(one("userPolicyAttachment:UserPolicyAttachment").inputs.policyArn).toBe(
      one("iam/policy:Policy").outputs.arn,
    );
    expect(all("userPolicy:UserPolicy")).toEqual([]);
    const { credentials, ...rest } = files.endpoint;
    expect(rest).toMatchObject({ kind: "s3", region: "us-east-1" });
    expect(await resolved(files.endpoint.bucket)).toBe(NAME);
    for (const key of Object.values(credentials ?? {})) expect(await pulumi.isSecret(key)).toBe(true);
    expect(Object.keys(credentials ?? {})).toEqual(["accessKey", "secretKey"]);
    expect(await resolved(credentials?.secretKey ?? "")).toBe(one("accessKey:AccessKey").outputs.secret);
    expect(await resolved(files.principalArn)).toBe(`arn:aws:iam::${ACCOUNT}:user/aibase-prod-files`);
    expect(files.roleArn).toBeUndefined();
  });

  it("is a role without keys where the pod has an identity of its own", async () => {
    const { one, all, files } = await make({ access: { kind: "workload-identity", trust: POD_TRUST } });
    const role = one("iam/role:Role", "app-role");
    expect(role.inputs.assumeRolePolicy).toBe(POD_TRUST);
    expect(one("rolePolicyAttachment:RolePolicyAttachment").inputs.policyArn).toBe(
      one("iam/policy:Policy").outputs.arn,
    );
    expect(all("accessKey:AccessKey")).toEqual([]);
    expect(all("iam/user:User")).toEqual([]);
    expect(files.endpoint.credentials).toBeUndefined();
    expect(await resolved(files.roleArn ?? "")).toBe(role.outputs.arn);
    expect(await resolved(files.principalArn)).toBe(role.outputs.arn);
  });
});

describe("S3Files as its user wants it", () => {
  it("takes the last word on buckets and distribution", async () => {
    const { one } = await make({
      transform: {
        bucket: (args) => ({ ...args, tags: { mine: "1" } }),
        replicaBucket: (args) => ({ ...args, tags: { mine: "2" } }),
        distribution: (args) => ({ ...args, priceClass: "PriceClass_All" }),
      },
    });
    expect(one("s3/bucket:Bucket", "main-bucket").inputs.tags).toEqual({ mine: "1" });
    expect(one("s3/bucket:Bucket", "replica-bucket").inputs.tags).toEqual({ mine: "2" });
    expect(one("cloudfront/distribution:Distribution").inputs.priceClass).toBe("PriceClass_All");
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { iam } from "../../../rehearsal/aws/iam";
import { s3 } from "../../../rehearsal/aws/s3";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

const enabled = { versioningConfiguration: { status: "Enabled" } };

let cloud: ReturnType<typeof oneCloud>;
beforeEach(async () => {
  cloud = oneCloud([...s3, ...iam]);
  await cloud.create(BUCKET, { bucket: "files-of-mine" });
});

describe("buckets", () => {
  it("have domain names of their region", async () => {
    const made = await cloud.create(BUCKET, { bucket: "copy-of-mine", region: "us-west-2" });
    expect(made).toMatchObject({
      id: "copy-of-mine",
      arn: "arn:aws:s3:::copy-of-mine",
      bucketDomainName: "copy-of-mine.s3.amazonaws.com",
      bucketRegionalDomainName: "copy-of-mine.s3.us-west-2.amazonaws.com",
      bucketRegion: "us-west-2",
    });
  });

  it.each(["Files", "a", "a..b", "192.168.1.1", "xn--files", "files-s3alias", "-files", "a".repeat(64)])(
    "cannot be named %s",
    (bucket) => {
      expect(cloud.check(BUCKET, { bucket }).join()).toMatch(/InvalidBucketName|pattern|characters/);
    },
  );

  it("have names that are theirs in all regions", async () => {
    const twin = { bucket: "files-of-mine", region: "us-west-2" };
    await expect(cloud.create(BUCKET, twin)).rejects.toThrow(/already exists/);
  });

  it("are made anew for another name, region or object lock", () => {
    const replaces = (change: object) => cloud.replaces(BUCKET, "files-of-mine", { ...change });
    expect(replaces({ bucket: "other-bucket" })).toEqual(["bucket"]);
    expect(replaces({ region: "us-west-2" })).toEqual(["region"]);
    expect(replaces({ objectLockEnabled: true })).toEqual(["objectLockEnabled"]);
    expect(replaces({ forceDestroy: true })).toEqual([]);
  });

  it("are not deleted while they hold objects, unless that is forced", async () => {
    const held = cloud.world.find(BUCKET, "files-of-mine");
    if (held === undefined) throw new Error("no bucket");
    cloud.world.put({ ...held, values: { ...held.values, $objects: 3 } });
    await expect(cloud.remove(BUCKET, "files-of-mine")).rejects.toThrow(/BucketNotEmpty/);
    cloud.world.put({ ...held, values: { ...held.values, $objects: 3, forceDestroy: true } });
    await cloud.remove(BUCKET, "files-of-mine");
    expect(cloud.world.find(BUCKET, "files-of-mine")).toBeUndefined();
  });
});

describe("versioning", () => {
  it("cannot be disabled once it was on, nor suspended under replication", async () => {
    await cloud.create(VERSIONING, { bucket: "files-of-mine", ...enabled });
    const change = (status: string) =>
      cloud.update(VERSIONING, "files-of-mine", {
        bucket: "files-of-mine",
        versioningConfiguration: { status },
      });
    await expect(change("Disabled")).rejects.toThrow(/cannot be changed from Enabled to Disabled/);
    await change("Suspended");
  });

  it("belongs to a bucket that exists", async () => {
    await expect(cloud.create(VERSIONING, { bucket: "nobodys", ...enabled })).rejects.toThrow(/there is no/);
    expect(cloud.check(VERSIONING, { bucket: "b", versioningConfiguration: { status: "On" } })).not.toEqual([]);
  });
});

describe("policy of a bucket", () => {
  const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const open = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::files-of-mine/*" };
  const check = (statement: object) =>
    cloud.check(POLICY, { bucket: "files-of-mine", policy: policy(statement) }).join();

  it("lets nobody in whom the public access block keeps out", async () => {
    expect(check(open)).toBe("");
    await cloud.create(BLOCK, { bucket: "files-of-mine", blockPublicPolicy: true });
    expect(check(open)).toMatch(/BlockPublicPolicy/);
    expect(check({ ...open, Effect: "Deny" })).toBe("");
    expect(check({ ...open, Principal: { Service: "cloudfront.amazonaws.com" } })).toBe("");
  });

  it("speaks of its own bucket, in a document that IAM can read", () => {
    expect(check({ ...open, Resource: "arn:aws:s3:::files-of-mine-too/*" })).toMatch(/invalid resource/);
    expect(check({ ...open, Principal: undefined })).toMatch(/MalformedPolicy/);
    expect(cloud.check(POLICY, { bucket: "files-of-mine", policy: UNKNOWN })).toEqual([]);
  });
});

describe("rules of a bucket", () => {
  const lifecycle = (...rules: object[]) => cloud.check(LIFECYCLE, { bucket: "files-of-mine", rules }).join();
  const rule = { id: "one", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 90 } };

  it("do something, for a positive number of days, under a name of their own", () => {
    expect(lifecycle(rule)).toBe("");
    expect(lifecycle({ id: "one", status: "Enabled" })).toMatch(/at least one action/);
    expect(lifecycle({ ...rule, status: "on" })).toMatch(/Enabled or Disabled/);
    expect(lifecycle(rule, rule)).toMatch(/unique/);
    expect(lifecycle({ ...rule, noncurrentVersionExpiration: { noncurrentDays: 0 } })).toMatch(/positive/);
    expect(lifecycle({ ...rule, expiration: { days: 1, expiredObjectDeleteMarker: true } })).toMatch(/with days/);
  });

  it("know the words of S3", () => {
    const bucket = "files-of-mine";
    expect(cloud.check(OWNERSHIP, { bucket, rule: { objectOwnership: "Nobody" } })).not.toEqual([]);
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES128" } }];
    expect(cloud.check(ENCRYPTION, { bucket, rules })).not.toEqual([]);
  });

  it("lock objects only where versions are kept", async () => {
    await cloud.create(VERSIONING, { bucket: "files-of-mine", versioningConfiguration: { status: "Suspended" } });
    expect(cloud.check(LOCK, { bucket: "files-of-mine" }).join()).toMatch(/versioning must be enabled/);
  });
});

describe("replication", () => {
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const inputs = (more: object = {}) => ({
    bucket: "files-of-mine",
    role: "arn:aws:iam::123456789012:role/copy",
    rules: [
      {
        status: "Enabled",
        priority: 0,
        filter: {},
        deleteMarkerReplication: { status: "Enabled" },
        destination: { bucket: "arn:aws:s3:::copy-of-mine" },
        ...more,
      },
    ],
  });
  beforeEach(async () => {
    await cloud.create("aws:iam/role:Role", { name: "copy", assumeRolePolicy: trust });
    await cloud.create(BUCKET, { bucket: "copy-of-mine", region: "us-west-2" });
  });

  it("needs versions in both buckets, one after the other", async () => {
    expect(cloud.check(REPLICATION, inputs())).toHaveLength(2);
    await cloud.create(VERSIONING, { bucket: "files-of-mine", ...enabled });
    expect(cloud.check(REPLICATION, inputs()).join()).toMatch(/destination bucket must have versioning/);
    await cloud.create(VERSIONING, { bucket: "copy-of-mine", ...enabled });
    await cloud.create(REPLICATION, inputs());
    const suspended = { bucket: "files-of-mine", versioningConfiguration: { status: "Suspended" } };
    await expect(cloud.update(VERSIONING, "files-of-mine", suspended)).rejects.toThrow(/InvalidBucketState/);
  });

  it("is refused into itself, without a word on delete markers, and with an unknown role", async () => {
    for (const bucket of ["files-of-mine", "copy-of-mine"]) await cloud.create(VERSIONING, { bucket, ...enabled });
    const itself = inputs({ destination: { bucket: "arn:aws:s3:::files-of-mine" } });
    expect(cloud.check(REPLICATION, itself).join()).toMatch(/must be different/);
    expect(cloud.check(REPLICATION, inputs({ deleteMarkerReplication: undefined })).join()).toMatch(/DeleteMarker/);
    const stranger = { ...inputs(), role: "arn:aws:iam::123456789012:role/nobody" };
    await expect(cloud.create(REPLICATION, stranger)).rejects.toThrow(/there is no aws:iam\/role/);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultBucketName, replicaBucketName } from "../../../components/files/s3BucketName";

const ACCOUNT = "123456789012";
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** Names that Pulumi takes for a stack. */
const stackName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/);

describe("name of the bucket", () => {
  it("is aibase-files-<account>-<stack> (C-27)", () => {
    expect(defaultBucketName(ACCOUNT, "prod")).toBe("aibase-files-123456789012-prod");
    expect(replicaBucketName("aibase-files-123456789012-prod")).toBe("aibase-files-123456789012-prod-replica");
  });

  it("is one that S3 takes, for every stack, and so is its copy's", () => {
    fc.assert(
      fc.property(stackName, (stack) => {
        const name = defaultBucketName(ACCOUNT, stack);
        expect(name).toMatch(BUCKET);
        expect(replicaBucketName(name)).toMatch(BUCKET);
        expect(replicaBucketName(name)).not.toBe(name);
      }),
    );
  });

  it("never joins two long stacks or two long buckets", () => {
    const [one, other] = ["x", "y"].map((end) => `${"a".repeat(60)}${end}`);
    expect(defaultBucketName(ACCOUNT, one ?? "")).not.toBe(defaultBucketName(ACCOUNT, other ?? ""));
    expect(replicaBucketName(one ?? "")).not.toBe(replicaBucketName(other ?? ""));
  });
});

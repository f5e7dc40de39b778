import { describe, expect, it } from "vitest";
import { appPolicy, bucketPolicy, CDN_PREFIX, replicationPolicy } from "../../../components/files/s3Policies";
import { listOf, refusedPolicy, statementsOf } from "../../../rehearsal/aws/policyDocument";
import { resolved } from "../../support/mocks";

const ARN = "arn:aws:s3:::aibase-files-123456789012-prod";
const DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1";

describe("policies of the files", () => {
  it("S1-80: the application holds exactly the four documented actions, each on what it concerns", async () => {
    const statements = statementsOf(await resolved(appPolicy(ARN)));
    const granted = statements.flatMap(({ Action, Resource }) =>
      listOf(Action).flatMap((action) => listOf(Resource).map((resource) => `${String(action)} ${String(resource)}`)),
    );
    expect(granted.sort()).toEqual([
      `s3:DeleteObject ${ARN}/*`,
      `s3:GetObject ${ARN}/*`,
      `s3:ListBucket ${ARN}`,
      `s3:PutObject ${ARN}/*`,
    ]);
    expect(statements.every(({ Effect }) => Effect === "Allow")).toBe(true);
  });

  it("S1-79: a bucket policy always exists and lets nobody in without TLS 1.2", async () => {
    const statements = statementsOf(await resolved(bucketPolicy(ARN)));
    expect(statements.map(({ Effect }) => Effect)).toEqual(["Deny", "Deny"]);
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      { Bool: { "aws:SecureTransport": "false" } },
      { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    ]);
    for (const { Resource, Principal } of statements) {
      expect(Resource).toEqual([ARN, `${ARN}/*`]);
      expect(Principal).toBe("*");
    }
  });

  it("lets the CDN read the public folder only, and only this one distribution", async () => {
    const allowed = statementsOf(await resolved(bucketPolicy(ARN, DISTRIBUTION))).filter(
      ({ Effect }) => Effect === "Allow",
    );
    expect(allowed).toEqual([
      {
        Sid: "CdnReadsPublicFolder",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: `${ARN}/${CDN_PREFIX}*`,
        Condition: { StringEquals: { "aws:SourceArn": DISTRIBUTION } },
      },
    ]);
  });

  it("lets S3 read the one bucket and write the other one", async () => {
    const statements = statementsOf(await resolved(replicationPolicy(ARN, `${ARN}-replica`)));
    const writes = statements.filter(({ Action }) => listOf(Action).some((one) => /Replicate/.test(String(one))));
    expect(writes.map(({ Resource }) => Resource)).toEqual([`${ARN}-replica/*`]);
  });

  it("are policies that AWS takes", async () => {
    expect(refusedPolicy("policy", await resolved(appPolicy(ARN)), "identity")).toEqual([]);
    expect(refusedPolicy("policy", await resolved(replicationPolicy(ARN, ARN)), "identity")).toEqual([]);
    expect(refusedPolicy("policy", await resolved(bucketPolicy(ARN, DISTRIBUTION)), "resource")).toEqual([]);
  });
});

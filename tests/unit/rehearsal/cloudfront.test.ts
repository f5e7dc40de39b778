import { beforeEach, describe, expect, it } from "vitest";
import { cloudfront } from "../../../rehearsal/aws/cloudfront";
import { oneCloud } from "./oneCloud";

const ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const access = {
  name: "files",
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
};
const behaviour = {
  targetOriginId: "files",
  viewerProtocolPolicy: "redirect-to-https",
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
  cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
};
const distribution = {
  enabled: true,
  origins: [{ originId: "files", domainName: "files.s3.us-east-1.amazonaws.com" }],
  defaultCacheBehavior: behaviour,
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};

let cloud: ReturnType<typeof oneCloud>;
beforeEach(() => {
  cloud = oneCloud(cloudfront);
});

describe("CloudFront", () => {
  it("gives a distribution a name below cloudfront.net", async () => {
    const made = await cloud.create(DISTRIBUTION, distribution);
    expect(made.domainName).toMatch(/^d[0-9a-f]{13}\.cloudfront\.net$/);
    expect(made.arn).toBe(`arn:aws:cloudfront::123456789012:distribution/${made.id}`);
    expect(made.id).toMatch(/^E[0-9A-F]{13}$/);
  });

  it("changes everything in place but a staging distribution", async () => {
    const { id } = await cloud.create(DISTRIBUTION, distribution);
    const replaces = (change: object) => cloud.replaces(DISTRIBUTION, String(id), { ...change });
    expect(replaces({ priceClass: "PriceClass_All", enabled: false })).toEqual([]);
    expect(replaces({ staging: true })).toEqual(["staging"]);
  });

  it.each([
    ["an unknown price class", { priceClass: "PriceClass_50" }],
    ["an unknown HTTP version", { httpVersion: "http9" }],
    ["an origin that is not there", { defaultCacheBehavior: { ...behaviour, targetOriginId: "other" } }],
    ["a cache policy that AWS does not have", { defaultCacheBehavior: { ...behaviour, cachePolicyId: "1" } }],
    ["no cache policy at all", { defaultCacheBehavior: { ...behaviour, cachePolicyId: undefined } }],
    ["methods that do not go together", { defaultCacheBehavior: { ...behaviour, allowedMethods: ["GET", "PUT"] } }],
    ["an alias without a certificate", { aliases: ["files.example.com"] }],
    [
      "a TLS policy on its own certificate",
      { viewerCertificate: { cloudfrontDefaultCertificate: true, minimumProtocolVersion: "TLSv1.2_2021" } },
    ],
    ["a comment that is too long", { comment: "x".repeat(129) }],
  ])("refuses %s", (_, change) => {
    expect(cloud.check(DISTRIBUTION, { ...distribution, ...change })).not.toEqual([]);
  });

  it("keeps an origin access control while a distribution uses it", async () => {
    const { id } = await cloud.create(ACCESS, access);
    const origins = [{ ...distribution.origins[0], originAccessControlId: id }];
    const made = await cloud.create(DISTRIBUTION, { ...distribution, origins });
    await expect(cloud.remove(ACCESS, String(id))).rejects.toThrow(/InUse/);
    await cloud.remove(DISTRIBUTION, made.id);
    await cloud.remove(ACCESS, String(id));
  });

  it("knows no origin access control that was not made", async () => {
    const origins = [{ ...distribution.origins[0], originAccessControlId: "E0" }];
    await expect(cloud.create(DISTRIBUTION, { ...distribution, origins })).rejects.toThrow(/there is no/);
    expect(cloud.check(ACCESS, { ...access, signingProtocol: "sigv2" })).not.toEqual([]);
  });
});

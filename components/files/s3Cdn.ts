import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { type Transform, transformed } from "../transform";

export interface S3CdnArgs {
  /** Regional domain name of the bucket that is served; its policy must let the distribution read. */
  readonly originDomain: pulumi.Input<string>;
  readonly transform?: Transform<aws.cloudfront.DistributionArgs>;
}

/**
 * AWS's own policies, the same in every account. Cache: docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
 * using-managed-cache-policies.html; headers: …/using-managed-response-headers-policies.html.
 */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";

const ORIGIN = "files";

/**
 * A CloudFront distribution before a private bucket (S1-27): origin access control, HTTPS only, reading only. No monthly price of
 * its own; about 0.085 USD for each GB served in North America and Europe after the first terabyte of a month.
 */
export class S3Cdn extends pulumi.ComponentResource {
  readonly distributionArn: pulumi.Output<string>;
  readonly distributionId: pulumi.Output<string>;
  /** `d….cloudfront.net` */
  readonly domain: pulumi.Output<string>;

  constructor(name: string, args: S3CdnArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:files:S3Cdn", name, {}, opts);
    const distribution = this.makeDistribution(name, args, this.makeAccess(name));
    this.distributionArn = distribution.arn;
    this.distributionId = distribution.id;
    this.domain = distribution.domainName;
    this.registerOutputs({ domain: this.domain, distributionId: this.distributionId });
  }

  private makeAccess(name: string): aws.cloudfront.OriginAccessControl {
    return new aws.cloudfront.OriginAccessControl(
      `${name}-access`,
      {
        name: physicalName("iamRole", "files"),
        description: `Files of stack ${pulumi.getStack()}`,
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );
  }

  private makeDistribution(
    name: string,
    { originDomain, transform }: S3CdnArgs,
    access: aws.cloudfront.OriginAccessControl,
  ): aws.cloudfront.Distribution {
    const defaults: aws.cloudfront.DistributionArgs = {
      comment: `Files of stack ${pulumi.getStack()}`,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      // North America, Europe and Israel: the cheapest class. Others reach the nearest of these edges.
      priceClass: "PriceClass_100",
      origins: [{ originId: ORIGIN, domainName: originDomain, originAccessControlId: access.id }],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN,
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        cachePolicyId: CACHING_OPTIMIZED,
        responseHeadersPolicyId: SECURITY_HEADERS,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      // With CloudFront's own name and certificate AWS alone sets the TLS policy; TLSv1.2_2021 needs a name of yours (transform).
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    };
    return new aws.cloudfront.Distribution(`${name}-distribution`, transformed(defaults, transform), { parent: this });
  }
}

import { type Cloud, type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { field, items } from "../values";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl";
const SOURCE = "hashicorp/terraform-provider-aws internal/service/cloudfront";

/** The zone of every alias of a distribution (CloudFront developer guide, "Routing traffic … by using your domain name"). */
const HOSTED_ZONE = "Z2FDTNDATAQYW2";

/** AWS's own cache policies (developer guide, "Use managed cache policies"). */
const CACHE_POLICIES: Readonly<Record<string, string>> = {
  "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
};

/** AWS's own response headers policies (developer guide, "Use managed response headers policies"). */
const HEADERS_POLICIES: Readonly<Record<string, string>> = {
  "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
  "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

const PRICE_CLASSES = ["PriceClass_100", "PriceClass_200", "PriceClass_All"];
const VIEWER_POLICIES = ["allow-all", "https-only", "redirect-to-https"];
const HTTP_VERSIONS = ["http1.1", "http2", "http2and3", "http3"];
/** The three sets of methods that a behaviour can allow, sorted. */
const METHODS = ["GET,HEAD", "GET,HEAD,OPTIONS", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"];

const oneOf = (property: string, value: unknown, allowed: readonly string[]): Refusal[] =>
  value === undefined || value === UNKNOWN || allowed.includes(text(value))
    ? []
    : [{ property, reason: `must be one of ${allowed.join(", ")}` }];

function refusedBehaviour(property: string, behaviour: unknown, origins: readonly unknown[]): Refusal[] {
  const target = field(behaviour, "targetOriginId");
  const methods = items(field(behaviour, "allowedMethods")).map(text).sort().join(",");
  const cachePolicy = field(behaviour, "cachePolicyId");
  return [
    ...(target === UNKNOWN || origins.includes(target)
      ? []
      : [{ property, reason: `NoSuchOrigin: there is no origin ${text(target)}` }]),
    ...oneOf(property, field(behaviour, "viewerProtocolPolicy"), VIEWER_POLICIES),
    ...(METHODS.includes(methods) ? [] : [{ property, reason: `allowedMethods cannot be ${methods}` }]),
    ...(cachePolicy === undefined && field(behaviour, "forwardedValues") === undefined
      ? [{ property, reason: "InvalidArgument: a cache policy or forwarded values are needed" }]
      : []),
    ...oneOf(property, cachePolicy, Object.values(CACHE_POLICIES)),
    ...oneOf(property, field(behaviour, "responseHeadersPolicyId"), Object.values(HEADERS_POLICIES)),
  ];
}

function refusedDistribution(inputs: Values): Refusal[] {
  const certificate = inputs.viewerCertificate;
  const origins = items(inputs.origins).map((origin) => field(origin, "originId"));
  const byDefault = field(certificate, "cloudfrontDefaultCertificate") === true;
  const minimum = field(certificate, "minimumProtocolVersion");
  return [
    ...oneOf("priceClass", inputs.priceClass, PRICE_CLASSES),
    ...oneOf("httpVersion", inputs.httpVersion, HTTP_VERSIONS),
    ...(text(inputs.comment).length > 128 ? [{ property: "comment", reason: "has more than 128 characters" }] : []),
    ...refusedBehaviour("defaultCacheBehavior", inputs.defaultCacheBehavior, origins),
    ...items(inputs.orderedCacheBehaviors).flatMap((behaviour) =>
      refusedBehaviour("orderedCacheBehaviors", behaviour, origins),
    ),
    ...(byDefault && items(inputs.aliases).length > 0
      ? [{ property: "aliases", reason: "InvalidViewerCertificate: aliases need a certificate of their own" }]
      : []),
    ...(byDefault && minimum !== undefined && minimum !== "TLSv1"
      ? [
          {
            property: "viewerCertificate",
            reason: "CloudFront's own certificate has the policy TLSv1, whatever is asked",
          },
        ]
      : []),
  ];
}

const usedBy = (id: string, cloud: Cloud): boolean =>
  cloud
    .all(DISTRIBUTION)
    .some(({ values }) => items(values.origins).some((origin) => field(origin, "originAccessControlId") === id));

/** CloudFront, which is in no region. */
export const cloudfront: readonly ResourceModel[] = [
  {
    type: ACCESS,
    // Everything is changed in place; there is no ForceNew in the resource.
    replaces: [],
    source: `${SOURCE}/origin_access_control.go`,
    autonamed: { property: "name", limit: 64 },
    unique: ({ name }) => (typeof name === "string" ? name : undefined),
    check: (inputs) => [
      ...oneOf("originAccessControlOriginType", inputs.originAccessControlOriginType, [
        "s3",
        "mediastore",
        "mediapackagev2",
        "lambda",
      ]),
      ...oneOf("signingBehavior", inputs.signingBehavior, ["always", "never", "no-override"]),
      ...oneOf("signingProtocol", inputs.signingProtocol, ["sigv4"]),
      ...(text(inputs.name).length > 64 ? [{ property: "name", reason: "has more than 64 characters" }] : []),
    ],
    id: (_, { hex }) => `E${hex(13).toUpperCase()}`,
    outputs: (_, { hex, arn }) => ({
      arn: arn("cloudfront", `origin-access-control/E${hex(13).toUpperCase()}`, "global"),
      etag: `ETV${hex(10, "etag").toUpperCase()}`,
    }),
    refuseDelete: ({ id }, cloud) =>
      usedBy(id, cloud) ? "OriginAccessControlInUse: a distribution still uses it" : undefined,
  },
  {
    type: DISTRIBUTION,
    replaces: ["staging"],
    source: `${SOURCE}/distribution.go`,
    references: { "origins.originAccessControlId": { types: [ACCESS] } },
    // Sent to all edges in about five minutes; before it is deleted the provider switches it off and waits once more.
    seconds: { create: 300, update: 240, delete: 300 },
    check: refusedDistribution,
    id: (_, { hex }) => `E${hex(13).toUpperCase()}`,
    outputs: (_, { hex, arn }) => ({
      arn: arn("cloudfront", `distribution/E${hex(13).toUpperCase()}`, "global"),
      domainName: `d${hex(13, "domain")}.cloudfront.net`,
      hostedZoneId: HOSTED_ZONE,
      status: "Deployed",
      etag: `E${hex(12, "etag").toUpperCase()}`,
      callerReference: `terraform-${hex(26, "caller")}`,
      lastModifiedTime: "2025-01-01 00:00:00 +0000 UTC",
      inProgressValidationBatches: 0,
      trustedKeyGroups: [],
      trustedSigners: [],
    }),
  },
];

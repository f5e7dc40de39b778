import { eachOfSome, mustBeText } from "../../checks/content";
import { all, at, type Check, each, oneOf, optional } from "../../checks/parts";
import { type Judgements, mustBeOneOf, shown, unverified, violated } from "../../checks/property";
import { type Path, read, readFlag, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, type ResourceRule, type Rule } from "../../rule";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";

/** The security policies of CloudFront that know TLS 1.2 with present ciphers, or better. */
const TLS_POLICIES = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];

/** With CloudFront's own name and certificate AWS alone sets the TLS policy: there is nothing to choose. */
function certificateOf(props: Value): Judgements {
  const own = readFlag(props, "viewerCertificate", "cloudfrontDefaultCertificate");
  if (own.state === "known" && own.value) return [];
  if (own.state === "unknown") return unverified("The certificate of the distribution is");
  return [
    ...mustBeOneOf(TLS_POLICIES, props, "viewerCertificate", "minimumProtocolVersion"),
    ...mustBeOneOf(["sni-only"], props, "viewerCertificate", "sslSupportMethod"),
  ];
}

const httpsOnly = at(["viewerProtocolPolicy"], oneOf("redirect-to-https", "https-only"));

/** An origin with a server of its own is asked over TLS 1.2; how S3 is asked, the access control says. */
const originProtocol = at(
  ["customOriginConfig"],
  optional(
    all(at(["originProtocolPolicy"], oneOf("https-only")), at(["originSslProtocols"], eachOfSome(oneOf("TLSv1.2")))),
  ),
);

const cdnTls: ResourceRule = {
  scope: "resource",
  name: "cdn-tls",
  description: "The CDN serves, and fetches, over TLS 1.2 or better only.",
  why: "What goes over plain HTTP or an old TLS between reader, edge and origin can be read and changed on the way.",
  remedy:
    "Set `viewerProtocolPolicy` to redirect-to-https in every behaviour; with a certificate of yours, `minimumProtocolVersion` to TLSv1.2_2021 and `sslSupportMethod` to sni-only; in custom origins `https-only` and TLSv1.2.",
  ids: [
    "CloudFront.3",
    "CloudFront.8",
    "CloudFront.9",
    "CloudFront.10",
    "CloudFront.15",
    "CKV_AWS_34",
    "CKV_AWS_174",
    "CKV2_AWS_54",
    "CKV2_AWS_72",
  ],
  levels: ALWAYS,
  types: [DISTRIBUTION],
  check: ({ props }) => [
    ...httpsOnly(props, "defaultCacheBehavior"),
    ...each(httpsOnly)(props, "orderedCacheBehaviors"),
    ...certificateOf(props),
    ...each(originProtocol)(props, "origins"),
  ],
};

/** `<bucket>.s3.<region>.amazonaws.com` and the like, and the website endpoints `<bucket>.s3-website-<region>.…`. */
const S3_DOMAIN = /(^|\.)s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/i;

const privateOrigin: Check = (props, ...origin) => {
  const config = (key: string) => read(props, ...origin, key).state !== "absent";
  if (config("vpcOriginConfig")) return [];
  // Without a server of its own an origin is a bucket.
  if (!config("customOriginConfig")) return mustBeText(props, ...origin, "originAccessControlId");
  const path: Path = [...origin, "domainName"];
  const domain = readText(props, ...path);
  if (domain.state === "unknown") return unverified(shown(path));
  if (domain.state !== "known") return violated(`${shown(path)} must name the origin.`);
  return S3_DOMAIN.test(domain.value)
    ? violated(`${shown(path)} is a bucket that is read as a website, which only works when it is public.`)
    : [];
};

/** An access control that does not sign every request lets the bucket refuse them, or asks for a public bucket. */
const signsAlways = (props: Value): Judgements => [
  ...mustBeOneOf(["always"], props, "signingBehavior"),
  ...mustBeOneOf(["sigv4"], props, "signingProtocol"),
];

const cdnPrivateOrigin: ResourceRule = {
  scope: "resource",
  name: "cdn-private-origin",
  description: "The CDN reads buckets with an origin access control, so that they stay private.",
  why: "A website endpoint needs a public bucket and is asked over plain HTTP; everybody can go round the CDN.",
  remedy:
    "Give each bucket origin an `originAccessControlId`, whose OriginAccessControl signs `always` by `sigv4`, with the bucket's regional domain name and no `customOriginConfig`.",
  ids: ["CloudFront.13", "CKV2_AWS_46", "S1-27"],
  levels: ALWAYS,
  types: [DISTRIBUTION, ACCESS_CONTROL],
  check: ({ type, props }) =>
    type === ACCESS_CONTROL ? signsAlways(props) : eachOfSome(privateOrigin)(props, "origins"),
};

/** What is asked of the CDN. */
export const cdnRules: readonly Rule[] = [cdnTls, cdnPrivateOrigin];

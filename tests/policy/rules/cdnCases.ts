import type { Path } from "../../../policy/reading/reader";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";

const OWN_CERTIFICATE = {
  acmCertificateArn: UNKNOWN,
  minimumProtocolVersion: "TLSv1.2_2021",
  sslSupportMethod: "sni-only",
};
const BUCKET: Value = { domainName: UNKNOWN, originAccessControlId: UNKNOWN, originId: "files" };
const server = (more: Readonly<Record<string, Value>> = {}, domainName: Value = "app.example.com"): Value => ({
  domainName,
  originId: "app",
  customOriginConfig: {
    httpPort: 80,
    httpsPort: 443,
    originProtocolPolicy: "https-only",
    originSslProtocols: ["TLSv1.2"],
    ...more,
  },
});
const cdn = resource("aws:cloudfront/distribution:Distribution", {
  defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
  orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }],
  origins: [BUCKET],
  viewerCertificate: OWN_CERTIFICATE,
});
const access = resource("aws:cloudfront/originAccessControl:OriginAccessControl", {
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const one = (
  kind: Case["kind"],
  title: string,
  path: Path,
  value: Value | undefined,
  verdicts: Case["verdicts"] = [],
  more: Partial<Case> = {},
): Case => ({ kind, title, resources: [having(cdn, path, value)], verdicts, ...more });

const HTTPS = {
  absent: "violated",
  unknown: "unverified",
  secret: "passes",
  values: { both: ["allow-all", "violated"] },
} as const;
const fromServer = (more?: Readonly<Record<string, Value>>) => [BUCKET, server(more)];

export const CASES: Cases = {
  "cdn-tls": [
    ...propertyCases(cdn, ["defaultCacheBehavior", "viewerProtocolPolicy"], HTTPS),
    ...propertyCases(cdn, ["orderedCacheBehaviors", 0, "viewerProtocolPolicy"], HTTPS),
    one(
      "fail",
      "the second behaviour",
      ["orderedCacheBehaviors"],
      [{ viewerProtocolPolicy: "https-only" }, { viewerProtocolPolicy: "allow-all" }],
      ["violated"],
      {
        says: ["`orderedCacheBehaviors[1].viewerProtocolPolicy`"],
      },
    ),
    one("pass", "no further behaviours", ["orderedCacheBehaviors"], undefined),
    one("pass", "an empty list of behaviours", ["orderedCacheBehaviors"], []),
    one("unknown", "the behaviours", ["orderedCacheBehaviors"], UNKNOWN, ["unverified"]),
    one("unknown", "a behaviour", ["orderedCacheBehaviors"], [UNKNOWN], ["unverified"]),
    one("wrong type", "the behaviours", ["orderedCacheBehaviors"], "all", ["violated"]),
    ...propertyCases(cdn, ["viewerCertificate", "minimumProtocolVersion"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        "TLS 1.2 of 2025": ["TLSv1.2_2025", "passes"],
        "TLS 1.3": ["TLSv1.3_2025", "passes"],
        "TLS 1.2 with old ciphers": ["TLSv1.2_2019", "violated"],
        "TLS 1.0": ["TLSv1", "violated"],
      },
    }),
    ...propertyCases(cdn, ["viewerCertificate", "sslSupportMethod"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { "an address of its own": ["vip", "violated"] },
    }),
    one("pass", "CloudFront's own certificate", ["viewerCertificate"], { cloudfrontDefaultCertificate: true }),
    one("fail", "not CloudFront's own", ["viewerCertificate"], { cloudfrontDefaultCertificate: false }, [
      "violated",
      "violated",
    ]),
    one("absent", "no certificate", ["viewerCertificate"], undefined, ["violated", "violated"]),
    one("unknown", "the certificate", ["viewerCertificate"], UNKNOWN, ["unverified"], {
      says: ["The certificate of the distribution is not known"],
    }),
    one("unknown", "whether it is CloudFront's own", ["viewerCertificate", "cloudfrontDefaultCertificate"], UNKNOWN, [
      "unverified",
    ]),
    one("pass", "a server over TLS 1.2", ["origins"], fromServer()),
    one("fail", "a server over HTTP", ["origins"], fromServer({ originProtocolPolicy: "http-only" }), ["violated"], {
      says: ["`origins[1].customOriginConfig.originProtocolPolicy`"],
    }),
    one("fail", "a server as the reader came", ["origins"], fromServer({ originProtocolPolicy: "match-viewer" }), [
      "violated",
    ]),
    one(
      "fail",
      "a server over SSL 3 too",
      ["origins"],
      fromServer({ originSslProtocols: ["TLSv1.2", "SSLv3"] }),
      ["violated"],
      {
        says: ["`origins[1].customOriginConfig.originSslProtocols[1]`"],
      },
    ),
    one("fail", "a server without protocols", ["origins"], fromServer({ originSslProtocols: [] }), ["violated"]),
    one("unknown", "a protocol", ["origins"], fromServer({ originSslProtocols: [UNKNOWN] }), ["unverified"]),
    one("unknown", "the protocols", ["origins"], fromServer({ originSslProtocols: UNKNOWN }), ["unverified"]),
    one("unknown", "the origins", ["origins"], UNKNOWN, ["unverified"]),
  ],
  "cdn-private-origin": [
    ...propertyCases(access, ["signingBehavior"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { never: ["never", "violated"], "unless the reader signs": ["no-override", "violated"] },
    }),
    ...propertyCases(access, ["signingProtocol"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { another: ["sigv2", "violated"] },
    }),
    ...propertyCases(cdn, ["origins", 0, "originAccessControlId"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { empty: ["", "violated"], known: ["E2QWRUHAPOMQZL", "passes"] },
    }),
    one("fail", "the second of two", ["origins"], [BUCKET, { domainName: UNKNOWN, originId: "more" }], ["violated"], {
      says: ["`origins[1].originAccessControlId`"],
    }),
    one(
      "fail",
      "the identity of old",
      ["origins"],
      [{ domainName: UNKNOWN, s3OriginConfig: { originAccessIdentity: UNKNOWN } }],
      ["violated"],
    ),
    one("pass", "a server", ["origins"], [BUCKET, server()]),
    one(
      "pass",
      "a server inside the network",
      ["origins"],
      [{ domainName: UNKNOWN, vpcOriginConfig: { vpcOriginId: UNKNOWN } }],
    ),
    ...[
      "files.s3-website-us-east-1.amazonaws.com",
      "files.s3-website.eu-central-1.amazonaws.com",
      "files.s3.amazonaws.com",
      "files.s3.us-east-1.amazonaws.com",
      "files.S3.cn-north-1.amazonaws.com.cn",
    ].map((domain) =>
      one("fail", `the website ${domain}`, ["origins"], [server({}, domain)], ["violated"], {
        says: ["`origins[0].domainName` is a bucket that is read as a website"],
        hides: [domain],
      }),
    ),
    ...[
      "files3.us-east-1.amazonaws.com",
      "s3.example.com",
      "files.s3.amazonaws.com.example.com",
      "lb-1.us-east-1.elb.amazonaws.com",
    ].map((domain) => one("pass", `the server ${domain}`, ["origins"], [server({}, domain)])),
    one("unknown", "the name of a server", ["origins"], [server({}, UNKNOWN)], ["unverified"], {
      says: ["`origins[0].domainName`"],
    }),
    one("wrong type", "the name of a server", ["origins"], [server({}, 7)], ["violated"], {
      says: ["must name the origin"],
    }),
    one("unknown", "the origins", ["origins"], UNKNOWN, ["unverified"]),
    one("absent", "no origins", ["origins"], undefined, ["violated"]),
    one("fail", "an empty list", ["origins"], [], ["violated"]),
    one("secret", "the origins", ["origins"], new Secret([BUCKET])),
  ],
};

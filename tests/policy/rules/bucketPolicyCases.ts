import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { privateDocumentCases } from "./keyCases";

const ARN = "arn:aws:s3:::files";
type Statement = Readonly<Record<string, Value>>;

const DENY: Statement = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const ALLOW: Statement = {
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
};

const document = (...statements: readonly Value[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const policy = (text: Value | undefined, bucket: Value = "files") =>
  having(resource("aws:s3/bucketPolicy:BucketPolicy", { bucket }), ["policy"], text);
const one = (
  kind: Case["kind"],
  title: string,
  it: ReturnType<typeof policy>,
  verdicts: Case["verdicts"] = [],
  more: Partial<Case> = {},
): Case => ({ kind, title, resources: [it], verdicts, ...more });
/** The sound statement with a change, in the text of a policy. */
const changed = (change: Statement, bucket?: Value) => policy(document(ALLOW, { ...DENY, ...change }), bucket);
/** The same as a structure, in which parts may be unknown. */
const open = (change: Statement) => policy({ Statement: [ALLOW, { ...DENY, ...change }] });
const transport = (value: Value, operator = "Bool"): Statement => ({
  Condition: { [operator]: { "aws:SecureTransport": value } },
});

const TLS: readonly Case[] = [
  one("pass", "one statement for bucket and objects", changed({})),
  one("pass", "every account", changed({ Principal: { AWS: "*" } })),
  one("pass", "every action and resource", changed({ Action: "*", Resource: "*" })),
  one("pass", "resources by pattern", changed({ Resource: `${ARN}*` })),
  one("pass", "in China", changed({ Resource: ["arn:aws-cn:s3:::files", "arn:aws-cn:s3:::files/*"] })),
  one("pass", "in other letters", changed({ Condition: { bool: { "AWS:securetransport": "False" } } })),
  one("pass", "where the key is missing too", changed(transport("false", "BoolIfExists"))),
  one("pass", "false as itself", changed(transport(false))),
  one("pass", "false in a list", changed(transport(["false"]))),
  one("pass", "a bucket that is not known yet", changed({}, UNKNOWN)),
  one("pass", "a structure", open({})),
  one("fail", "an allowance of TLS", policy(document({ ...DENY, Effect: "Allow" })), ["violated"], {
    says: ["No statement of `policy` refuses every connection without TLS"],
  }),
  one("fail", "no statement", policy(document()), ["violated"]),
  one("fail", "somebody only", changed({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }), ["violated"]),
  one("fail", "some actions only", changed({ Action: ["s3:Get*", "s3:Put*"] }), ["violated"]),
  one("fail", "the objects only", changed({ Resource: `${ARN}/*` }), ["violated"]),
  one("fail", "the bucket only", changed({ Resource: ARN }), ["violated"]),
  one("fail", "a folder only", changed({ Resource: [ARN, `${ARN}/public/*`] }), ["violated"]),
  one("fail", "another bucket", changed({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] }), ["violated"]),
  one("fail", "objects of another bucket", changed({ Resource: [ARN, "arn:aws:s3:::other/*"] }, UNKNOWN), ["violated"]),
  one("fail", "encrypted connections", changed(transport("true")), ["violated"]),
  one("fail", "either", changed(transport(["false", "true"])), ["violated"]),
  one("fail", "another operator", changed(transport("false", "StringLike")), ["violated"]),
  one("fail", "an operator that only begins alike", changed(transport("false", "BoolAll")), ["violated"]),
  one("fail", "an operator that only ends alike", changed(transport("false", "NotBool")), ["violated"]),
  one("fail", "another key", changed({ Condition: { Bool: { "aws:ViaAWSService": "false" } } }), ["violated"]),
  one("fail", "no condition", changed({ Condition: {} }), ["violated"]),
  one(
    "fail",
    "a second key that narrows it",
    changed({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } }),
    ["violated"],
  ),
  one("wrong type", "no document", policy("{"), ["violated"], { says: ["`policy` is no policy document."] }),
  one("wrong type", "a number", policy(7), ["violated"]),
  one("wrong type", "a bucket of another kind", changed({}, 7)),
  one("absent", "no policy", policy(undefined), ["violated"]),
  one("absent", "a statement without effect", changed({ Effect: null }), ["violated"]),
  one("unknown", "the policy", policy(UNKNOWN), ["unverified"], { says: ["`policy` is not known"] }),
  one("unknown", "a statement", policy({ Statement: [DENY, UNKNOWN] }), ["unverified"]),
  one("unknown", "the effect", open({ Effect: UNKNOWN }), ["unverified"], {
    says: ["A part of `policy` is not known"],
  }),
  one("unknown", "the principal", open({ Principal: { AWS: UNKNOWN } }), ["unverified"]),
  one("unknown", "an action", open({ Action: [UNKNOWN] }), ["unverified"]),
  one("unknown", "a resource", open({ Resource: [ARN, UNKNOWN] }), ["unverified"]),
  one("unknown", "the condition", open({ Condition: UNKNOWN }), ["unverified"]),
  one("unknown", "the value of the condition", open(transport(UNKNOWN)), ["unverified"]),
  one("unknown", "a part of an allowance", open({ Effect: "Allow", Resource: [UNKNOWN] }), ["violated"]),
  one("secret", "marked secret", policy(new Secret(document(DENY)))),
];

export const CASES: Cases = {
  "s3-tls-only": TLS,
  "s3-policy-private": privateDocumentCases(policy(document(DENY)), "policy"),
};

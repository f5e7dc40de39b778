import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, propertyCases, resource } from "./cases";

const statement = (more: Readonly<Record<string, Value>>): Value => ({
  Sid: "One",
  Effect: "Allow",
  Action: "kms:*",
  Resource: "*",
  ...more,
});
const policy = (...statements: readonly Value[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const ROOT = { AWS: "arn:aws:iam::123456789012:root" };
const SOUND = policy(statement({ Principal: ROOT }));
const key = resource("aws:kms/key:Key", { enableKeyRotation: true, deletionWindowInDays: 30, policy: SOUND });

/** Cases of a policy text that must not let everybody in, for any type that has one. */
export function privateDocumentCases(sound: Parameters<typeof having>[0], property: string): readonly Case[] {
  const one = (kind: Case["kind"], title: string, text: Value | undefined, ...verdicts: Case["verdicts"]): Case => ({
    kind,
    title,
    resources: [having(sound, [property], text)],
    verdicts,
  });
  const condition = (values: Value) => statement({ Principal: "*", Condition: { StringEquals: values } });
  return [
    one("pass", "the root of the account", SOUND),
    one("pass", "everybody, denied", policy(statement({ Effect: "Deny", Principal: "*" }))),
    one("pass", "everybody of one account", policy(condition({ "aws:SourceAccount": "123456789012" }))),
    one(
      "pass",
      "the key of a condition in other letters",
      policy(condition({ "AWS:sourceaccount": ["123456789012"] })),
    ),
    one("pass", "one statement that is no list", JSON.stringify({ Statement: statement({ Principal: ROOT }) })),
    one("fail", "everybody", policy(statement({ Principal: "*" })), "violated"),
    one("fail", "every account", policy(statement({ Principal: { AWS: ["*"] } })), "violated"),
    one("fail", "everybody but one", policy(statement({ NotPrincipal: ROOT })), "violated"),
    one("fail", "a condition that anything meets", policy(condition({ "aws:SourceAccount": "*" })), "violated"),
    one(
      "fail",
      "one of several values that anything meets",
      policy(condition({ "aws:SourceAccount": ["123456789012", "*"] })),
      "violated",
    ),
    one(
      "fail",
      "a condition that excludes one account only",
      policy(statement({ Principal: "*", Condition: { StringNotEquals: { "aws:SourceAccount": "123456789012" } } })),
      "violated",
    ),
    one(
      "fail",
      "a condition that is met when the key is missing",
      policy(
        statement({ Principal: "*", Condition: { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } } }),
      ),
      "violated",
    ),
    one("fail", "another condition", policy(condition({ "aws:SecureTransport": "true" })), "violated"),
    one(
      "fail",
      "the second statement",
      policy(statement({ Principal: ROOT }), statement({ Principal: "*" })),
      "violated",
    ),
    one("fail", "a structure instead of text", { Statement: [statement({ Principal: "*" })] }, "violated"),
    one("absent", "no policy", undefined),
    one("wrong type", "no document", "{", "violated"),
    one("wrong type", "a number", 7, "violated"),
    one("unknown", "not known yet", UNKNOWN, "unverified"),
    one("unknown", "a principal", { Statement: [statement({ Principal: { AWS: UNKNOWN } })] }, "unverified"),
    one("unknown", "an effect", { Statement: [statement({ Effect: UNKNOWN, Principal: "*" })] }, "unverified"),
    one("unknown", "a condition", { Statement: [condition({ "aws:SourceAccount": UNKNOWN })] }, "unverified"),
    one("unknown", "a statement", { Statement: [UNKNOWN] }, "unverified"),
    one("secret", "marked secret", new Secret(policy(statement({ Principal: "*" }))), "violated"),
  ];
}

export const CASES: Cases = {
  "kms-rotation": propertyCases(key, ["enableKeyRotation"], {
    absent: "violated",
    false: "violated",
    true: "passes",
    unknown: "unverified",
    secret: "passes",
  }),
  "kms-deletion-window": [
    ...propertyCases(key, ["deletionWindowInDays"], {
      absent: "passes",
      unknown: "unverified",
      secret: "passes",
      values: { "seven days": [7, "violated"], "a secret week": [new Secret(7), "violated"], text: ["30", "violated"] },
    }),
    {
      kind: "pass",
      title: "seven days on dev",
      resources: [having(key, ["deletionWindowInDays"], 7)],
      verdicts: [],
      profile: "dev",
    },
  ],
  "kms-policy-private": privateDocumentCases(key, "policy"),
};

import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, propertyCases, resource } from "./cases";
import { caseOf } from "./oneCase";

const OBJECTS = "arn:aws:s3:::bucket/*";
const document = (...statements: readonly Value[]): Value => JSON.stringify({ Statement: statements });
const allow = (more: Readonly<Record<string, Value>>): Value => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: OBJECTS,
  ...more,
});
const policy = (text: Value) => resource("aws:iam/policy:Policy", { policy: text });
const role = (props: Value) => resource("aws:iam/role:Role", props);
const SOUND = document(allow({}));

const star = (title: string, statement: Value): Case =>
  caseOf("fail", title, policy(document(allow({}), statement)), "violated");
const fine = (title: string, statement: Value): Case => caseOf("pass", title, policy(document(statement)));
const open = (title: string, ...statements: readonly Value[]): Case =>
  caseOf("unknown", title, policy({ Statement: statements }), "unverified");

const NO_STAR: readonly Case[] = [
  fine("named actions on named resources", allow({ Action: ["s3:GetObject", "s3:PutObject"] })),
  fine("a denial of everything", { Effect: "Deny", Action: "*", Resource: "*" }),
  fine("harmless actions everywhere", allow({ Action: ["cloudwatch:PutMetricData", "s3:List*"], Resource: "*" })),
  fine(
    "decryption with one key",
    allow({ Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:123456789012:key/1" }),
  ),
  star("every action", allow({ Action: "*" })),
  star("every action, written twice", allow({ Action: ["s3:GetObject", "**"] })),
  star("everything of a service", allow({ Action: "s3:*" })),
  star("everything but something", { Effect: "Allow", NotAction: "iam:*", Resource: OBJECTS }),
  star("on everything but something", { Effect: "Allow", Action: "iam:PassRole", NotResource: OBJECTS }),
  ...[
    "iam:PassRole",
    "sts:AssumeRole",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "secretsmanager:GetSecretValue",
    "s3:GetObject",
    "rds-db:connect",
  ].map((action) => ({ ...star(`${action} everywhere`, allow({ Action: action, Resource: ["*"] })), says: [action] })),
  star("a pattern that covers one of them", allow({ Action: "kms:D*", Resource: "*" })),
  star("every resource, written as a pattern", allow({ Resource: "*?*" })),
  { ...star("says which statement", allow({ Action: "*" })), says: ["`policy`, statement 2"] },
  ...["rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map((type) =>
    caseOf("fail", type, resource(`aws:iam/${type}`, { policy: document(allow({ Action: "*" })) }), "violated"),
  ),
  caseOf("pass", "a role without policies inside", role({ assumeRolePolicy: SOUND })),
  caseOf("pass", "a role with a sound policy inside", role({ inlinePolicies: [{}, { policy: SOUND }] })),
  {
    ...caseOf(
      "fail",
      "a role",
      role({ inlinePolicies: [{ policy: SOUND }, { policy: document(allow({ Action: "*" })) }] }),
      "violated",
    ),
    says: ["`inlinePolicies[1].policy`"],
  },
  caseOf("absent", "no policy", policy(null), "violated"),
  caseOf("absent", "no effect, which denies nothing", policy(document({ Action: "*", Resource: "*" })), "violated"),
  caseOf("wrong type", "no document", policy("{"), "violated"),
  caseOf("wrong type", "policies inside that are no list", role({ inlinePolicies: "x" }), "violated"),
  caseOf("wrong type", "a policy inside that is no document", role({ inlinePolicies: [{ policy: 7 }] }), "violated"),
  caseOf("unknown", "the policy", policy(UNKNOWN), "unverified"),
  caseOf("unknown", "policies inside", role({ inlinePolicies: UNKNOWN }), "unverified"),
  open("an effect", allow({ Effect: UNKNOWN })),
  open("an action", allow({ Action: ["s3:GetObject", UNKNOWN] })),
  open("a resource", allow({ Resource: [OBJECTS, UNKNOWN] })),
  caseOf(
    "unknown",
    "a resource of a harmless action",
    policy({ Statement: [allow({ Action: "s3:ListBucket", Resource: UNKNOWN })] }),
  ),
  caseOf(
    "unknown",
    "everything but something unknown",
    policy({ Statement: [{ Effect: "Allow", NotAction: UNKNOWN, Resource: OBJECTS }] }),
    "violated",
  ),
  caseOf(
    "unknown",
    "on everything but something unknown",
    policy({ Statement: [{ Effect: "Allow", Action: "iam:PassRole", NotResource: UNKNOWN }] }),
    "violated",
  ),
  caseOf(
    "unknown",
    "an action beside every action",
    policy({ Statement: [allow({ Action: [UNKNOWN, "*"] })] }),
    "violated",
  ),
  { ...caseOf("secret", "a secret policy", policy(new Secret(document(allow({ Action: "*" })))), "violated") },
];

const attachment = (arn: Value, type = "rolePolicyAttachment:RolePolicyAttachment") =>
  resource(`aws:iam/${type}`, { policyArn: arn });
const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const TOO_MUCH = [
  "AdministratorAccess",
  "AdministratorAccess-Amplify",
  "PowerUserAccess",
  "IAMFullAccess",
  "AmazonS3FullAccess",
  "AmazonSSMFullAccess_v2",
  "job-function/SystemAdministrator",
  "SecretsManagerReadWrite",
];
const NARROW = [
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "AmazonEKSClusterPolicy",
  "CloudWatchReadOnlyAccess",
];

const NO_ADMIN: readonly Case[] = [
  ...propertyCases(attachment(managed("ReadOnlyAccess")), ["policyArn"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { "a policy of the account": ["arn:aws:iam::123456789012:policy/MyFullAccess", "passes"] },
  }),
  ...NARROW.map((name) => caseOf("pass", name, attachment(managed(name)))),
  ...TOO_MUCH.map((name) => caseOf("fail", name, attachment(managed(name)), "violated")),
  caseOf("fail", "another partition", attachment("arn:aws-cn:iam::aws:policy/AdministratorAccess"), "violated"),
  ...[
    "userPolicyAttachment:UserPolicyAttachment",
    "groupPolicyAttachment:GroupPolicyAttachment",
    "policyAttachment:PolicyAttachment",
  ].map((type) => caseOf("fail", type, attachment(managed("AdministratorAccess"), type), "violated")),
  caseOf("pass", "a role without any", role({})),
  caseOf("pass", "a role with a narrow one", role({ managedPolicyArns: [managed("ReadOnlyAccess")] })),
  {
    ...caseOf(
      "fail",
      "a role with one of two",
      role({ managedPolicyArns: [managed("ReadOnlyAccess"), managed("IAMFullAccess")] }),
      "violated",
    ),
    says: ["`managedPolicyArns[1]`"],
    hides: ["IAMFullAccess"],
  },
  caseOf(
    "fail",
    "a boundary that bounds nothing",
    role({ permissionsBoundary: managed("AdministratorAccess") }),
    "violated",
  ),
  caseOf("pass", "a boundary", role({ permissionsBoundary: managed("ReadOnlyAccess") })),
  caseOf("unknown", "a boundary", role({ permissionsBoundary: UNKNOWN })),
  caseOf("unknown", "all of a role", role({ managedPolicyArns: UNKNOWN }), "unverified"),
  caseOf("unknown", "one of a role", role({ managedPolicyArns: [UNKNOWN] }), "unverified"),
  caseOf("wrong type", "no list", role({ managedPolicyArns: "x" }), "violated"),
  caseOf("secret", "a secret ARN", attachment(new Secret(managed("AdministratorAccess"))), "violated"),
];

export const CASES: Cases = { "iam-no-star": NO_STAR, "iam-no-admin-managed": NO_ADMIN };

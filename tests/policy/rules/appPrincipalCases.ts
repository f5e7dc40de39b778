import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { bucketOf } from "./bucketStackCases";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";

const ARN = "arn:aws:s3:::files";
const files = resource("scaling-ladder:files:S3Files", {}, "files");
const app = resource("scaling-ladder:files:S3Principal", {}, "files-app", { parent: files });
const bucket = bucketOf("files", { arn: ARN }, files);
const unknownBucket = bucketOf("files", {}, files);
const copy = bucketOf("copy", { arn: "arn:aws:s3:::copy" }, files);
const dumps = bucketOf("dumps", { arn: "arn:aws:s3:::dumps" });
const replication = resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", {}, "replication", {
  refers: { bucket, rules: copy },
});

type Props = Readonly<Record<string, Value>>;
const LIST = { Effect: "Allow", Action: "s3:ListBucket", Resource: ARN };
const OBJECTS = {
  Effect: "Allow",
  Action: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
  Resource: `${ARN}/*`,
};
const FOUR = [LIST, OBJECTS];
const DENY = { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" };
const text = (...statements: readonly Value[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const role = resource("aws:iam/role:Role", { name: "role-name", arn: UNKNOWN }, "role", { parent: app });
const user = resource("aws:iam/user:User", { name: "user-name", arn: UNKNOWN }, "user", { parent: app });
const policyOf = (document: Value, about: StackResource | undefined = bucket) =>
  resource(
    "aws:iam/policy:Policy",
    { policy: document, arn: "arn:policy" },
    "policy",
    about && { refers: { policy: about } },
  );
const attachment = (to: StackResource, policy: StackResource) =>
  resource(
    to === user
      ? "aws:iam/userPolicyAttachment:UserPolicyAttachment"
      : "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { policyArn: UNKNOWN },
    "attachment",
    { refers: { [to === user ? "user" : "role"]: to, policyArn: policy } },
  );

/** A stack whose application has one policy with this document. */
function stack(document: Value, principal = role, about = bucket): readonly StackResource[] {
  const policy = policyOf(document, about);
  return [files, app, about, principal, policy, attachment(principal, policy)];
}
const allowing = (...statements: readonly Value[]) => stack(text(...statements));
/** A further grant beside the sound policy. */
const besides = (type: string, props: Props, input: string, principal = role) => [
  ...stack(text(...FOUR), principal),
  resource(type, props, "more", { refers: { [input]: principal } }),
];

const MORE = "role may do more than the four actions.";
const MISFIT = "must have s3:ListBucket on the bucket of the files";
const HIDDEN = "more gives role rights that are not written in this stack.";
const OTHER = "A policy of role is about a bucket that does not hold the files of the application.";

const CASES_OF_RULE: readonly Case[] = [
  one("pass", "S1-80: a role with exactly the four actions", stack(text(...FOUR))),
  one("pass", "S1-80: a user with exactly the four actions", stack(text(...FOUR), user)),
  one(
    "pass",
    "each in a statement of its own",
    allowing(LIST, ...OBJECTS.Action.map((Action) => ({ ...OBJECTS, Action }))),
  ),
  one(
    "pass",
    "all in one statement",
    allowing({ ...OBJECTS, Action: ["s3:ListBucket", ...OBJECTS.Action], Resource: [ARN, `${ARN}/*`] }),
  ),
  one("pass", "in other letters", allowing({ ...LIST, Action: "S3:listbucket" }, OBJECTS)),
  one("pass", "a denial takes nothing away", allowing(...FOUR, DENY)),
  one("pass", "two policies", besides("aws:iam/rolePolicy:RolePolicy", { policy: text(LIST) }, "role")),
  one("pass", "inside of the role", [
    files,
    app,
    bucket,
    role,
    resource("aws:iam/rolePolicy:RolePolicy", { policy: text(...FOUR) }, "p", { refers: { role } }),
  ]),
  one("pass", "inside of the user", [
    files,
    app,
    bucket,
    user,
    resource("aws:iam/userPolicy:UserPolicy", { policy: text(...FOUR) }, "p", { refers: { user } }),
  ]),
  one("pass", "attached in plain text", [
    files,
    app,
    bucket,
    role,
    policyOf(text(...FOUR), bucket),
    resource(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "role-name", policyArn: "arn:policy" },
      "attachment",
    ),
  ]),
  one("pass", "beside a copy of the bucket", [...stack(text(...FOUR)), copy, replication]),
  one("pass", "a role of somebody else", [resource("aws:iam/role:Role", {}, "nodes")]),
  one("fail", "a fifth action", allowing(...FOUR, { ...OBJECTS, Action: "s3:GetObjectVersion" }), ["violated"], {
    says: [MORE],
    hides: ["GetObjectVersion"],
  }),
  one("fail", "everything by pattern", allowing({ ...OBJECTS, Action: "s3:*", Resource: "*" }), ["violated"], {
    says: [MORE],
  }),
  one(
    "fail",
    "everything but one",
    allowing(...FOUR, { Effect: "Allow", NotAction: "iam:*", Resource: ARN }),
    ["violated"],
    { says: [MORE] },
  ),
  one("fail", "everywhere but one", allowing(LIST, { ...OBJECTS, NotResource: `${ARN}/x` }), ["violated"], {
    says: [MORE],
  }),
  one("fail", "three actions", allowing(LIST, { ...OBJECTS, Action: ["s3:PutObject", "s3:GetObject"] }), ["violated"], {
    says: ["role lacks s3:DeleteObject."],
  }),
  one("fail", "no list", allowing(OBJECTS), ["violated"], { says: ["role lacks s3:ListBucket."] }),
  one("fail", "no statements", allowing(), ["violated"], {
    says: ["s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject"],
  }),
  one("fail", "the list of objects", allowing({ ...LIST, Resource: `${ARN}/*` }, OBJECTS), ["violated"], {
    says: [MISFIT],
  }),
  one("fail", "the bucket for objects", allowing(LIST, { ...OBJECTS, Resource: ARN }), ["violated"], {
    says: [MISFIT],
  }),
  one("fail", "one folder", allowing(LIST, { ...OBJECTS, Resource: `${ARN}/public/*` }), ["violated"], {
    says: [MISFIT],
  }),
  one(
    "fail",
    "another bucket besides",
    allowing({ ...LIST, Resource: [ARN, "arn:aws:s3:::dumps"] }, OBJECTS),
    ["violated"],
    { says: [MISFIT] },
  ),
  one("fail", "all objects everywhere", allowing(LIST, { ...OBJECTS, Resource: "*" }), ["violated"], {
    says: [MISFIT],
  }),
  one(
    "fail",
    "a policy about another bucket, everything unknown",
    [...stack(UNKNOWN, role, dumps), bucket],
    ["violated"],
    { says: [OTHER] },
  ),
  one("fail", "a policy about the copy", [...stack(UNKNOWN, role, copy), bucket, replication], ["violated"], {
    says: [OTHER],
  }),
  one(
    "fail",
    "a policy of AWS",
    besides(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
      "role",
    ),
    ["violated"],
    {
      says: [HIDDEN],
      hides: ["AmazonS3FullAccess"],
    },
  ),
  one(
    "fail",
    "a policy of AWS for the user",
    besides("aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: "arn:aws" }, "user", user),
    ["violated"],
  ),
  one(
    "fail",
    "one attached to several roles",
    besides("aws:iam/policyAttachment:PolicyAttachment", { policyArn: "arn:aws" }, "roles"),
    ["violated"],
    { says: [HIDDEN] },
  ),
  one(
    "fail",
    "one attached to several users",
    besides("aws:iam/policyAttachment:PolicyAttachment", { policyArn: "arn:aws" }, "users", user),
    ["violated"],
  ),
  one(
    "fail",
    "a group",
    besides("aws:iam/userGroupMembership:UserGroupMembership", { groups: ["admins"] }, "user", user),
    ["violated"],
  ),
  one(
    "fail",
    "more inside of the role",
    besides("aws:iam/rolePolicy:RolePolicy", { policy: text({ ...LIST, Action: "iam:PassRole" }) }, "role"),
    ["violated"],
    { says: [MORE] },
  ),
  one(
    "fail",
    "more inside of the user",
    besides("aws:iam/userPolicy:UserPolicy", { policy: text({ ...LIST, Action: "iam:PassRole" }) }, "user", user),
    ["violated"],
  ),
  one("absent", "no policy at all", [files, app, bucket, role], ["violated"], { says: ["role lacks s3:ListBucket"] }),
  one("absent", "a policy without document", stack(null), ["violated"], { says: ["A policy of role is no document."] }),
  one("absent", "a statement without effect", allowing(...FOUR, { Action: "iam:PassRole", Resource: "*" }), [
    "violated",
  ]),
  one("wrong type", "no document", stack("{"), ["violated"], { says: ["A policy of role is no document."] }),
  one("unknown", "the policy", stack(UNKNOWN), ["unverified"], { says: ["What role may do is not known"] }),
  one("unknown", "everything", stack(UNKNOWN, having(role, ["name"], UNKNOWN), unknownBucket), ["unverified"]),
  one("unknown", "an action", stack({ Statement: [LIST, { ...OBJECTS, Action: [UNKNOWN] }] }), ["unverified"]),
  one("unknown", "a resource", stack({ Statement: [LIST, { ...OBJECTS, Resource: UNKNOWN }] }), ["unverified"]),
  one(
    "unknown",
    "an action, beside a fifth",
    stack({ Statement: [{ ...LIST, Action: ["iam:PassRole", UNKNOWN] }] }),
    ["violated"],
    { says: [MORE] },
  ),
  one(
    "unknown",
    "what is left out",
    stack({ Statement: [...FOUR, { Effect: "Allow", NotAction: UNKNOWN, Resource: ARN }] }),
    ["violated"],
  ),
  one("unknown", "the ARN of the bucket", stack(text(...FOUR), role, unknownBucket), ["unverified"], {
    says: ["The bucket that role may use is not known"],
  }),
  one(
    "unknown",
    "which policy is attached",
    besides("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: UNKNOWN }, "role"),
    ["unverified"],
    {
      says: ["Which policy more attaches is not known"],
    },
  ),
  one(
    "unknown",
    "to whom a policy is attached",
    [...stack(text(...FOUR)), resource("aws:iam/rolePolicy:RolePolicy", { role: UNKNOWN }, "more")],
    ["unverified"],
    {
      says: ["Whether role holds one more policy is not known"],
    },
  ),
  one("secret", "marked secret", stack(new Secret(text(...FOUR)))),
];

export const CASES: Cases = { "app-four-actions": CASES_OF_RULE };

import { eachAllowing } from "../../checks/document";
import { type Judgements, shown, unlessAbsent, unverified, violated } from "../../checks/property";
import { coversAction, type Statement } from "../../reading/document";
import { type Path, read, readList, readText, type Texts } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import type { Value } from "../../reading/value";
import { ALWAYS, type ResourceRule, type Rule } from "../../rule";

const ROLE = "aws:iam/role:Role";

/** Where the policies of IAM's types stand. */
const POLICY_TYPES = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];

/** What opens everything when it is allowed for every resource: other roles, every key, every secret, every file. */
const NEVER_EVERYWHERE = [
  "iam:PassRole",
  "sts:AssumeRole",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "secretsmanager:GetSecretValue",
  "s3:GetObject",
  "rds-db:connect",
];

const isAllOf = (pattern: string): boolean => /^[*?]*\*[*?]*$/.test(pattern);

/** `*`, or everything of a service, such as `s3:*`. */
const isStarAction = (action: string): boolean => isAllOf(action) || /^[^:]*:\*+$/.test(action);

function judgeResources(actions: Texts, resources: Texts, hasNot: boolean, where: string): Judgements {
  const opens = NEVER_EVERYWHERE.filter((action) => actions.texts.some((pattern) => coversAction(pattern, action)));
  if (opens.length === 0) return [];
  if (hasNot || resources.texts.some(isAllOf))
    return violated(`${where} allows ${opens.join(", ")} on every resource.`);
  return resources.complete ? [] : unverified(`${where}: a resource is`);
}

function judgeStatement(statement: Statement, where: string): Judgements {
  const { actions, notActions, resources, notResources } = statement;
  if (notActions.texts.length > 0 || !notActions.complete)
    return violated(`${where} allows everything but some actions (\`NotAction\`).`);
  if (actions.texts.some(isStarAction)) return violated(`${where} allows \`*\`, or everything of a service.`);
  const hasNot = notResources.texts.length > 0 || !notResources.complete;
  const judgements = judgeResources(actions, resources, hasNot, where);
  return judgements.length > 0 || actions.complete ? judgements : unverified(`${where}: an action is`);
}

const judgePolicy = (props: Value, path: Path): Judgements => eachAllowing(props, path, judgeStatement);

/** The paths of the policies that stand inside a role. */
function inlinePolicies(props: Value): readonly Path[] | "unknown" | "mistyped" {
  const list = readList(props, "inlinePolicies");
  if (list.state === "absent") return [];
  if (list.state !== "known") return list.state;
  return list.value.map((_, index) => ["inlinePolicies", index, "policy"]);
}

function judgeRole(props: Value): Judgements {
  const paths = inlinePolicies(props);
  if (paths === "unknown") return unverified("`inlinePolicies`");
  if (paths === "mistyped") return violated("`inlinePolicies` is no list.");
  // An empty item is how the provider is told that a role has no policy inside.
  return paths.flatMap((path) => unlessAbsent(props, path, judgePolicy(props, path)));
}

const noStar: ResourceRule = {
  scope: "resource",
  name: "iam-no-star",
  description: "No policy allows every action, nor to decrypt, read secrets or pass on roles everywhere.",
  why: "Whoever gets hold of such an identity has the account: every key opens, and every role can be taken on.",
  remedy: "Name the actions that are needed, and the ARNs of the resources that they are needed for.",
  ids: [
    ...[
      "IAM.1",
      "IAM.21",
      "KMS.1",
      "KMS.2",
      "S1-80",
      "CKV_AWS_62",
      "CKV_AWS_63",
      "CKV_AWS_355",
      "CKV_AWS_286",
      "CIS-AWS 2.14",
    ],
    ...["CKV_AWS_287", "CKV_AWS_288", "CKV2_AWS_40"],
  ],
  levels: ALWAYS,
  types: [...POLICY_TYPES, ROLE],
  check: ({ type, props }) => (type === ROLE ? judgeRole(props) : judgePolicy(props, ["policy"])),
};

const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
];

/** AWS's own policies that give away the account, a service, or every secret in it. */
const TOO_MUCH =
  /^arn:aws[^:]*:iam::aws:policy\/(.*\/)?(AdministratorAccess.*|PowerUserAccess|SystemAdministrator|SecretsManagerReadWrite|.*FullAccess(_v\d+)?)$/i;

function judgeArn(props: Value, path: Path): Judgements {
  const arn = readText(props, ...path);
  if (arn.state === "unknown") return unverified(shown(path));
  if (arn.state !== "known") return violated(`${shown(path)} is no ARN.`);
  return TOO_MUCH.test(arn.value) ? violated(`${shown(path)} names a policy of AWS that allows far too much.`) : [];
}

function judgeManaged({ type, props }: ResourceView): Judgements {
  if (type !== ROLE) return judgeArn(props, ["policyArn"]);
  const list = readList(props, "managedPolicyArns");
  if (list.state === "unknown") return unverified("`managedPolicyArns`");
  if (list.state === "mistyped") return violated("`managedPolicyArns` is no list.");
  const count = list.state === "known" ? list.value.length : 0;
  const boundary: Path = ["permissionsBoundary"];
  return [
    ...Array.from({ length: count }, (_, index) => judgeArn(props, ["managedPolicyArns", index])).flat(),
    // A boundary that allows everything bounds nothing.
    ...unlessAbsent(props, boundary, read(props, ...boundary).state === "unknown" ? [] : judgeArn(props, boundary)),
  ];
}

const noAdminManaged: ResourceRule = {
  scope: "resource",
  name: "iam-no-admin-managed",
  description: "No identity has one of AWS's policies that allow everything, or everything of a service.",
  why: "Policies such as AdministratorAccess grow with every new service of AWS; nobody ever asked for all of it.",
  remedy: "Attach a policy of the stack that names actions and resources, or a narrow one of AWS's for service roles.",
  ids: ["IAM.1", "CKV_AWS_274", "CKV_AWS_62", "CKV2_AWS_56"],
  levels: ALWAYS,
  types: [...ATTACHMENTS, ROLE],
  check: judgeManaged,
};

/** What IAM policies may allow. */
export const iamRules: readonly Rule[] = [noStar, noAdminManaged];

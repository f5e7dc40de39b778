import { type Judgements, unverified, violated } from "../../checks/property";
import { readStatements, type Statement } from "../../reading/document";
import { readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, type Rule, type StackRule } from "../../rule";
import { componentOf } from "../stack/components";
import { pointingTo, targetsOf } from "../stack/targets";
import { BUCKET } from "./bucketStack";
import { FILES, fileBuckets } from "./replication";

const POLICY = "aws:iam/policy:Policy";
/** The component in which the application gets its IAM user or role. */
const PRINCIPAL = "scaling-ladder:files:S3Principal";

/** What gives a principal rights, by the input that names it. `inside`: the policy stands in the resource itself. */
interface Grant {
  readonly type: string;
  readonly input: string;
  readonly inside?: true;
}

const GRANTS: Readonly<Record<string, readonly Grant[]>> = {
  "aws:iam/role:Role": [
    { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", input: "role" },
    { type: "aws:iam/rolePolicy:RolePolicy", input: "role", inside: true },
    { type: "aws:iam/policyAttachment:PolicyAttachment", input: "roles" },
  ],
  "aws:iam/user:User": [
    { type: "aws:iam/userPolicyAttachment:UserPolicyAttachment", input: "user" },
    { type: "aws:iam/userPolicy:UserPolicy", input: "user", inside: true },
    { type: "aws:iam/policyAttachment:PolicyAttachment", input: "users" },
    { type: "aws:iam/userGroupMembership:UserGroupMembership", input: "user" },
  ],
};

const ON_BUCKET = "s3:ListBucket";
const ON_OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];

/** The policies that a principal holds, and what is to be said about those that cannot be looked into. */
interface Held {
  readonly policies: readonly StackResource[];
  readonly judgements: Judgements;
}

function heldBy(stack: StackView, principal: StackResource): Held {
  const held = (GRANTS[principal.type] ?? []).flatMap(({ type, input, inside }) => {
    const { found, perhaps } = pointingTo(stack, principal, type, input);
    const open = perhaps ? unverified(`Whether ${principal.name} holds one more policy is`, principal.urn) : [];
    const all = found.map((grant) =>
      inside ? { policies: [grant], judgements: [] } : attached(stack, principal, grant),
    );
    return [...all, { policies: [], judgements: open }];
  });
  return {
    policies: [...new Set(held.flatMap(({ policies }) => policies))],
    judgements: held.flatMap(({ judgements }) => judgements),
  };
}

/** A group, or a policy of AWS or of somebody else, gives rights that nobody sees here. */
function attached(stack: StackView, principal: StackResource, grant: StackResource): Held {
  const { found, rest } = targetsOf(stack, grant, "policyArn", POLICY);
  if (found.length > 0) return { policies: found, judgements: [] };
  const judgements =
    rest === "unknown"
      ? unverified(`Which policy ${grant.name} attaches is`, grant.urn)
      : violated(`${grant.name} gives ${principal.name} rights that are not written in this stack.`, grant.urn);
  return { policies: [], judgements };
}

/** The ARNs of the buckets that the application may use; `undefined` while one is not known. */
function arnsOf(buckets: readonly StackResource[]): readonly string[] | undefined {
  const arns = buckets.map(({ props }) => readText(props, "arn"));
  return arns.every(({ state }) => state === "known")
    ? arns.flatMap((arn) => (arn.state === "known" ? [arn.value] : []))
    : undefined;
}

const lower = (texts: readonly string[]): readonly string[] => texts.map((text) => text.toLowerCase());

function isFour({ actions, notActions, notResources }: Statement): boolean {
  const allowed = lower([ON_BUCKET, ...ON_OBJECTS]);
  return (
    lower(actions.texts).every((action) => allowed.includes(action)) &&
    [notActions, notResources].every(({ texts, complete }) => texts.length === 0 && complete)
  );
}

/** Whether the resources of a statement are a bucket for its list, and that bucket's objects for the rest. */
function fits({ actions, resources }: Statement, arns: readonly string[]): boolean {
  const named = new Set(lower(actions.texts));
  const wanted = [
    ...(named.has(ON_BUCKET.toLowerCase()) ? arns : []),
    ...(lower(ON_OBJECTS).some((action) => named.has(action)) ? arns.map((arn) => `${arn}/*`) : []),
  ];
  return wanted.every((arn) => resources.texts.includes(arn)) && resources.texts.every((arn) => wanted.includes(arn));
}

const isWhole = ({ actions, resources }: Statement): boolean => actions.complete && resources.complete;

function judgeStatements(stack: StackView, principal: StackResource, statements: readonly Statement[]): Judgements {
  const { name, urn } = principal;
  const allowing = statements.filter(({ effect }) => effect.state !== "known" || effect.value !== "Deny");
  if (!allowing.every(isFour)) return violated(`${name} may do more than the four actions.`, urn);
  const granted = new Set(allowing.flatMap(({ actions }) => lower(actions.texts)));
  const missing = [ON_BUCKET, ...ON_OBJECTS].filter((action) => !granted.has(action.toLowerCase()));
  if (!allowing.every(isWhole)) return unverified(`What ${name} may do is`, urn);
  if (missing.length > 0) return violated(`${name} lacks ${missing.join(", ")}.`, urn);
  const arns = arnsOf(bucketsOf(stack, principal));
  if (arns === undefined) return unverified(`The bucket that ${name} may use is`, urn);
  return allowing.every((statement) => fits(statement, arns))
    ? []
    : violated(
        `${name} must have ${ON_BUCKET} on the bucket of the files, and the others on its objects, and nothing else.`,
        urn,
      );
}

/** The buckets of the component that the principal belongs to. */
const bucketsOf = (stack: StackView, principal: StackResource): readonly StackResource[] => {
  const files = componentOf(stack, principal, FILES);
  return fileBuckets(stack).filter((bucket) => componentOf(stack, bucket, FILES) === files);
};

/** A reference tells another bucket from the right one while no ARN is known. */
function aboutOtherBuckets(stack: StackView, principal: StackResource, policies: readonly StackResource[]): boolean {
  const own = bucketsOf(stack, principal);
  return policies.some((policy) => stack.referredBy(policy, BUCKET, "policy").some((bucket) => !own.includes(bucket)));
}

function judgePrincipal(stack: StackView, principal: StackResource): Judgements {
  const { name, urn } = principal;
  const { policies, judgements } = heldBy(stack, principal);
  if (judgements.length > 0) return judgements;
  if (aboutOtherBuckets(stack, principal, policies)) {
    return violated(`A policy of ${name} is about a bucket that does not hold the files of the application.`, urn);
  }
  const documents = policies.map(({ props }) => readStatements(props, "policy"));
  if (documents.some(({ state }) => state === "unknown")) return unverified(`What ${name} may do is`, urn);
  if (documents.some(({ state }) => state !== "known")) return violated(`A policy of ${name} is no document.`, urn);
  return judgeStatements(
    stack,
    principal,
    documents.flatMap((document) => (document.state === "known" ? document.value : [])),
  );
}

const appFourActions: StackRule = {
  scope: "stack",
  name: "app-four-actions",
  description: "The application may list, read, write and delete in its bucket, and do nothing else in AWS.",
  why: "Its keys are the first that an intruder gets; these four actions are what the documents name, and all it needs.",
  remedy:
    "Attach one policy of the stack with `s3:ListBucket` on the ARN of the bucket and `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on that ARN with `/*`, and nothing more.",
  ids: ["S1-80", "C-27"],
  levels: ALWAYS,
  check: (stack) =>
    stack
      .ofType(...Object.keys(GRANTS))
      .filter((one) => componentOf(stack, one, PRINCIPAL) !== undefined)
      .flatMap((principal) => judgePrincipal(stack, principal)),
};

/** What is asked of the application's own principal. */
export const appPrincipalRules: readonly Rule[] = [appFourActions];

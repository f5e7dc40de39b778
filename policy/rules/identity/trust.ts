import type { Answer } from "../../checks/answer";
import { eachAllowing } from "../../checks/document";
import { type Judgements, unverified, violated } from "../../checks/property";
import { conditionTexts, demanding, isNarrow, type Statement } from "../../reading/document";
import type { Texts } from "../../reading/reader";
import { ALWAYS, type ResourceRule, type Rule } from "../../rule";

/**
 * Services that work for many accounts and say for whom when they take on a role (their user guides, "confused deputy"). Others,
 * such as EKS, EC2 and AWS Backup, say nothing, and a condition would shut them out.
 */
const DEPUTIES = [
  "monitoring.rds.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
  "pods.eks.amazonaws.com",
  "scheduler.amazonaws.com",
  "pipes.amazonaws.com",
];

/** Conditions that bind a service to this account, or to one workload of a cluster. */
const SOURCES = [
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOrgID",
  "aws:RequestTag/kubernetes-service-account",
  "aws:RequestTag/kubernetes-namespace",
  "aws:RequestTag/eks-cluster-arn",
  "sts:ExternalId",
];

/** Conditions that bind another account to somebody in it. */
const CALLERS = ["sts:ExternalId", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalTag/role"];

/** Whether one of these keys is held to a value that not everything meets. */
function bound(statement: Statement, keys: readonly string[], narrow: (text: string) => boolean = isNarrow): Answer {
  const found = keys.map((key): Texts => conditionTexts(demanding(statement), key));
  if (found.some(({ texts }) => texts.length > 0 && texts.every(narrow))) return "yes";
  return found.some(({ complete }) => !complete) ? "unknown" : "no";
}

const answer = (held: Answer, where: string, message: string): Judgements => {
  if (held === "yes") return [];
  return held === "unknown" ? unverified(`The condition in ${where} is`) : violated(`${where} ${message}.`);
};

/** The issuer behind a principal of web identity; undefined for SAML. */
const issuerOf = (principal: string): string | undefined =>
  /^Federated:(?:arn:aws[^:]*:iam::\d*:oidc-provider\/)?([^:]+\.[^:]+)$/.exec(principal)?.[1];

/** A subject names somebody when no star stands before its last part: `repo:*` is every repository there is. */
const isSubject = (text: string): boolean => isNarrow(text) && !/^(repo|system:serviceaccount|[^:]*):[*?]/.test(text);

function judgePrincipal(statement: Statement, principal: string, where: string): Judgements {
  if (principal === "*" || principal === "AWS:*")
    return answer(bound(statement, ["aws:PrincipalOrgID"]), where, "lets everybody take on the role");
  if (principal.startsWith("Service:") && DEPUTIES.includes(principal.slice("Service:".length)))
    return answer(bound(statement, SOURCES), where, "lets a service take on the role for any account");
  if (/^AWS:(\d{12}|arn:aws[^:]*:iam::\d{12}:root)$/.test(principal))
    return answer(bound(statement, CALLERS), where, "lets a whole account take on the role");
  const issuer = issuerOf(principal);
  if (issuer === undefined) return [];
  const subject = bound(statement, [`${issuer}:sub`], isSubject);
  return subject === "yes"
    ? answer(bound(statement, [`${issuer}:aud`]), where, "does not say for whom a token must be (`aud`)")
    : answer(subject, where, "does not say whose token it takes (`sub`)");
}

function judgeStatement(statement: Statement, where: string): Judgements {
  const { principals, notPrincipals } = statement;
  if (notPrincipals.texts.length > 0 || !notPrincipals.complete)
    return violated(`${where} lets everybody but some take on the role (\`NotPrincipal\`).`);
  const judgements = principals.texts.flatMap((principal) => judgePrincipal(statement, principal, where));
  return principals.complete ? judgements : [...judgements, ...unverified(`A principal in ${where} is`)];
}

const trustScoped: ResourceRule = {
  scope: "resource",
  name: "iam-trust-scoped",
  description: "A role is taken on by those alone that it was made for.",
  why: "A service or an issuer of tokens works for everybody: without a condition, somebody else's order or token opens the role, too.",
  remedy:
    "Add a condition: `aws:SourceAccount` and `aws:SourceArn` for a service, the request tags of one service account for EKS pods, `sub` and `aud` for OIDC, `sts:ExternalId` for another account.",
  ids: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358", "C-27"],
  levels: ALWAYS,
  types: ["aws:iam/role:Role"],
  check: ({ props }) => eachAllowing(props, ["assumeRolePolicy"], judgeStatement),
};

/** Who may take on roles. */
export const trustRules: readonly Rule[] = [trustScoped];

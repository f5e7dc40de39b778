import { type Refusal, UNKNOWN } from "../model";

/** Where a policy stands: on a principal, on a resource, or as the trust of a role. */
export type PolicyKind = "identity" | "resource" | "trust";

const VERSIONS = ["2012-10-17", "2008-10-17"];
const PRINCIPAL_KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];
const ACTION = /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/;
const OPERATOR =
  /^(ForAnyValue:|ForAllValues:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?Equals|NumericLessThan(Equals)?|NumericGreaterThan(Equals)?|Date(Not)?Equals|DateLessThan(Equals)?|DateGreaterThan(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

/** Keys of a statement (IAM user guide, "Grammar of the IAM JSON policy language"). */
const KEYS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/** Characters that a policy may have, white space not counted (IAM quotas; bucket policies: 20 KB). */
const LIMITS: Readonly<Record<PolicyKind, number>> = { identity: 6144, resource: 20_480, trust: 2048 };

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);

/** One value or a list of them. */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The statements of a policy that can be read; empty for one that is not known yet or is no policy. */
export function statementsOf(policy: unknown): readonly Part[] {
  const document = parsed(policy);
  return isPart(document) ? listOf(document.Statement).filter(isPart) : [];
}

/** What IAM would answer with MalformedPolicyDocument (S3: MalformedPolicy). A policy that is not known yet is left alone. */
export function refusedPolicy(property: string, policy: unknown, kind: PolicyKind): Refusal[] {
  if (policy === UNKNOWN || policy === undefined) return [];
  const reasons = wrongIn(policy, kind);
  return reasons.map((reason) => ({ property, reason: `MalformedPolicyDocument: ${reason}` }));
}

function parsed(policy: unknown): unknown {
  if (typeof policy !== "string") return policy;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

function wrongIn(policy: unknown, kind: PolicyKind): string[] {
  const document = parsed(policy);
  if (!isPart(document)) return ["it is no JSON object"];
  if (document === UNKNOWN) return [];
  const size = JSON.stringify(document).length;
  const statements = listOf(document.Statement);
  return [
    ...(VERSIONS.includes(String(document.Version)) ? [] : [`Version must be ${VERSIONS[0]}`]),
    ...(statements.length > 0 ? [] : ["Statement is missing"]),
    ...(size <= LIMITS[kind] ? [] : [`it has ${size} characters; ${LIMITS[kind]} are allowed`]),
    ...statements.flatMap((statement, index) =>
      wrongStatement(statement, kind).map((reason) => `statement ${index + 1}: ${reason}`),
    ),
  ];
}

function wrongStatement(statement: unknown, kind: PolicyKind): string[] {
  if (!isPart(statement)) return ["it is no object"];
  const actions = [...listOf(statement.Action), ...listOf(statement.NotAction)];
  const hasResource = statement.Resource !== undefined || statement.NotResource !== undefined;
  const hasPrincipal = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
  return [
    ...Object.keys(statement)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `${key} is no part of a statement`),
    ...(["Allow", "Deny"].includes(String(statement.Effect)) ? [] : ["Effect must be Allow or Deny"]),
    ...(actions.length > 0 ? [] : ["Action is missing"]),
    ...actions.filter((action) => !ACTION.test(String(action))).map((action) => `${String(action)} is no action`),
    ...(kind === "trust" || hasResource ? [] : ["Resource is missing"]),
    ...(kind === "trust" && hasResource ? ["a trust policy has no Resource"] : []),
    ...(kind === "identity" || hasPrincipal ? [] : ["Principal is missing"]),
    ...(kind === "identity" && hasPrincipal ? ["a policy of a principal should not specify a Principal"] : []),
    ...wrongPrincipal(statement.Principal),
    ...listOf(statement.Resource)
      .filter((resource) => resource !== UNKNOWN && !/^(\*|arn:)/.test(String(resource)))
      .map((resource) => `Resource ${String(resource)} is no ARN`),
    ...wrongCondition(statement.Condition),
  ];
}

function wrongPrincipal(principal: unknown): string[] {
  if (principal === undefined || principal === "*" || principal === UNKNOWN) return [];
  if (!isPart(principal)) return ["Principal must be * or name its kind, such as Service"];
  return Object.entries(principal).flatMap(([kind, values]) => {
    if (!PRINCIPAL_KINDS.includes(kind)) return [`${kind} is no kind of principal`];
    const wrong = listOf(values).filter((value) => value !== UNKNOWN && !isPrincipal(kind, String(value)));
    return wrong.map((value) => `Invalid principal in policy: ${kind} ${String(value)}`);
  });
}

const isPrincipal = (kind: string, value: string): boolean => {
  if (kind === "Service") return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(value);
  if (kind === "AWS") return /^(\*|\d{12}|arn:aws:(iam|sts)::\d{12}:.+)$/.test(value);
  return value !== "";
};

function wrongCondition(condition: unknown): string[] {
  if (condition === undefined || condition === UNKNOWN) return [];
  if (!isPart(condition)) return ["Condition is no object"];
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!OPERATOR.test(operator)) return [`${operator} is no condition operator`];
    return isPart(keys) ? [] : [`the condition ${operator} names no key`];
  });
}

import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, resource } from "./cases";
import { caseOf } from "./oneCase";

const role = (assumeRolePolicy: Value) => resource("aws:iam/role:Role", { assumeRolePolicy });
const statement = (Principal: Value, Condition?: Value): Value => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...(Condition === undefined ? {} : { Condition }),
});
const trusts = (...statements: readonly Value[]): Value => JSON.stringify({ Statement: statements });
const equals = (values: Value): Value => ({ StringEquals: values });

const passes = (title: string, principal: Value, condition?: Value): Case =>
  caseOf("pass", title, role(trusts(statement(principal, condition))));
const fails = (title: string, principal: Value, condition?: Value): Case =>
  caseOf("fail", title, role(trusts(statement(principal, condition))), "violated");

const EC2 = { Service: "ec2.amazonaws.com" };
const PODS = { Service: "pods.eks.amazonaws.com" };
const FLOW_LOGS = { Service: "vpc-flow-logs.amazonaws.com" };
const ACCOUNT = { AWS: "arn:aws:iam::123456789012:root" };
const ISSUER = "token.actions.githubusercontent.com";
const GITHUB = { Federated: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}` };
const AUDIENCE = { [`${ISSUER}:aud`]: "sts.amazonaws.com" };
const subject = (sub: Value): Value => ({ ...AUDIENCE, [`${ISSUER}:sub`]: sub });
const EKS_ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/ABC";
const EKS = { Federated: `arn:aws:iam::123456789012:oidc-provider/${EKS_ISSUER}` };

const DEPUTIES: readonly Case[] = [
  passes("a service that works for its own account only", EC2),
  ...["monitoring.rds", "vpc-flow-logs", "pods.eks", "scheduler", "pipes"].map((name) =>
    fails(`${name} for any account`, { Service: `${name}.amazonaws.com` }),
  ),
  ...["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "sts:ExternalId"].map((key) =>
    passes(key, FLOW_LOGS, equals({ [key]: "123456789012" })),
  ),
  ...["service-account", "namespace"].map((tag) =>
    passes(`the ${tag} of pods`, PODS, equals({ [`aws:RequestTag/kubernetes-${tag}`]: "aibase" })),
  ),
  passes("the cluster of pods", PODS, equals({ "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:cluster" })),
  passes("a pattern", FLOW_LOGS, { ArnLike: { "aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*" } }),
  fails("a condition that everything meets", FLOW_LOGS, equals({ "aws:SourceAccount": "*" })),
  fails("one value of two that everything meets", FLOW_LOGS, equals({ "aws:SourceAccount": ["123456789012", "*"] })),
  fails("a condition that is empty", FLOW_LOGS, equals({ "aws:SourceAccount": [] })),
  fails("a condition by exclusion", FLOW_LOGS, { StringNotEquals: { "aws:SourceAccount": "123456789012" } }),
  fails("a condition that absence meets", FLOW_LOGS, { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } }),
  fails("a condition on absence", FLOW_LOGS, { Null: { "aws:SourceAccount": "false" } }),
  fails("one of two services", { Service: ["ec2.amazonaws.com", "scheduler.amazonaws.com"] }),
];

const TRUST: readonly Case[] = [
  ...DEPUTIES,
  passes("a role of an account", { AWS: "arn:aws:iam::123456789012:role/deploy" }),
  passes("an account with an external id", ACCOUNT, equals({ "sts:ExternalId": "abc" })),
  passes("an account, one role of it", ACCOUNT, {
    ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/x" },
  }),
  passes("an organisation", { AWS: "*" }, equals({ "aws:PrincipalOrgID": "o-abc" })),
  fails("everybody", "*"),
  fails("every account", { AWS: "*" }, equals({ "aws:PrincipalArn": "arn:aws:iam::123456789012:role/x" })),
  fails("a whole account", ACCOUNT),
  fails("a whole account by its number", { AWS: "123456789012" }),
  passes("eleven digits are no account", { AWS: "12345678901" }),
  passes("SAML", { Federated: "arn:aws:iam::123456789012:saml-provider/login" }),
  passes("one branch", GITHUB, equals(subject("repo:owner/name:ref:refs/heads/main"))),
  passes("one repository", GITHUB, { StringEquals: AUDIENCE, StringLike: { [`${ISSUER}:sub`]: "repo:owner/name:*" } }),
  passes(
    "a service account",
    EKS,
    equals({ [`${EKS_ISSUER}:sub`]: "system:serviceaccount:ns:name", [`${EKS_ISSUER}:aud`]: "sts" }),
  ),
  passes("an issuer by its name", { Federated: ISSUER }, equals(subject("repo:owner/name:ref"))),
  fails("every token", GITHUB),
  fails("an issuer by its name, every token", { Federated: "accounts.example.com" }),
  fails("every subject", GITHUB, equals(subject("*"))),
  fails("every repository", GITHUB, { StringLike: subject("repo:*") }),
  fails("every service account", EKS, { StringLike: { [`${EKS_ISSUER}:sub`]: "system:serviceaccount:*:*" } }),
  fails("the subject of another issuer", GITHUB, equals({ ...AUDIENCE, "other:sub": "repo:owner/name" })),
  {
    ...fails("no audience", GITHUB, equals({ [`${ISSUER}:sub`]: "repo:owner/name:ref" })),
    says: ["for whom a token must be"],
    hides: ["owner/name"],
  },
  {
    ...caseOf("fail", "the second statement", role(trusts(statement(EC2), statement("*"))), "violated"),
    says: ["`assumeRolePolicy`, statement 2 lets everybody"],
  },
  caseOf("fail", "everybody but one", role(trusts({ Effect: "Allow", NotPrincipal: ACCOUNT })), "violated"),
  caseOf(
    "fail",
    "everybody but an unknown",
    role({ Statement: [{ Effect: "Allow", NotPrincipal: UNKNOWN }] }),
    "violated",
  ),
  caseOf("pass", "everybody is denied", role(trusts({ Effect: "Deny", Principal: "*" }))),
  caseOf("absent", "no policy", role(null), "violated"),
  caseOf("wrong type", "no document", role("x"), "violated"),
  caseOf("unknown", "the policy", role(UNKNOWN), "unverified"),
  caseOf("unknown", "an effect", role({ Statement: [{ Effect: UNKNOWN, Principal: "*" }] }), "unverified"),
  caseOf("unknown", "a principal", role({ Statement: [statement({ AWS: UNKNOWN })] }), "unverified"),
  caseOf(
    "unknown",
    "a principal beside everybody",
    role({ Statement: [statement({ AWS: ["*", UNKNOWN] })] }),
    "violated",
    "unverified",
  ),
  caseOf(
    "unknown",
    "the account",
    role({ Statement: [statement(FLOW_LOGS, equals({ "aws:SourceAccount": UNKNOWN }))] }),
    "unverified",
  ),
  caseOf("unknown", "the condition", role({ Statement: [statement(FLOW_LOGS, UNKNOWN)] }), "unverified"),
  caseOf(
    "unknown",
    "the audience",
    role({ Statement: [statement(GITHUB, equals({ [`${ISSUER}:aud`]: UNKNOWN, [`${ISSUER}:sub`]: "repo:a/b:ref" }))] }),
    "unverified",
  ),
  caseOf("unknown", "the subject", role({ Statement: [statement(GITHUB, equals(subject(UNKNOWN)))] }), "unverified"),
  caseOf("secret", "a secret policy", role(new Secret(trusts(statement("*")))), "violated"),
];

export const CASES: Cases = { "iam-trust-scoped": TRUST };

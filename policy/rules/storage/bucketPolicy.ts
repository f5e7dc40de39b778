import { mustNotAdmitEverybody } from "../../checks/document";
import { type Judgements, unverified, violated } from "../../checks/property";
import { conditionTexts, coversAction, namesEverybody, readStatements, type Statement } from "../../reading/document";
import { leaves, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ALWAYS, type ResourceRule, type Rule } from "../../rule";

const SECURE_TRANSPORT = "aws:securetransport";
const TYPES = ["aws:s3/bucketPolicy:BucketPolicy"];

/** Patterns of resources have the same signs as those of actions. */
const covers = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => coversAction(pattern, text));

/** Whether the condition of a statement is that the connection is not encrypted, and nothing more. */
function asksForTls({ condition }: Statement): boolean {
  const [end, ...others] = condition.state === "known" ? leaves(condition.value) : [];
  if (end === undefined || others.length > 0) return false;
  const [operator = "", key = ""] = end.path;
  return (
    /^Bool(IfExists)?$/i.test(String(operator)) &&
    String(key).toLowerCase() === SECURE_TRANSPORT &&
    String(end.value).toLowerCase() === "false"
  );
}

/** The ARNs that a bucket may have by its name, or, while that is not known, those that the statement names. */
function arnsOf(bucket: string | undefined, { resources }: Statement): readonly string[] {
  if (bucket === undefined) return resources.texts.filter((text) => !text.includes("/"));
  return ["aws", "aws-cn", "aws-us-gov"].map((partition) => `arn:${partition}:s3:::${bucket}`);
}

const isDenial = ({ effect }: Statement): boolean => effect.state === "known" && effect.value === "Deny";

function refusesPlain(statement: Statement, bucket: string | undefined): boolean {
  const { actions, resources } = statement;
  return (
    isDenial(statement) &&
    namesEverybody(statement) &&
    covers(actions.texts, "s3:*") &&
    arnsOf(bucket, statement).some((arn) => covers(resources.texts, arn) && covers(resources.texts, `${arn}/*`)) &&
    asksForTls(statement)
  );
}

/** Whether a part that is not known yet may make a statement the one that is looked for. */
function mayRefusePlain(statement: Statement): boolean {
  const { effect, actions, resources, principals } = statement;
  if (effect.state !== "known") return effect.state === "unknown";
  const parts = [actions, resources, principals, conditionTexts(statement, SECURE_TRANSPORT)];
  return isDenial(statement) && parts.some(({ complete }) => !complete);
}

function mustRefusePlain(props: Value): Judgements {
  const statements = readStatements(props, "policy");
  if (statements.state === "unknown") return unverified("`policy` is");
  if (statements.state !== "known") return violated("`policy` is no policy document.");
  const name = readText(props, "bucket");
  const bucket = name.state === "known" ? name.value : undefined;
  if (statements.value.some((statement) => refusesPlain(statement, bucket))) return [];
  return statements.value.some(mayRefusePlain)
    ? unverified("A part of `policy` is")
    : violated("No statement of `policy` refuses every connection without TLS to the bucket and to its objects.");
}

const s3TlsOnly: ResourceRule = {
  scope: "resource",
  name: "s3-tls-only",
  description: "A bucket refuses connections that are not encrypted.",
  why: "S3 answers plain HTTP too; then files and signed addresses can be read on the way.",
  remedy:
    'Add a Deny of `s3:*` for principal `*` on the ARN of the bucket and on that ARN with `/*`, with the condition `Bool: {"aws:SecureTransport": "false"}` alone.',
  ids: ["S3.5", "CKV_AWS_379", "C-27", "S1-79", "CIS-AWS 3.1.1"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustRefusePlain(props),
};

const s3PolicyPrivate: ResourceRule = {
  scope: "resource",
  name: "s3-policy-private",
  description: "No bucket policy lets everybody in.",
  why: "With principal `*` and no condition on who, the files of all users are on the internet.",
  remedy:
    "Name the principals, or narrow the statement by `aws:SourceArn` (one distribution) or `aws:PrincipalOrgID`; serve public files through the CDN.",
  ids: ["S3.2", "S3.3", "CKV_AWS_70", "CIS-AWS 2.21"],
  levels: ALWAYS,
  types: TYPES,
  check: ({ props }) => mustNotAdmitEverybody(props, "policy"),
};

/** What is asked of the policy of a bucket. */
export const bucketPolicyRules: readonly Rule[] = [s3TlsOnly, s3PolicyPrivate];

import { type Path, type Reading, read, readList, readStructure, readText, readTexts, type Texts } from "./reader";
import { toValue, type Value } from "./value";

/** A statement of an IAM, bucket, key, topic or vault policy, with its one-or-many forms made alike. */
export interface Statement {
  readonly sid: string;
  readonly effect: Reading<string>;
  readonly actions: Texts;
  /** `NotAction`: everything but these. */
  readonly notActions: Texts;
  readonly resources: Texts;
  readonly notResources: Texts;
  /** `*`, or kind and value such as `AWS:arn:aws:iam::123456789012:root` or `Service:sns.amazonaws.com`. */
  readonly principals: Texts;
  readonly notPrincipals: Texts;
  /** Operator → key → values; empty when there is none. */
  readonly condition: Reading<{ readonly [operator: string]: Value }>;
}

/**
 * Reads a policy document: JSON text, or the same as a structure. `mistyped` is what is no document, and also a document
 * without a list of statements.
 */
export function readStatements(from: Value, ...path: Path): Reading<readonly Statement[]> {
  const text = readText(from, ...path);
  if (text.state === "unknown" || text.state === "absent") return text;
  const document = text.state === "known" ? parsed(text.value) : from;
  const inside: Path = text.state === "known" ? ["Statement"] : [...path, "Statement"];
  const many = readList(document, ...inside);
  if (many.state === "unknown") return many;
  const one = readStructure(document, ...inside);
  const statements = many.state === "known" ? many.value : one.state === "known" ? [one.value] : undefined;
  if (statements === undefined) return { state: "mistyped" };
  if (statements.some((statement) => read(statement).state === "unknown")) return { state: "unknown", secret: false };
  return { state: "known", value: statements.map(statementOf), secret: text.state === "known" && text.secret };
}

function parsed(text: string): Value {
  try {
    return toValue(JSON.parse(text));
  } catch {
    return null;
  }
}

function statementOf(statement: Value): Statement {
  const sid = readText(statement, "Sid");
  return {
    sid: sid.state === "known" ? sid.value : "",
    effect: readText(statement, "Effect"),
    actions: readTexts(statement, "Action"),
    notActions: readTexts(statement, "NotAction"),
    resources: readTexts(statement, "Resource"),
    notResources: readTexts(statement, "NotResource"),
    principals: principalsOf(statement, "Principal"),
    notPrincipals: principalsOf(statement, "NotPrincipal"),
    condition: readStructure(statement, "Condition"),
  };
}

function principalsOf(statement: Value, key: string): Texts {
  const kinds = readStructure(statement, key);
  if (kinds.state !== "known") return readTexts(statement, key);
  const all = Object.keys(kinds.value).map((kind) => {
    const { texts, complete } = readTexts(kinds.value, kind);
    return { texts: texts.map((text) => `${kind}:${text}`), complete };
  });
  return { texts: all.flatMap(({ texts }) => texts), complete: all.every(({ complete }) => complete) };
}

/** True for a statement that lets anybody in: principal `*`, or every AWS account. */
export const namesEverybody = ({ principals }: Statement): boolean =>
  principals.texts.some((principal) => principal === "*" || principal === "AWS:*");

/** True when an action pattern such as `s3:Get*` or `*` covers an action. Neither has upper and lower case apart. */
export function coversAction(pattern: string, action: string): boolean {
  const form = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${form}$`).test(action.toLowerCase());
}

/** The same statement with those conditions only that demand something; `StringNotEquals` and `...IfExists` bind nobody. */
export function demanding(statement: Statement): Statement {
  const { condition } = statement;
  if (condition.state !== "known") return statement;
  const entries = Object.entries(condition.value).filter(([operator]) => !/not|ifexists$|^null$/i.test(operator));
  return { ...statement, condition: { ...condition, value: Object.fromEntries(entries) } };
}

/** False for a value that everything meets, such as `*`. */
export const isNarrow = (text: string): boolean => !/^[*?:]*$/.test(text);

/** The values of one condition key, whatever the operator; the key's case does not count. */
export function conditionTexts({ condition }: Statement, key: string): Texts {
  if (condition.state === "unknown") return { texts: [], complete: false };
  if (condition.state !== "known") return { texts: [], complete: true };
  const found = Object.keys(condition.value).flatMap((operator) => {
    const keys = readStructure(condition.value, operator);
    if (keys.state === "unknown") return [{ texts: [], complete: false }];
    if (keys.state !== "known") return [];
    return Object.keys(keys.value)
      .filter((name) => name.toLowerCase() === key.toLowerCase())
      .map((name) => readTexts(keys.value, name));
  });
  return { texts: found.flatMap(({ texts }) => texts), complete: found.every(({ complete }) => complete) };
}

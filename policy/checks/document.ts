import {
  conditionTexts,
  demanding,
  isNarrow,
  namesEverybody,
  readStatements,
  type Statement,
} from "../reading/document";
import type { Path } from "../reading/reader";
import type { Value } from "../reading/value";
import { type Judgements, shown, unlessAbsent, unverified, violated } from "./property";

/** Conditions that narrow "everybody" to those of one account, organisation, network or distribution. */
const NARROWING = [
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOwner",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "kms:CallerAccount",
] as const;

/** The policy at a path must let nobody in without a condition that says who. A policy that is left out admits nobody. */
export const mustNotAdmitEverybody = (from: Value, ...path: Path): Judgements =>
  unlessAbsent(from, path, eachAllowing(from, path, judgeAdmitted));

/** What is judged of each statement of a policy document that does not deny. There must be a document. */
export function eachAllowing(
  from: Value,
  path: Path,
  judge: (statement: Statement, where: string) => Judgements,
): Judgements {
  const statements = readStatements(from, ...path);
  if (statements.state === "unknown") return unverified(shown(path));
  if (statements.state !== "known") return violated(`${shown(path)} is no policy document.`);
  return statements.value.flatMap((statement, index) => {
    const where = `${shown(path)}, statement ${index + 1}`;
    const { effect } = statement;
    if (effect.state === "unknown") return unverified(`The effect in ${where} is`);
    return effect.state === "known" && effect.value === "Deny" ? [] : judge(statement, where);
  });
}

function judgeAdmitted(statement: Statement, where: string): Judgements {
  const { principals, notPrincipals } = statement;
  // `NotPrincipal` in an Allow admits everybody but those named.
  const everybody = namesEverybody(statement) || notPrincipals.texts.length > 0 || !notPrincipals.complete;
  if (!everybody) return principals.complete ? [] : unverified(`The principals in ${where} are`);
  const narrowing = NARROWING.map((key) => conditionTexts(demanding(statement), key));
  if (narrowing.some(({ texts }) => texts.length > 0 && texts.every(isNarrow))) return [];
  if (narrowing.some(({ complete }) => !complete)) return unverified(`The condition in ${where} is`);
  return violated(`${where} lets everybody in without a condition on account, organisation or source.`);
}

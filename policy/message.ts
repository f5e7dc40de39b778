import type { Judgement, RuleInfo } from "./rule";

const UNVERIFIED = "Unverified: ";

/** The text that the engine shows for a judgement: what is asked, what was found, how to fix it. */
export function writeMessage(rule: RuleInfo, judgement: Judgement): string {
  const unverified = judgement.verdict === "unverified";
  const found = unverified ? `${UNVERIFIED}${judgement.message}` : judgement.message;
  const next = unverified
    ? "Next: it can be decided once `pulumi up` has made the value known."
    : `Fix: ${rule.remedy}`;
  return [rule.description, found, next, `Shows: ${rule.ids.join(", ")}`].join("\n");
}

/** Takes such a text apart again. A text that the rule did not write (an error of the SDK) counts as unverified. */
export function readMessage(rule: RuleInfo, text: string): Pick<Judgement, "verdict" | "message"> {
  const [description, found, ...rest] = text.trimEnd().split("\n");
  if (description !== rule.description || found === undefined || rest.length !== 2) {
    return { verdict: "unverified", message: text.trim() };
  }
  return found.startsWith(UNVERIFIED)
    ? { verdict: "unverified", message: found.slice(UNVERIFIED.length) }
    : { verdict: "violated", message: found };
}

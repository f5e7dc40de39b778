import { EXEMPTIONS_CURRENT, type Exemption, type ExemptionBook } from "./exemptions";
import type { Judgement, RuleInfo } from "./rule";

/** A judgement as it is told: what is exempt is violated, but allowed for a time. */
export type Told = Judgement | Exempted;
interface Exempted {
  readonly verdict: "exempt";
  readonly message: string;
  readonly exemption: Exemption;
}
export type Verdict = Told["verdict"];

/** What is told of a judgement about a resource: an exemption may cover a violation. */
export function toldOf({ name }: RuleInfo, judgement: Judgement, urn: string, exemptions: ExemptionBook): Told {
  const exemption = exemptions.covering(name, urn);
  return judgement.verdict === "violated" && exemption !== undefined
    ? { verdict: "exempt", message: judgement.message, exemption }
    : judgement;
}

const LEADS = { violated: "", unverified: "Unverified: ", exempt: "Exempt: " } as const;

/** The text that the engine shows for a judgement: what is asked, what was found, what to do. */
export function writeMessage(rule: RuleInfo, told: Told): string {
  return [
    rule.description,
    `${LEADS[told.verdict]}${told.message}`,
    next(rule, told),
    `Shows: ${rule.ids.join(", ")}`,
  ].join("\n");
}

function next(rule: RuleInfo, told: Told): string {
  if (told.verdict === "exempt") {
    const { expires, owner, reason } = told.exemption;
    return `Until: ${expires} (${owner}): ${reason}`;
  }
  if (told.verdict === "violated") return `Fix: ${rule.remedy}`;
  return "Next: it can be decided once `pulumi up` has made the value known.";
}

/** What is to be told of the exemptions of a stack, which its own URN names, once everything was judged. */
export function exemptionMessages(exemptions: ExemptionBook, stackUrn: string): readonly string[] {
  const stack = stackUrn.split("::")[0]?.slice("urn:pulumi:".length) ?? "";
  return exemptions
    .problems(stack)
    .map((message) => writeMessage(EXEMPTIONS_CURRENT, { verdict: "violated", message }));
}

/** A message taken apart again. */
export interface ReadMessage {
  readonly verdict: Verdict;
  readonly message: string;
  /** For what is exempt: until when, by whom, and why. */
  readonly exemption?: string;
}

/** Takes such a text apart. A text that the rule did not write (an error of the SDK) counts as unverified. */
export function readMessage(rule: RuleInfo, text: string): ReadMessage {
  const [description, found, then = "", ...rest] = text.trimEnd().split("\n");
  if (description !== rule.description || found === undefined || rest.length !== 1) {
    return { verdict: "unverified", message: text.trim() };
  }
  if (then.startsWith("Fix: ")) return { verdict: "violated", message: found };
  if (then.startsWith("Until: "))
    return { verdict: "exempt", message: found.slice(LEADS.exempt.length), exemption: then.slice("Until: ".length) };
  return { verdict: "unverified", message: found.slice(LEADS.unverified.length) };
}

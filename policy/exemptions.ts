import { existsSync, readFileSync } from "node:fs";
import { type Reading, readList, readStructure, readText } from "./reading/reader";
import { toValue, type Value } from "./reading/value";
import { ALWAYS, type RuleInfo } from "./rule";

/** The file in the folder of the pack. */
export const EXEMPTIONS_FILE = "exemptions.json";

/** One rule that some resources of one stack need not keep, for a time. */
export interface Exemption {
  readonly policy: string;
  /** A URN in which `*` stands for any text; it begins with the stack's own `urn:pulumi:<stack>::`. */
  readonly urn: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds: YYYY-MM-DD, UTC. */
  readonly expires: string;
}

const FIELDS = ["policy", "urn", "reason", "owner", "expires"] as const;

/** Shown like a rule: an exemption that is over, or that nothing needs any more, fails the run. */
export const EXEMPTIONS_CURRENT: RuleInfo = {
  name: "exemptions-current",
  description: "Every exemption of the stack is still needed, and has not expired.",
  why: "An exemption that nobody looks at again is a hole for ever, and one that matches nothing may be a misspelt one.",
  remedy: `Mend what it was for, or take it out of policy/${EXEMPTIONS_FILE}; where it is still right, give it a new day and a reason.`,
  ids: ["C-40"],
  levels: ALWAYS,
};

/** The exemptions of a pack's folder, or what is wrong with the file, as sentences. */
export function readExemptions(file: string, policies: readonly string[]): readonly Exemption[] | InvalidExemptions {
  if (!existsSync(file)) return [];
  let list: Reading<readonly Value[]>;
  try {
    list = readList(toValue(JSON.parse(readFileSync(file, "utf8"))));
  } catch {
    list = { state: "mistyped" };
  }
  if (list.state !== "known")
    return new InvalidExemptions([`it must be a JSON list of objects with ${FIELDS.join(", ")}`]);
  const problems = list.value.flatMap((item, index) =>
    problemsOf(item, policies).map((text) => `entry ${index + 1} ${text}`),
  );
  return problems.length > 0 ? new InvalidExemptions(problems) : list.value.map(exemptionOf);
}

/** What is wrong with an exemptions file. */
export class InvalidExemptions {
  constructor(readonly problems: readonly string[]) {}
}

const field = (item: Value, name: (typeof FIELDS)[number]): string => {
  const reading = readText(item, name);
  return reading.state === "known" ? reading.value.trim() : "";
};

function problemsOf(item: Value, policies: readonly string[]): readonly string[] {
  const structure = readStructure(item);
  if (structure.state !== "known") return [`must have the fields ${FIELDS.join(", ")}`];
  const unknown = Object.keys(structure.value).filter((key) => !FIELDS.some((name) => name === key));
  const missing = FIELDS.filter((name) => field(item, name) === "");
  const problems = [
    ...unknown.map((key) => `has the field \`${key}\`; it may have ${FIELDS.join(", ")}`),
    ...missing.map((name) => `lacks \`${name}\`, which must be text`),
  ];
  if (problems.length > 0) return problems;
  if (!policies.includes(field(item, "policy")))
    problems.push("names a policy that does not exist; docs/policies.md lists them");
  if (!/^urn:pulumi:[^*:]+::/.test(field(item, "urn")))
    problems.push("must name its stack: `urn` begins with `urn:pulumi:<stack>::`");
  if (!isDay(field(item, "expires"))) problems.push('must name its last day as `"expires": "YYYY-MM-DD"`');
  if (/\n/.test(field(item, "reason"))) problems.push("must give its reason in one line");
  return problems;
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

const exemptionOf = (item: Value): Exemption => ({
  policy: field(item, "policy"),
  urn: field(item, "urn"),
  reason: field(item, "reason"),
  owner: field(item, "owner"),
  expires: field(item, "expires"),
});

/** The exemptions of one run, and which of them were needed. */
export class ExemptionBook {
  readonly #matched = new Set<Exemption>();

  /** @param today YYYY-MM-DD, UTC. */
  constructor(
    private readonly exemptions: readonly Exemption[],
    private readonly today = new Date().toISOString().slice(0, 10),
  ) {}

  /** The exemption that covers a finding today. One that has expired covers nothing, but counts as needed. */
  covering(policy: string, urn: string): Exemption | undefined {
    const matching = this.exemptions.filter((one) => one.policy === policy && matches(one.urn, urn));
    for (const one of matching) this.#matched.add(one);
    return matching.find((one) => !this.#expired(one));
  }

  /** What is wrong with the exemptions of a stack, once everything was judged. */
  problems(stack: string): readonly string[] {
    return this.exemptions
      .filter((one) => one.urn.startsWith(`urn:pulumi:${stack}::`))
      .flatMap((one) => {
        const what = `The exemption of ${one.policy} for ${one.urn} (${one.owner})`;
        if (this.#expired(one)) return [`${what} expired on ${one.expires}.`];
        return this.#matched.has(one) ? [] : [`${what} matches no finding.`];
      });
  }

  #expired(exemption: Exemption): boolean {
    return exemption.expires < this.today;
  }
}

/** True for a URN that a pattern stands for, in which `*` is any text. */
export function matches(pattern: string, urn: string): boolean {
  const form = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${form}$`).test(urn);
}

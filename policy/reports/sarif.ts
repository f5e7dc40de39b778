import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result, Run } from "sarif";
import { PACK_NAME } from "../name";
import type { Level, RuleInfo } from "../rule";
import { type PolicyRun, REPORTED } from "../running/findings";
import { type Subject, shortened, subjectsOf, textOf } from "./subjects";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const LEVELS = { mandatory: "error", advisory: "warning", disabled: "none" } as const;

/** Where docs/policies.md can be read; an absolute address, because SARIF wants one. */
export type PageAddress = string | undefined;

/**
 * Runs as a SARIF 2.1.0 log, the form in which code hosts take the findings of tools: a run for each stack, with every
 * rule, and a result for each resource that a rule found something about.
 */
export function renderSarif(runs: readonly PolicyRun[], page?: PageAddress): string {
  const log: Log = { $schema: SCHEMA, version: "2.1.0", runs: runs.map((run) => runOf(run, page)) };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function runOf(run: PolicyRun, page: PageAddress): Run {
  const rules = REPORTED.map((rule) => descriptorOf(rule, levelIn(run, rule), page));
  return {
    tool: { driver: { name: PACK_NAME, rules } },
    // Code hosts keep the results of each category apart, and refuse two runs of one.
    automationDetails: { id: `policies/${run.stack}/` },
    properties: { profile: run.profile, passes: run.passes },
    results: subjectsOf(run.findings).map((subject) => resultOf(run, subject)),
  };
}

const levelIn = ({ outcomes }: PolicyRun, { name }: RuleInfo): Level =>
  outcomes.find(({ policy }) => policy === name)?.level ?? "disabled";

function descriptorOf(rule: RuleInfo, level: Level, page: PageAddress): ReportingDescriptor {
  const { name, description, why, remedy, ids } = rule;
  const shows = `Shows: ${ids.join(", ")}`;
  return {
    id: name,
    shortDescription: { text: description },
    fullDescription: { text: `${description} ${why}` },
    help: {
      text: [`Why: ${why}`, `Fix: ${remedy}`, shows].join("\n"),
      markdown: [`**Why:** ${why}`, `**Fix:** ${remedy}`, shows].join("\n\n"),
    },
    ...(page === undefined ? {} : { helpUri: `${page}#${name}` }),
    defaultConfiguration: { enabled: level !== "disabled", level: LEVELS[level] },
    properties: { tags: [...ids] },
  };
}

function resultOf({ stack }: PolicyRun, subject: Subject): Result {
  const [{ policy, level, verdict, urn, exemption, pass }] = subject;
  return {
    ruleId: policy,
    ruleIndex: REPORTED.findIndex(({ name }) => name === policy),
    level: verdict === "violated" ? LEVELS[level] : "note",
    message: { text: `${shortened(urn)}\n${textOf(subject)}` },
    locations: [
      {
        // A code host shows nothing without a file. What a stack is made of begins with its settings.
        physicalLocation: {
          artifactLocation: { uri: `Pulumi.${encodeURIComponent(stack)}.yaml` },
          region: { startLine: 1 },
        },
        logicalLocations: [{ name: urn.split("::").at(-1) ?? urn, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // The same in every run. GitHub reads only this name; left out, it would take all resources of a stack for one place.
    partialFingerprints: { primaryLocationLineHash: fingerprint(policy, urn) },
    ...(verdict === "exempt"
      ? { suppressions: [{ kind: "external" as const, status: "accepted" as const, justification: exemption ?? "" }] }
      : {}),
    properties: { verdict, pass },
  };
}

const fingerprint = (...parts: readonly string[]): string =>
  `${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32)}:1`;

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMessage } from "../../../policy/message";
import { profileConfig, profileOf } from "../../../policy/profile";
import { RULES } from "../../../policy/rules";
import { readPolicyEvents } from "../../../policy/running/events";
import { TIERS } from "../../../settings/tiers";
import type { CapturedStack } from "../../support/capture";
import type { Project } from "../../support/project";
import type { ReplayRun } from "../../support/replay";

/** What the pack said of a stack. */
export interface Verdict {
  /** Whether the engine refused it. */
  readonly refused: boolean;
  /** Rules that are violated, and at which level. */
  readonly violated: Readonly<Record<string, string>>;
  readonly unverified: readonly string[];
  /** What the engine said is wrong, apart from policies. */
  readonly errors: readonly string[];
}

/** The profile of a stack, by its tier. */
export function profileOfStack({ outputs: { tier } }: CapturedStack) {
  const found = TIERS.find(({ name }) => name === tier);
  if (found === undefined) throw new Error("the stack does not tell its tier");
  return profileOf(found.name);
}

/** The engine's options for the project's pack with the profile of that stack. */
export function packOptions(project: Project, stack: CapturedStack): string[] {
  const config = join(project.outside, `${stack.stack}.policies.json`);
  writeFileSync(config, JSON.stringify(profileConfig(profileOfStack(stack), RULES)));
  return ["--policy-pack", project.at("policy", "pack"), "--policy-pack-config", config];
}

export function verdictOf(stack: CapturedStack, { code, stdout, stderr }: ReplayRun): Verdict {
  const { reports, errors } = readPolicyEvents(stdout);
  const profile = profileOfStack(stack);
  const judged = reports.flatMap(({ policy, message }) => {
    const rule = RULES.find(({ name }) => name === policy);
    return rule === undefined ? [] : [{ policy, level: rule.levels[profile], ...readMessage(rule, message) }];
  });
  const violated = judged.filter(({ verdict }) => verdict === "violated");
  return {
    refused: code !== 0,
    violated: Object.fromEntries(violated.map(({ policy, level }) => [policy, level])),
    unverified: [...new Set(judged.filter(({ verdict }) => verdict === "unverified").map(({ policy }) => policy))],
    errors: stderr.trim() === "" ? errors : [...errors, stderr.trim()],
  };
}

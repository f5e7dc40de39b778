import { over, profileConfig, profileOf } from "../policy/profile";
import { type PolicyRun, REPORTED } from "../policy/running/findings";
import { type Judges, runPolicies } from "../policy/running/run";
import type { Settings } from "../settings";
import { progress } from "./console";
import type { OpenEngine } from "./engine";
import { interrupted } from "./interrupt";
import type { OwnConfig } from "./policyFiles";

/** What a stack is judged by: the profile of its tier, with the regions that its settings name, and what the user says over that. */
export function judgesOf(settings: Settings, own: OwnConfig = {}): Judges {
  const profile = profileOf(settings.tier);
  const regions = [
    ...("region" in settings ? [settings.region] : []),
    ...("secondaryRegion" in settings ? [settings.secondaryRegion] : []),
  ];
  const base = over(profileConfig(profile, REPORTED), { "region-and-tags": { regions } });
  return { profile, config: over(base, own) };
}

/** Judges a stack by a preview with the policy pack, and by its state, in whatever clouds the engine was opened for. */
export async function judge(engine: OpenEngine, stack: string, judges: Judges): Promise<PolicyRun> {
  await engine.prepare(stack, "look");
  progress(`Judging stack ${stack} by the policies of profile ${judges.profile} ...`);
  return runPolicies(stack, judges, async (args, env) => {
    const run = await engine.run(args, { stdio: "pipe", env });
    if (run.interrupted) throw interrupted(`The preview of stack ${stack}`);
    return run;
  });
}

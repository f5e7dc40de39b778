import { type PolicyRun, runPolicies } from "../policy/run";
import { progress } from "./console";
import type { OpenEngine } from "./engine";
import { interrupted } from "./interrupt";

/** Judges a stack by a preview with the policy pack, in whatever clouds the engine was opened for. */
export async function judge(engine: OpenEngine, stack: string): Promise<PolicyRun> {
  await engine.prepare(stack, "look");
  progress(`Previewing stack ${stack} with the policy pack ...`);
  return runPolicies(stack, async (args, env) => {
    const run = await engine.run(args, { stdio: "pipe", env });
    if (run.interrupted) throw interrupted(`The preview of stack ${stack}`);
    return run;
  });
}

import type { Approval, Judgement } from "../guard/finding";
import { judge } from "../guard/judge";
import { parsePreview } from "../guard/previewSteps";
import { urnParts } from "../guard/urn";
import { ExitCode, UserError } from "../settings";
import { progress } from "./console";
import type { OpenEngine } from "./engine";
import { interrupted } from "./interrupt";

/** What the engine is asked for: unchanged resources tell of a lost `protect`, and the single steps of what an earlier run left. */
const GUARDED_PREVIEW = [
  "preview",
  "--refresh",
  "--json",
  "--show-sames",
  "--show-replacement-steps",
  "--non-interactive",
] as const;

/**
 * Previews `up` as the guard wants to see it, and gives the engine's JSON. One that the engine stopped half-way is given too:
 * what it holds by then is judged all the same.
 */
export async function guardedPreview(engine: Pick<OpenEngine, "prepare" | "run">, stack: string): Promise<string> {
  await engine.prepare(stack, "look");
  progress(`Looking at stack ${stack} and at what is really there ...`);
  // The streaming form of the same output is another one, which the environment of a CI may have switched on.
  const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" };
  const run = await engine.run([...GUARDED_PREVIEW, "--stack", stack], { stdio: "pipe", env });
  if (run.interrupted) throw interrupted(`The look at stack ${stack}`);
  if (run.code !== 0 && run.stdout.trim() === "")
    throw new UserError(`The engine made no preview of stack ${stack}:\n${run.stderr.trim()}`, ExitCode.failed);
  return run.stdout;
}

/**
 * Judges the output of `pulumi preview --json`.
 * @throws UserError when it is no preview, or one of another stack.
 */
export function judgePreview(stack: string, previewJson: string, approvals: readonly Approval[] = []): Judgement {
  const preview = parsePreview(previewJson);
  const other = preview.steps.map(({ urn }) => urnParts(urn)?.stack).find((name) => name !== stack);
  if (other !== undefined) throw new UserError(`This is a preview of stack ${other}, not of stack ${stack}.`);
  return judge(preview, approvals);
}

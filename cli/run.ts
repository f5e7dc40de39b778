import { createInterface } from "node:readline/promises";
import { nameOf } from "../guard/urn";
import { ExitCode, type TierName, UserError } from "../settings";
import { progress } from "./console";
import type { OpenEngine, Purpose } from "./engine";
import type { Fate } from "./fate";
import { interrupted } from "./interrupt";
import { type Changes, describePlan, makePlan, type Plan } from "./plan";

export interface RunOptions {
  readonly json: boolean;
  readonly yes: boolean;
  /** The command that was typed, where it is another one than the engine's verb: what a message tells to run again. */
  readonly typed?: string;
}

/** Plans, and throws what stands in the way. Nothing has been changed by then. */
export async function planOrRefuse(engine: OpenEngine, stack: string, purpose: Purpose): Promise<Plan> {
  await engine.prepare(stack, purpose);
  progress(`Looking at stack ${stack} and at what is really there ...`);
  const plan = await makePlan(engine, stack);
  if (plan.errors.length === 0) return plan;
  refuseMissingPlugin(stack, plan.errors);
  throw new UserError(
    [`Stack ${stack} cannot be brought up; nothing was changed.`, ...plan.errors].join("\n"),
    ExitCode.refused,
  );
}

/** The engine names a plugin that it lacks; what to do about it, it does not say. */
function refuseMissingPlugin(stack: string, errors: readonly string[]): void {
  const [, name, version] =
    /no resource plugin 'pulumi-resource-([\w-]+)' found in the workspace at version (v[\d.]+)/.exec(
      errors.join("\n"),
    ) ?? [];
  if (name === undefined) return;
  throw new UserError(
    `The engine lacks the provider ${name} ${version}, so stack ${stack} can neither be previewed nor brought up here; nothing was changed. Where Pulumi's download site can be reached: npm run pulumi -- plugin install resource ${name} ${version}. To see the stack without provider and account: npx ladder rehearse ${stack}.`,
    ExitCode.missing,
  );
}

/** Brings a stack up: looks first, asks where something could be lost, and does nothing when nothing differs. */
export async function bringUp(
  engine: OpenEngine,
  stack: string,
  tier: TierName,
  options: RunOptions,
): Promise<Changes> {
  return carryOutPlan(engine, await planOrRefuse(engine, stack, "up"), stack, tier, options);
}

/** Brings a stack up as it was planned, and asks where something could be lost. */
export async function carryOutPlan(
  engine: OpenEngine,
  plan: Plan,
  stack: string,
  tier: TierName,
  options: RunOptions,
): Promise<Changes> {
  if (plan.nothingToDo) return plan.changes;
  for (const line of describePlan(plan)) progress(line);
  // On tier development nothing that `up` does can remove data, so one command brings it up without a question.
  if (tier !== "development") await consent(`Bring stack ${stack} up?`, `ladder up ${stack}`, options);
  return carryOut(engine, ["up", "--refresh"], stack, options);
}

/** Asks before a stack is taken down. Done first, so that nobody waits for an engine and is refused then. */
export const consentToDestroy = (stack: string, { warning }: Fate, options: RunOptions): Promise<void> =>
  consent(`Take stack ${stack} down? ${warning}`, `ladder destroy ${stack}`, options);

/** Takes a stack down. One that was never made is down already, and that is told. */
export async function takeDown(engine: OpenEngine, stack: string, options: RunOptions): Promise<Changes> {
  if (!(await engine.prepare(stack, "destroy"))) {
    progress(`Stack ${stack} was never brought up: there is nothing to take down.`);
    return {};
  }
  await refuseProtected(engine, stack);
  return carryOut(engine, ["destroy"], stack, options);
}

/** The engine refuses a protected resource only when it comes to it, after it has taken away what is not protected: too late. */
async function refuseProtected(engine: OpenEngine, stack: string): Promise<void> {
  const { deployment } = await engine.json<{
    deployment: { resources?: readonly { urn: string; protect?: boolean }[] };
  }>(["stack", "export", "--stack", stack]);
  const names = (deployment.resources ?? []).filter(({ protect }) => protect).map(({ urn }) => nameOf(urn));
  if (names.length === 0) return;
  throw new UserError(
    `Stack ${stack} is not taken down, and nothing was removed: its protection holds ${names.join(", ")}. To retire the stack, set deletionProtection to false in its settings and bring it up; then it can be taken down.`,
    ExitCode.refused,
  );
}

async function carryOut(
  engine: OpenEngine,
  verb: readonly string[],
  stack: string,
  options: RunOptions,
): Promise<Changes> {
  await engine.settle(stack);
  const args = [...verb, "--skip-preview", "--yes", "--suppress-outputs", "--suppress-progress", "--stack", stack];
  const run = await engine.run(args, { stdio: options.json ? "stderr" : "inherit" });
  if (run.code !== 0) {
    const command = options.typed ?? `ladder ${verb[0]} ${stack}`;
    if (run.interrupted) throw interrupted(command);
    throw new UserError(
      `${command} did not finish. Mend what is told above and run it again: it goes on from where it stopped, and no data was removed.`,
      ExitCode.failed,
    );
  }
  const history = await engine.json<{ resourceChanges?: Changes }[]>([
    "stack",
    "history",
    "--json",
    "--page-size",
    "1",
    "--stack",
    stack,
  ]);
  return history[0]?.resourceChanges ?? {};
}

/** Asks a question that only `y` answers with yes. @throws UserError for any other answer, and where nobody can answer. */
export async function consent(question: string, command: string, { yes, json }: RunOptions): Promise<void> {
  if (yes) return;
  if (json || !process.stdin.isTTY)
    throw new UserError(`${command} asks before it changes anything, and nobody can answer here. Add --yes to go on.`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("Nothing was changed.", ExitCode.refused);
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { nameOf } from "../../guard/urn";
import { renderPolicyRun, renderSummary } from "../../policy/reports/table";
import type { PolicyRun } from "../../policy/running/findings";
import { giveUp } from "../../rehearsal/adopted";
import { FAULT_KINDS, type Fault, type FaultKind } from "../../rehearsal/faults";
import type { CarriedOut } from "../../rehearsal/simulation";
import { ExitCode, UserError } from "../../settings";
import { print, printJson, progress } from "../console";
import { judge, judgesOf } from "../judge";
import { addConfig, addJson } from "../options";
import { changeSummary, describePlan, type Plan } from "../plan";
import { openRehearsal, type RehearsalEngine, type RehearsedStack, rehearsable } from "../rehearsal/engine";
import { type ExportedState, longestChain, orphansOf, resourcesOf } from "../rehearsal/made";
import type { Overrides } from "../rehearsal/overrides";
import { printMade, printPlanned } from "../rehearsal/table";
import { carryOutPlan, planOrRefuse, takeDown } from "../run";

interface Options {
  readonly up: boolean;
  readonly destroy: boolean;
  readonly failAt?: number;
  readonly fault: FaultKind;
  readonly timeScale: number;
  readonly config: Overrides;
  readonly json: boolean;
}

const NOTE =
  "This is a rehearsal: the clouds are simulated on this machine, and nothing real was created, changed or paid for.";

/** `ladder rehearse`: the real engine, the real program and the real policies, against simulated clouds. */
export function addRehearse(program: Command): void {
  const command = program
    .command("rehearse")
    .summary("run a stack against simulated clouds")
    .description(
      "Previews a stack of cloud or Kubernetes resources, judges its policies and, with --up, brings it up: by the real engine, against simulated clouds. Needs no account and no cluster, and costs nothing. What was rehearsed is kept in .ladder/rehearsal, apart from the real stack.",
    )
    .argument("<stack>", "the stack: Pulumi.<stack>.yaml")
    .option("--up", "bring it up in the simulated clouds", false)
    .addOption(new Option("--destroy", "take it down again in the simulated clouds").default(false).conflicts("up"))
    .option("--fail-at <n>", "let the n-th change go wrong, to see that the next run goes on from there", positive)
    .addOption(new Option("--fault <kind>", "how it goes wrong").choices(FAULT_KINDS).default("refused"))
    .option(
      "--time-scale <factor>",
      "seconds to wait for each second that the real cloud typically takes",
      fraction,
      0,
    );
  addJson(addConfig(command)).action(async (stack: string, options: Options) => {
    if (options.failAt !== undefined && !options.up && !options.destroy)
      throw new UserError("--fail-at lets a change go wrong, and a preview changes nothing: add --up or --destroy.");
    await rehearse(rehearsable(stack, options.config), options);
  });
}

async function rehearse(rehearsed: RehearsedStack, options: Options): Promise<void> {
  const carriedOut: CarriedOut[] = [];
  const faults: Fault[] = options.failAt === undefined ? [] : [{ at: options.failAt, kind: options.fault }];
  const engine = await openRehearsal(rehearsed, {
    faults,
    timeScale: options.timeScale,
    onChange: (change) => void carriedOut.push(change),
  });
  try {
    progress(NOTE);
    if (options.destroy) await rehearseDestroy(engine, rehearsed, options);
    else await rehearseUp(engine, rehearsed, options, carriedOut);
  } finally {
    engine.stop();
  }
}

async function rehearseDestroy(engine: RehearsalEngine, { stack }: RehearsedStack, { json }: Options): Promise<void> {
  const changes = await takeDown(engine, stack, {
    json,
    yes: true,
    typed: `ladder rehearse ${stack} --destroy`,
  });
  const state = await exported(engine, stack);
  const kept = orphansOf(state, engine.clouds.world.all()).map(({ urn, id }) => ({ urn, id }));
  giveUp(engine.clouds.world, new Set(kept.map(({ urn }) => urn)));
  if (json) printJson({ stack, rehearsal: true, note: NOTE, changes, resources: resourcesOf(state), kept });
  else {
    print(`Rehearsal of ${stack}: ${changeSummary(changes)}.`);
    if (kept.length > 0) print(`Kept on purpose: ${kept.map(({ urn }) => nameOf(urn)).join(", ")}.`);
  }
}

async function rehearseUp(
  engine: RehearsalEngine,
  { stack, settings }: RehearsedStack,
  options: Options,
  carriedOut: readonly CarriedOut[],
): Promise<void> {
  const { json } = options;
  const { tier } = settings;
  const [plan, previewSeconds] = await timed(() => planOrRefuse(engine, stack, "look"));
  const [policies, policySeconds] = await timed(() => judge(engine, stack, judgesOf(settings)));
  const common = { stack, tier, rehearsal: true, note: NOTE };
  const durations = { previewSeconds, policySeconds };
  if (!json) {
    // With --up, carrying it out tells the same lines.
    if (!options.up) for (const line of describePlan(plan)) print(line);
    print(renderPolicyRun(policies));
  }
  if (policies.refused || !options.up) {
    if (json) printJson({ ...common, policies, ...previewed(plan), durations });
    refuseViolated(policies);
    if (!json) printPlanned(stack, plan);
    return;
  }
  const [changes, upSeconds] = await timed(() =>
    carryOutPlan(engine, plan, stack, tier, { json, yes: true, typed: `ladder rehearse ${stack} --up` }),
  );
  const decided = await judge(engine, stack, judgesOf(settings));
  const state = await exported(engine, stack);
  const outputs = await engine.json<Record<string, unknown>>(["stack", "output", "--json", "--stack", stack]);
  const seconds = new Map(carriedOut.map(({ urn, cloudSeconds }) => [urn, cloudSeconds]));
  const chain = longestChain(state, (urn) => seconds.get(urn) ?? 0);
  const orphans = orphansOf(state, engine.clouds.world.all()).map(({ urn, id }) => ({ urn, id }));
  if (json)
    printJson({
      ...common,
      policies: decided,
      changes,
      resources: resourcesOf(state),
      outputs,
      orphans,
      durations: {
        ...durations,
        upSeconds,
        realCloud: { longestChainSeconds: chain.seconds, longestChain: chain.urns },
      },
    });
  else printMade({ stack, tier, changes, resources: resourcesOf(state), outputs, chain, orphans: orphans.length });
  if (!json) {
    // All that is known now was shown before, except what only `up` could make known.
    print(decided.findings.length > 0 ? renderPolicyRun(decided) : renderSummary(decided));
    print(NOTE);
  }
  refuseViolated(decided);
}

function refuseViolated({ refused }: PolicyRun): void {
  if (refused) throw new UserError("A mandatory policy is violated; the table tells how to mend it.", ExitCode.refused);
}

const previewed = ({ changes, steps, drift, planned }: Plan) => ({ changes, steps, drift, resources: planned });

const exported = (engine: RehearsalEngine, stack: string): Promise<ExportedState> =>
  engine.json<ExportedState>(["stack", "export", "--stack", stack]);

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - start) / 1000];
}

function positive(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(value);
}

function fraction(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("It must be a number from 0 to 1.");
  return number;
}

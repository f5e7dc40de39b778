/**
 * Times the rehearsal of stack prod by the real engine: a preview, beside the same resources written as plain Pulumi, and an `up`
 * with scaled times of the cloud, against the chain of resources that no program can shorten.
 * Run: `npm run bench -- rehearse [rounds]`.
 */

import { loadavg } from "node:os";
import { join } from "node:path";
import { nameOf } from "../guard/urn";
import { copyProject, type Project, SOURCE } from "../tests/support/project";
import { type Chains, chainsOf } from "./inherentChain";
import { judge, median, printLines } from "./measure";
import { tellsMemory } from "./peakMemory";
import { namesIn, writePlainProject } from "./plainProgram";
import { type MeasuredRun, type SimulatedStackArgs, simulatedStack, type TimedChange } from "./simulatedStack";

const STACK = "prod";
const LIMIT_SECONDS = 10;
const LIMIT_MEGABYTES = 350;
const LIMIT_SHARE = 1.1;

/** Makes the half hour of the inherent chain three minutes: the engine's own time then weighs ten times what it does in a real cloud. */
const TIME_SCALE = 0.1;

export async function benchRehearse(rounds = 3): Promise<void> {
  if (!tellsMemory()) throw new Error("the memory of a process is told by Linux only: /proc/<pid>/status");
  const project = copyProject("bench");
  try {
    console.log(`Rehearsal of ${STACK}; load of this machine before it: ${(loadavg()[0] ?? 0).toFixed(1)}`);
    await benchPreview(project, rounds);
    await benchUp(project, rounds);
  } finally {
    project.remove();
  }
}

type Program = Pick<SimulatedStackArgs, "program" | "settings">;

const ours = (project: Project): Program => ({ program: project.root, settings: project.at(`Pulumi.${STACK}.yaml`) });

/** What compilers keep is kept in the stack's own place: the first preview there finds nothing, the second all of it. */
async function previewTwice(project: Project, program: Program, name: string): Promise<[MeasuredRun, MeasuredRun]> {
  const place = join(project.outside, name);
  const stack = await simulatedStack({ ...program, stack: STACK, place, env: project.env });
  return [await stack.preview(), await stack.preview()];
}

async function benchPreview(project: Project, rounds: number): Promise<void> {
  // Warms the disk's cache, and tells what the plain program has to make.
  const [{ stdout }] = await previewTwice(project, ours(project), "preview-warm");
  const plain = { program: join(project.outside, "plain") };
  writePlainProject(plain.program, stdout, join(SOURCE, "node_modules"));

  const measured = { ours: [] as MeasuredRun[][], plain: [] as MeasuredRun[][] };
  for (let round = 0; round < rounds; round += 1) {
    measured.plain.push(await previewTwice(project, plain, `preview-plain-${round}`));
    measured.ours.push(await previewTwice(project, ours(project), `preview-ours-${round}`));
  }
  refuseDifferent([...measured.ours, ...measured.plain].flat());

  const lines = [
    { what: "plain Pulumi, SDK's default, nothing cached: types are checked", runs: nth(measured.plain, 0) },
    { what: "plain Pulumi, SDK's default, all cached: types are not checked", runs: nth(measured.plain, 1) },
    { what: "ours, nothing cached", runs: nth(measured.ours, 0) },
    { what: "ours, all cached", runs: nth(measured.ours, 1) },
  ];
  console.log(`  Preview, ${namesIn(stdout).length} resources, by the engine from its start to its end:`);
  printLines(lines.map(({ what, runs }) => ({ what, values: runs.map(({ seconds }) => seconds) })));
  console.log("  The most memory of the program's process meanwhile:");
  printLines(
    lines.map(({ what, runs }) => ({ what, values: runs.map(({ megabytes }) => megabytes) })),
    "MB",
  );
  const first = nth(measured.ours, 0).map(({ seconds }) => seconds);
  judge({ what: "ours, nothing cached", value: median(first), limit: LIMIT_SECONDS, unit: " s" });
  const most = Math.max(...measured.ours.flat().map(({ megabytes }) => megabytes));
  judge({ what: "ours, the most memory of any preview", value: most, limit: LIMIT_MEGABYTES, unit: " MB" });
}

const nth = (rounds: readonly MeasuredRun[][], index: number): MeasuredRun[] =>
  rounds.flatMap((runs) => runs.slice(index, index + 1));

/** A preview that is quick because it has less to look at would prove nothing. */
function refuseDifferent(runs: readonly MeasuredRun[]): void {
  const made = new Set(runs.map(({ stdout }) => namesIn(stdout).join("\n")));
  if (made.size > 1) throw new Error("not every preview has the same resources");
}

async function benchUp(project: Project, rounds: number): Promise<void> {
  const runs: { seconds: number; chains: Chains }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const place = join(project.outside, `up-${round}`);
    const stack = await simulatedStack({ ...ours(project), stack: STACK, place, env: project.env });
    const { seconds, changes } = await stack.up(TIME_SCALE);
    const typical = new Map(changes.map(({ urn, cloudSeconds }) => [urn, cloudSeconds]));
    const chains = chainsOf(stack.state(), (urn) => typical.get(urn) ?? 0);
    runs.push({ seconds, chains });
    if (round === 0) printChains(chains, changes);
  }
  const scaled = (chain: keyof Chains) => runs.map(({ chains }) => chains[chain].seconds * TIME_SCALE);
  const whole = runs.map(({ seconds }) => seconds);
  console.log(`  The first \`up\`, everything to make, each second of the cloud being ${TIME_SCALE} s:`);
  printLines([
    { what: "up, by the engine from its start to its end", values: whole },
    { what: "the inherent chain", values: scaled("inherent") },
    { what: "the longest chain of the graph", values: scaled("longest") },
  ]);
  const value = median(whole.map((seconds, round) => seconds / (scaled("inherent")[round] ?? Number.NaN)));
  judge({ what: "up as a share of the inherent chain", value, limit: LIMIT_SHARE, unit: "" });
}

/** Shows where the time goes: what the graph waits for, and how late each link of the inherent chain was done. */
function printChains({ inherent, longest }: Chains, changes: readonly TimedChange[]): void {
  const doneAt = new Map(changes.map(({ urn, at }) => [urn, at]));
  const typical = new Map(changes.map(({ urn, cloudSeconds }) => [urn, cloudSeconds]));
  let before = 0;
  const links = inherent.urns.map((urn) => {
    const at = doneAt.get(urn) ?? Number.NaN;
    const late = at - before - (typical.get(urn) ?? 0) * TIME_SCALE;
    before = at;
    return `${nameOf(urn)} ${typical.get(urn)} s (+${late.toFixed(2)})`;
  });
  console.log(
    `  The inherent chain: ${inherent.seconds} s of the cloud (and what the engine added to each link here):`,
  );
  console.log(`    ${links.join(" → ")}`);
  console.log(`  The longest chain of the graph: ${longest.seconds} s`);
  console.log(`    ${longest.urns.map((urn) => `${nameOf(urn)} ${typical.get(urn)} s`).join(" → ")}`);
}

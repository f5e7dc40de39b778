/**
 * Times the policy pack: how soon it is ready, and what it adds to a preview of 300 and of 1,000 resources by the real engine,
 * beside the pack that Pulumi publishes. Run: `npm run bench -- policy [rounds]`.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { buildPack } from "../policy/build";
import { profileConfig } from "../policy/profile";
import { RULES } from "../policy/rules";
import type { CapturedStack } from "../tests/support/capture";
import { copyProject, type Project } from "../tests/support/project";
import { captureRehearsed } from "../tests/support/rehearsedCapture";
import { openReplay, type Replay, type ReplayRun, writeReplayProgram } from "../tests/support/replay";
import { manyResources } from "./manyResources";
import { judge, median, printLines } from "./measure";
import { installPublishedPack, PUBLISHED_NAME } from "./publishedPack";

const STACK = "prod";
const READY_SECONDS = 1.2;
const SIZES = [
  { resources: 300, limit: 2 },
  { resources: 1000, limit: 6 },
] as const;

export async function benchPolicy(rounds = 3): Promise<void> {
  const project = copyProject("bench");
  try {
    await buildPack(project.at("policy"));
    console.log(
      `Policy pack, ${RULES.length} rules; load of this machine before it: ${(loadavg()[0] ?? 0).toFixed(1)}`,
    );
    const published = installPublishedPack(join(project.outside, "published"));
    await benchReady(rounds, packOf(project), "pack" in published ? published.pack : undefined);
    const packs: Pack[] = [{ what: "ours", options: ourOptions(project) }];
    if ("pack" in published) packs.push({ what: PUBLISHED_NAME, options: ["--policy-pack", published.pack] });
    else console.log(`  ${PUBLISHED_NAME} is left out, since it could not be installed: ${published.why}`);
    await benchPreview(project, rounds, packs);
  } finally {
    project.remove();
  }
}

const packOf = (project: Project): string => project.at("policy", "pack");

interface Pack {
  readonly what: string;
  /** What makes the engine run it. */
  readonly options: readonly string[];
}

function ourOptions(project: Project): string[] {
  const file = join(project.outside, "profile.json");
  writeFileSync(file, JSON.stringify(profileConfig("prod", RULES)));
  return ["--policy-pack", packOf(project), "--policy-pack-config", file];
}

async function benchReady(rounds: number, own: string, published: string | undefined): Promise<void> {
  const times = { ours: [] as number[], published: [] as number[] };
  // The first one of each warms the disk's cache.
  for (let round = 0; round <= rounds; round += 1) {
    const ours = await secondsToPort(own);
    const theirs = published === undefined ? undefined : await secondsToPort(published);
    if (round === 0) continue;
    times.ours.push(ours);
    if (theirs !== undefined) times.published.push(theirs);
  }
  console.log("  From the start of the pack's process to its port:");
  const lines = [
    { what: "ours, compiled", values: times.ours },
    { what: PUBLISHED_NAME, values: times.published },
  ];
  printLines(lines.filter(({ values }) => values.length > 0));
  judge({ what: "pack ready", value: median(times.ours), limit: READY_SECONDS, unit: " s" });
}

/** As the engine starts a pack: its address last, the port in the first line. Nobody listens there, which a pack notices later. */
function secondsToPort(pack: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(pack, ["127.0.0.1:1"], { cwd: dirname(pack), stdio: ["ignore", "pipe", "ignore"] });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${pack} ended with ${code} before it told its port`)));
    child.stdout.once("data", () => {
      const seconds = (performance.now() - began) / 1000;
      child.removeAllListeners("exit").once("exit", () => resolve(seconds));
      child.kill("SIGKILL");
    });
  });
}

async function benchPreview(project: Project, rounds: number, packs: readonly Pack[]): Promise<void> {
  const program = join(project.outside, "replay");
  writeReplayProgram(program);
  const { stack } = await captureRehearsed(project, STACK, join(project.outside, STACK));
  const replay = await openReplay(program, join(project.outside, "place"), project.env);
  const added: number[] = [];
  for (const { resources, limit } of SIZES) {
    const own = await benchSize(replay, manyResources(stack, resources), rounds, packs);
    judge({ what: `what our pack adds, ${resources} resources`, value: own, limit, unit: " s" });
    added.push(own);
  }
  const [small, large] = SIZES.map(({ resources }) => resources) as [number, number];
  const growth = (added[1] ?? Number.NaN) / (added[0] ?? Number.NaN);
  console.log(
    `  Growth: ${growth.toFixed(2)} × the time for ${(large / small).toFixed(2)} × the resources (a start included)`,
  );
}

/** Returns what the first pack adds. */
async function benchSize(
  replay: Replay,
  stack: CapturedStack,
  rounds: number,
  packs: readonly Pack[],
): Promise<number> {
  const without: Pack = { what: "without a pack", options: [] };
  const times = new Map<Pack, number[]>([without, ...packs].map((pack) => [pack, []]));
  await replay.preview(stack);
  for (let round = 0; round < rounds; round += 1)
    for (const [pack, seconds] of times)
      seconds.push(secondsOf(await replay.preview(stack, ...pack.options), stack, pack));
  const base = times.get(without) ?? [];
  const addedBy = (pack: Pack): number[] =>
    (times.get(pack) ?? []).map((seconds, round) => seconds - (base[round] ?? Number.NaN));
  console.log(`  Preview, ${stack.resources.length} resources, by the engine from its start to its end:`);
  printLines([...times].map(([{ what }, values]) => ({ what, values })));
  console.log("  Of that, added by a pack:");
  printLines(packs.map((pack) => ({ what: pack.what, values: addedBy(pack) })));
  const [first] = packs;
  return first === undefined ? Number.NaN : median(addedBy(first));
}

/** A refused preview goes on to its end, so that every rule is asked; one that ended early would be quick for nothing. */
function secondsOf({ stdout, stderr, seconds }: ReplayRun, { resources }: CapturedStack, { what }: Pack): number {
  const made = Number(/"resourceChanges":\{"create":(\d+)/.exec(stdout)?.[1]);
  // The stack itself is one more.
  if (made === resources.length + 1) return seconds;
  throw new Error(`the preview with the pack "${what}" saw ${made} resources\n${stderr}\n${stdout.slice(-2000)}`);
}

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPack } from "../../../policy/build";
import type { CapturedStack } from "../../support/capture";
import { copyProject, type Project } from "../../support/project";
import { captureRehearsed, type RehearsedCapture } from "../../support/rehearsedCapture";
import { openReplay, type Replay, type ReplayRun, writeReplayProgram } from "../../support/replay";
import { groupSeeds, type SeedGroup } from "./groups";
import { packOptions, type Verdict, verdictOf } from "./judge";
import { Lanes } from "./lanes";
import { registeredIn } from "./registered";
import type { Seed } from "./seed";
import { SEEDS } from "./seeds";

/** An engine may have to be built first, on a machine that has none yet. */
const FIRST_ENGINE_MS = 900_000;
/** As many engines run at the same time as the smallest machine of CI has processors. */
const LANES = ["one", "two"];

describe.concurrent("seeded-bad stacks on the real engine", () => {
  let project: Project;
  let program: string;
  let lanes: Lanes<Replay>;
  const captured = new Map<string, RehearsedCapture>();
  let groups: readonly SeedGroup[];
  const judged = new Map<SeedGroup, Promise<unknown>>();

  const captureOf = (name: string): RehearsedCapture => {
    const capture = captured.get(name);
    if (capture === undefined) throw new Error(`stack ${name} was not captured`);
    return capture;
  };
  const stackOf = (name: string): CapturedStack => captureOf(name).stack;
  const judge = async (stack: CapturedStack, run: (...options: string[]) => Promise<ReplayRun>) =>
    verdictOf(stack, await run(...packOptions(project, stack)));

  /** What is done with the group of a mistake, once for all of its mistakes. */
  function once<T>(seed: Seed, work: (group: SeedGroup) => Promise<T>): Promise<T> {
    const group = groups.find(({ seeds }) => seeds.includes(seed));
    if (group === undefined) throw new Error(`${seed.name} is in no group`);
    const result = (judged.get(group) as Promise<T> | undefined) ?? work(group);
    judged.set(group, result);
    return result;
  }

  beforeAll(async () => {
    project = copyProject("seeded");
    program = join(project.outside, "replay");
    writeReplayProgram(program);
    await buildPack(project.at("policy"));
    await Promise.all(
      ["smb", "prod"].map(async (name) => {
        captured.set(name, await captureRehearsed(project, name, join(project.outside, name)));
      }),
    );
    groups = groupSeeds(SEEDS, stackOf);
    const opened = LANES.map((name) => openReplay(program, join(project.outside, `lane ${name}`), project.env));
    lanes = new Lanes(await Promise.all(opened));
  }, FIRST_ENGINE_MS);
  afterAll(() => project?.remove());

  test.each(["smb", "prod"])("the replay of %s registers what the program does", async (name) => {
    const { stdout } = await lanes.use((replay) => replay.previewJson(stackOf(name)));
    expect(registeredIn(stdout)).toEqual(registeredIn(captureOf(name).previewJson));
  });

  test.each(["smb", "prod"])("%s without a mistake is not refused", async (name) => {
    const stack = stackOf(name);
    const verdict = await lanes.use((replay) => judge(stack, (...options) => replay.preview(stack, ...options)));
    const mandatory = Object.entries(verdict.violated).filter(([, level]) => level === "mandatory");
    expect({ ...verdict, violated: mandatory, unverified: [] }).toEqual({
      refused: false,
      violated: [],
      unverified: [],
      errors: [],
    });
  });

  test.each(SEEDS.filter(({ stoppedAt }) => stoppedAt === "preview"))(
    "$stack, $name: $rule stops the preview",
    async (seed) => {
      const verdict = await once<Verdict>(seed, ({ stack }) =>
        lanes.use((replay) => judge(stack, (...options) => replay.preview(stack, ...options))),
      );
      expect(verdict, verdict.errors.join("\n")).toMatchObject({
        refused: true,
        violated: { [seed.rule]: "mandatory" },
      });
    },
  );

  test.each(SEEDS.filter(({ stoppedAt }) => stoppedAt === "second pass"))(
    "$stack, $name: $rule cannot judge the preview, and refuses what `up` made",
    async (seed) => {
      const { before, up, after } = await once(seed, ({ stack, name }) =>
        // A lane is taken for the processor alone: what is made needs a state of its own.
        lanes.use(async () => {
          const replay = await openReplay(program, join(project.outside, name), project.env);
          return {
            before: await judge(stack, (...options) => replay.preview(stack, ...options)),
            up: await replay.up(stack),
            after: await judge(stack, (...options) => replay.pulumi(stack, "policy", "analyze", "--json", ...options)),
          };
        }),
      );
      expect(before.refused).toBe(false);
      expect(before.unverified).toContain(seed.rule);
      expect(up.stderr + up.stdout.slice(-2000)).toSatisfy(() => up.code === 0);
      expect(after, after.errors.join("\n")).toMatchObject({ refused: true, violated: { [seed.rule]: "mandatory" } });
    },
  );
});

import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFolder } from "../../../promotion/machine/folder";
import { ApplicationProcess } from "./applications";
import { CrashingPostgres } from "./crashing";
import { ACTIONS, type Blow, lifeOf, type Run } from "./lives";
import { below, type Random, randomOf } from "./random";
import { makeScene, provenBackup, type Scene } from "./scene";
import { type Result, ToolProcess } from "./tools";

/** Fewer or more with LADDER_KILLS: each takes one or two seconds. */
const KILLS = Number(process.env.LADDER_KILLS ?? 60);
/** Promotions at the same time. */
const LANES = 2;
const SEED = Number(process.env.LADDER_SEED ?? 1);

let server: CrashingPostgres;
let backups: string;
/** One that has its code read already takes the place of one that was killed. */
let spare: ToolProcess[];
const kills = { tool: 0, server: 0, writer: 0 };
const met = new Map<string, number>(ACTIONS.map((action) => [action, 0]));
const all = (): number => kills.tool + kills.server + kills.writer;

beforeAll(async () => {
  server = await CrashingPostgres.start();
  backups = await provenBackup(server.postgres);
  spare = Array.from({ length: LANES }, () => new ToolProcess());
});
afterAll(async () => {
  for (const tool of spare) tool.kill();
  await server.stop();
  rmSync(backups, { recursive: true, force: true });
});

const entriesOf = (scene: Scene) => findFolder(scene.job("soak").parent)?.entries ?? [];

/** The action that a killed run was in, by its journal. */
function actionOf(scene: Scene, before: number): string {
  const entries = entriesOf(scene).slice(before);
  return String(entries.findLast(({ detail }) => detail?.action !== undefined)?.detail?.action ?? "begin");
}

async function strike(blow: Extract<Blow, { step: string }>, tool: ToolProcess): Promise<void> {
  await sleep(blow.afterMs);
  if (blow.to === "tool") return tool.kill();
  kills.server += 1;
  await server.crash(blow.afterMs % 2 === 0 ? "SIGKILL" : "SIGQUIT");
}

async function carryOut(scene: Scene, { wish, blow }: Run): Promise<Result> {
  const tool = spare.shift() ?? new ToolProcess();
  spare.push(new ToolProcess());
  const byClock = blow !== undefined && "step" in blow ? blow : undefined;
  const byCall = blow !== undefined && "call" in blow ? blow : undefined;
  const before = entriesOf(scene).length;
  let struck: Promise<void> | undefined;
  const result = await tool.run(scene.job(wish, byCall === undefined ? {} : { kill: byCall }), (step) => {
    if (step === byClock?.step) struck ??= strike(byClock, tool);
  });
  tool.kill();
  await struck;
  if ("killed" in result) {
    kills.tool += 1;
    const action = byCall?.action ?? actionOf(scene, before);
    met.set(action, (met.get(action) ?? 0) + 1);
  }
  return result;
}

/** A run that met a server that went tells so in one sentence; one that was taken back already has nothing to do. */
function expectExplained(result: Result): void {
  if (!("error" in result)) return;
  expect(result.exitCode, result.error).toBeDefined();
  expect(result.error).not.toContain("\n");
}

async function live(n: number, random: Random, writers: ApplicationProcess[]): Promise<void> {
  const scene = await server.steady(() => makeScene(server.postgres, n, n % 4 === 3 ? undefined : backups));
  for (const writer of writers) writer.begin(scene.writer(40));
  const life = lifeOf(random, n);
  const killWriter = n % 2 === 0 ? below(random, life.length) : -1;
  for (const [at, run] of life.entries()) {
    const going = carryOut(scene, run);
    if (at === killWriter) {
      await sleep(below(random, 500));
      await writers[0]?.kill();
      kills.writer += 1;
      writers[0] = new ApplicationProcess();
      writers[0].begin(scene.writer(40));
    }
    const result = await going;
    expectExplained(result);
    const takes = await server.steady(scene.takes);
    expect(takes.sqlite && takes.postgresql, JSON.stringify([run, result, entriesOf(scene).slice(-3)])).toBe(false);
    if (run.blow === undefined) await finish(scene, run, writers, result);
  }
  for (const writer of writers) await writer.end();
  const serving = life.at(-1)?.wish === "rollback" ? "sqlite" : "postgresql";
  const { problems } = await server.steady(() => scene.judge(serving));
  expect(problems, JSON.stringify(life)).toEqual([]);
  await server.steady(() => scene.remove());
}

/** A run that nobody killed, unless with the server, has brought the promotion where it should be. */
async function finish(scene: Scene, run: Run, writers: readonly ApplicationProcess[], first: Result): Promise<void> {
  const serving = run.wish === "rollback" ? "sqlite" : "postgresql";
  let result = first;
  for (let again = 0; again < 20 && "error" in result && !/There is no promotion/.test(result.error); again++)
    result = await server.steady(() => carryOut(scene, run));
  if ("outcome" in result) expect(result.outcome).toMatchObject({ serving, done: run.wish });
  else expect(result).toMatchObject({ error: expect.stringContaining("There is no promotion") });
  for (const writer of writers) await writer.wrote(serving);
  expect(await server.steady(scene.takes)).toEqual({
    sqlite: serving === "sqlite",
    postgresql: serving === "postgresql",
  });
}

describe("promotions whose tool, server and writers are killed", () => {
  it(`go on to their end or back after ${KILLS} kills, with every acknowledged row on exactly one side that serves (S1-70, C-24, C-25)`, async () => {
    let lives = 0;
    const lane = async (): Promise<void> => {
      const writers = Array.from({ length: 2 }, () => new ApplicationProcess());
      // Moments that nothing was killed at were missed by milliseconds: other lives meet them.
      while (
        all() < KILLS ||
        kills.server <= KILLS / 20 ||
        kills.writer <= KILLS / 20 ||
        [...met.values()].includes(0)
      ) {
        lives += 1;
        await live(lives, randomOf(SEED * 1_000 + lives), writers);
      }
      for (const writer of writers) await writer.kill();
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    console.log(`${lives} promotions, killed: ${JSON.stringify(kills)}`);
    for (const [action, times] of met) console.log(`${action.padEnd(10)} ${"#".repeat(times)} ${times}`);
    for (const [action, times] of met) expect(times, action).toBeGreaterThan(0);
    expect(kills.server).toBeGreaterThan(KILLS / 20);
    expect(kills.writer).toBeGreaterThan(KILLS / 20);
  });
});

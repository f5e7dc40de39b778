import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../../../schema/apply";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { bundleRunner, connected, type Fresh, freshDatabase, progressAfter, progressOf, steps } from "./support";

const COUNT = 5;
const KILLS = 20;
const migrations = steps(COUNT);
const all = progressAfter(COUNT);

let server: Postgres;
let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ladder-runner-"));
  program = bundleRunner(folder);
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code: number | null; said: Record<string, unknown>[]; error: string }>;
}

/** In a folder without the project, so that it is the bundle alone that runs. */
function startRunner({ url }: Fresh): Child {
  const env = { PATH: process.env.PATH, URL: url, MIGRATIONS: JSON.stringify(migrations) };
  const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let error = "";
  child.stdout.on("data", (text) => {
    said += String(text);
  });
  child.stderr.on("data", (text) => {
    error += String(text);
  });
  const lines = () =>
    said.split("\n").flatMap((line): Record<string, unknown>[] => (line === "" ? [] : [JSON.parse(line)]));
  const ended = new Promise<Awaited<Child["ended"]>>((done) =>
    child.once("close", (code) => done({ code, said: code === null ? [] : lines(), error })),
  );
  return { process: child, ended };
}

const rerun = (database: Fresh) =>
  connected(database, (client) => applyMigrations({ client, database: "made_up", migrations }));

/** Nobody is connected any more: what a killed runner began is over. */
async function isQuiet({ name }: Fresh): Promise<void> {
  const others = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${name}'`;
  for (let tries = 0; (await server.psql(others)) !== "0"; tries += 1) {
    if (tries > 200) throw new Error(`somebody is still connected to ${name}`);
    await sleep(50);
  }
}

describe("a runner that is killed", () => {
  it("takes this long when it is not, and applies everything", async () => {
    const database = await freshDatabase(server);
    const { code, said, error } = await startRunner(database).ended;
    expect({ code, error, last: said.at(-1) }).toEqual({
      code: 0,
      error: "",
      last: { step: "finished", applied: all.recorded },
    });
    expect(await progressOf(database)).toEqual(all);
  });

  it(`leaves whole migrations only, at ${KILLS} random moments, and the next run does the rest`, async () => {
    const warm = await freshDatabase(server);
    const begun = Date.now();
    await startRunner(warm).ended;
    const whole = Date.now() - begun;
    const stoppedAfter: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const database = await freshDatabase(server);
      const child = startRunner(database);
      const after = Math.round(Math.random() * whole);
      await sleep(after);
      child.process.kill("SIGKILL");
      await child.ended;
      const moment = `killed after ${after} of ${whole} ms`;
      // Every second time the next run comes while the server has not noticed yet.
      if (kill % 2 === 0) {
        await isQuiet(database);
        const left = await progressOf(database);
        expect(left, moment).toEqual(progressAfter(left.recorded.length));
        stoppedAfter.push(left.recorded.length);
      }
      await rerun(database);
      expect(await progressOf(database), moment).toEqual(all);
    }
    // Kills that all hit before the first or after the last file would show nothing.
    expect(stoppedAfter.some((count) => count < COUNT)).toBe(true);
  });

  it("shares the work with one that runs at the same time: each file once, both succeed", async () => {
    for (let round = 0; round < 3; round += 1) {
      const database = await freshDatabase(server);
      const ended = await Promise.all([startRunner(database), startRunner(database)].map(({ ended }) => ended));
      expect(ended.map(({ code, error }) => ({ code, error }))).toEqual([
        { code: 0, error: "" },
        { code: 0, error: "" },
      ]);
      const applied = ended.map(({ said }) => said.filter(({ step }) => step === "applied").map(({ name }) => name));
      expect(applied.flat().sort()).toEqual(all.recorded);
      expect(await progressOf(database)).toEqual(all);
    }
  });
});

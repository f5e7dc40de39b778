import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { ApplicationProcess } from "./applications";
import { randomOf } from "./random";
import { makeScene, provenBackup, type Scene } from "./scene";
import type { Job } from "./tool";
import { ToolProcess } from "./tools";

/** Fewer or more with LADDER_ROUNDS: each takes three to six seconds. */
const ROUNDS = Number(process.env.LADDER_ROUNDS ?? 20);

let server: Postgres;
let backups: string;
let tool: ToolProcess;
let applications: ApplicationProcess[];
beforeAll(async () => {
  server = await startPostgres();
  backups = await provenBackup(server);
  tool = new ToolProcess();
  applications = Array.from({ length: 4 }, () => new ApplicationProcess());
});
afterAll(async () => {
  tool.kill();
  for (const application of applications) await application.kill();
  await server.stop();
  rmSync(backups, { recursive: true, force: true });
});

async function promoted(scene: Scene, wish: Job["wish"]): Promise<unknown> {
  const result = await tool.run(scene.job(wish));
  return "outcome" in result ? result.outcome : result;
}
const all = (each: (application: ApplicationProcess) => Promise<void>) => Promise.all(applications.map(each));

describe("a promotion under writers that never stop", () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    "has every acknowledged write and nothing else on the side that serves, round %i (S0-41, C-24, C-25)",
    async (round) => {
      const random = randomOf(round);
      const scene = await makeScene(server, round, round % 10 === 1 ? undefined : backups);
      const pauseMs = 20 + random() * 60;
      for (const application of applications) application.begin(scene.writer(pauseMs));
      await all((application) => application.wrote("sqlite"));
      const stops = round % 5 === 0 ? (["copy", "verify"] as const) : [];
      for (const wish of stops) expect(await promoted(scene, wish)).toMatchObject({ done: wish, serving: "sqlite" });
      expect(await promoted(scene, "soak")).toMatchObject({ done: "soak", serving: "postgresql" });
      await all((application) => application.wrote("postgresql"));
      const back = round % 3 === 0;
      if (back) {
        expect(await promoted(scene, "rollback")).toMatchObject({ done: "rollback", serving: "sqlite" });
        await all((application) => application.wrote("sqlite"));
      }
      const serving = back ? "sqlite" : "postgresql";
      expect(await scene.takes()).toEqual({ sqlite: back, postgresql: !back });
      await all((application) => application.end());
      const { problems, kept } = await scene.judge(serving);
      expect(problems).toEqual([]);
      expect(kept.sqlite).toBeGreaterThan(20);
      expect(kept.postgresql).toBeGreaterThan(0);
      await scene.remove();
    },
  );
});

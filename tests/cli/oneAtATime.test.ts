import { expect, it, vi } from "vitest";
import { withProject } from "../support/project";
import { fakeEngine } from "./fakeEngine";

const WAIT = { timeout: 60_000, interval: 50 };

it("a passed-on command waits for the run that is at work, unless it only reads", () =>
  withProject(async (project) => {
    const { env, calls } = fakeEngine(project, { slow: "up" });
    const first = project.start(["pulumi", "--", "up"], { env });
    await vi.waitUntil(() => calls().includes("up"), WAIT);
    const second = project.start(["pulumi", "--", "destroy"], { env });
    let said = "";
    second.process.stderr?.on("data", (text) => (said += String(text)));
    await vi.waitUntil(() => said.includes("Another run of ladder is at work in this project"), WAIT);
    for (const reading of ["stack ls", "stack output --stack dev", "cancel", "about"]) {
      const { code, stderr } = await project.ladder(["pulumi", "--", ...reading.split(" ")], { env });
      expect(code).toBe(0);
      expect(stderr).not.toContain("Another run");
      expect(calls().at(-1)).toBe(reading);
    }
    expect(calls()).not.toContain("destroy");
    first.process.kill("SIGINT");
    await first.ended;
    expect((await second.ended).code).toBe(0);
    expect(calls().at(-1)).toBe("destroy");
  }));

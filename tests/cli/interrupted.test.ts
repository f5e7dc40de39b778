import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { withProject } from "../support/project";
import { fakeEngine, pretendStack } from "./fakeEngine";

const INTERRUPTED = 130;
const WAIT = { timeout: 60_000, interval: 50 };

describe("a command that is cut off while the engine works ends with exit code 130, and says how to go on", () => {
  it.concurrent.each([
    ["up, while it looks", ["up"], "preview", "SIGINT"],
    ["up, while it changes", ["up"], "up", "SIGINT"],
    ["up, by SIGTERM", ["up"], "up", "SIGTERM"],
    ["up, while it makes the stack", ["up"], "stack init", "SIGINT"],
    ["preview", ["preview"], "preview", "SIGTERM"],
    ["destroy", ["destroy", "--yes"], "destroy", "SIGINT"],
    ["policy", ["policy", "dev"], "preview", "SIGINT"],
    ["pulumi", ["pulumi", "--", "up"], "up", "SIGINT"],
  ] as const)("%s", (_what, args, slow, signal) =>
    withProject(async (project) => {
      if (slow !== "stack init") pretendStack(project);
      const { env, calls } = fakeEngine(project, { slow });
      const { process: child, ended } = project.start(args, { env });
      await vi.waitUntil(() => calls().some((call) => call.startsWith(slow)), WAIT);
      // Time for the fake to be ready for a signal.
      await sleep(200);
      child.kill(signal);
      const { code, stderr } = await ended;
      expect(stderr).toContain("was interrupted. Run the same command again: it goes on from where it stopped.");
      expect(code).toBe(INTERRUPTED);
    }),
  );

  it("with --json, too", () =>
    withProject(async (project) => {
      pretendStack(project);
      const { env, calls } = fakeEngine(project, { slow: "up" });
      const { process: child, ended } = project.start(["up", "--json"], { env });
      await vi.waitUntil(() => calls().some((call) => call.startsWith("up")), WAIT);
      await sleep(200);
      child.kill("SIGINT");
      const { code, stdout } = await ended;
      expect(JSON.parse(stdout)).toMatchObject({ exitCode: INTERRUPTED });
      expect(code).toBe(INTERRUPTED);
    }));
});

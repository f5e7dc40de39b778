import { existsSync, mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { type Project, withProject } from "../support/project";
import { fakeEngine, pretendStack } from "./fakeEngine";
import { Exit } from "./wrongCase";

const own = (project: Project): NodeJS.ProcessEnv => {
  mkdirSync(`${project.outside}/backend`);
  return { PULUMI_BACKEND_URL: `file://${project.outside}/backend`, PULUMI_CONFIG_PASSPHRASE: "x" };
};
const stacks = async (project: Project, env?: NodeJS.ProcessEnv): Promise<unknown> =>
  JSON.parse((await project.ladder(["pulumi", "--", "stack", "ls", "--json"], { env })).stdout);

it.concurrent("up of a stack that is there asks the engine for nothing but the look and the outcome", () =>
  withProject(async (project) => {
    pretendStack(project);
    const { env, calls } = fakeEngine(project);
    expect((await project.ladder(["up"], { env })).code).toBe(0);
    expect(calls().map((call) => call.split(" --")[0])).toEqual(["preview", "up", "stack history", "stack output"]);
    for (const call of calls()) expect(call).toContain("--stack dev");
  }));

it.concurrent("up makes and selects a stack that is not there", () =>
  withProject(async (project) => {
    const { env, calls } = fakeEngine(project);
    expect((await project.ladder(["up"], { env })).code).toBe(0);
    expect(calls().filter((call) => call.startsWith("stack init"))).toEqual([
      "stack init --stack dev --non-interactive",
    ]);
  }));

it.concurrent("preview leaves alone which stack is selected, in the project's own state", () =>
  withProject(async (project) => {
    expect((await project.ladder(["pulumi", "--", "stack", "init", "mine"])).code).toBe(0);
    const { code, stdout, stderr } = await project.ladder(["preview"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("+ create database");
    expect(await stacks(project)).toMatchObject([
      { name: "dev", current: false, resourceCount: 0 },
      { name: "mine", current: true },
    ]);
  }));

it.concurrent.each([["preview"], ["policy", "dev"]])(
  "%s makes no stack in a backend of the user's own, and says what to do",
  (...args) =>
    withProject(async (project) => {
      const env = own(project);
      const { code, stderr } = await project.ladder(args, { env });
      expect(code).toBe(Exit.usage);
      expect(stderr).toContain("There is no stack dev in your Pulumi backend");
      expect(stderr).toContain("ladder up dev");
      expect(stderr).toContain("npm run pulumi -- stack init --no-select dev");
      expect(await stacks(project, env)).toEqual([]);
    }),
);

it.concurrent("destroy of a stack that was never made says so, and makes none", () =>
  withProject(async (project) => {
    const { code, stdout, stderr } = await project.ladder(["destroy", "--yes"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Stack dev was never brought up: there is nothing to take down.");
    expect(stdout).toContain("Stack dev is down. It held no data.");
    expect(existsSync(project.at(".ladder/state/.pulumi/stacks/scaling-ladder/dev.json"))).toBe(false);
  }));

import { afterAll, beforeAll, expect, it } from "vitest";
import { copyProject, type Project } from "../../support/project";

let project: Project;

beforeAll(() => {
  project = copyProject();
});
afterAll(() => project.remove());

interface PolicyRun {
  readonly stack: string;
  readonly refused: boolean;
  readonly rehearsal: boolean;
  readonly outcomes: readonly { readonly policy: string; readonly verdict: string }[];
}

it("every stack that can be brought up keeps every policy, those with clouds over a rehearsal of them", async () => {
  const { code, stdout, stderr } = await project.ladder(["policy", "--json"]);
  expect(code, stdout + stderr).toBe(0);
  const runs = JSON.parse(stdout) as PolicyRun[];
  expect(runs.map(({ stack, refused, rehearsal }) => ({ stack, refused, rehearsal }))).toEqual([
    { stack: "dev", refused: false, rehearsal: false },
    { stack: "prod", refused: false, rehearsal: true },
    { stack: "smb", refused: false, rehearsal: true },
    { stack: "team", refused: false, rehearsal: true },
  ]);
  const dev = runs.find(({ stack }) => stack === "dev");
  const passed = dev?.outcomes.filter(({ verdict }) => verdict === "passed").map(({ policy }) => policy);
  expect(passed).toEqual(
    expect.arrayContaining(["tier-fits-users", "single-node-storage-single-replica", "outputs-no-credentials"]),
  );
});

it("what was judged over a rehearsal says so, to a reader as well", async () => {
  const { code, stdout, stderr } = await project.ladder(["policy", "smb"]);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("Stack smb keeps every mandatory policy");
  expect(stdout).toContain("its clouds were simulated on this machine (--real judges the real ones)");
});

it.each([[["policy"]], [["policy", "dev"]], [["up"]], [["preview"]]])(
  "S1-22: 20,000 users on tier development: %j refuses, naming smb, and changes nothing",
  async (args) => {
    project.settings(["tier: development", "users: 20000"]);
    const { code, stdout, stderr } = await project.ladder(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("scaling-ladder:users = 20000");
    expect(stderr).toContain("the tier for them is smb");
    expect(stderr).toContain("set scaling-ladder:tier to smb");
  },
);

it("S1-22: and so does the engine itself, when somebody starts it without ladder", async () => {
  const { code, stdout, stderr } = await project.ladder(["pulumi", "--", "preview", "--stack", "dev"]);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("the tier for them is smb");
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
});

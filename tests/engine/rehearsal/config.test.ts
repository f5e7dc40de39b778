import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { World } from "../../../rehearsal/world";
import { copyProject, type Project, type Run } from "../../support/project";
import { WITHOUT_CHECKPOINTS } from "../../support/withoutCheckpoints";

/** `--config`: a rehearsal with settings of its own, on the real engine. And the stacks that need no AWS. */

let project: Project;
beforeAll(() => {
  project = copyProject("my platform with --config");
});
afterAll(() => project.remove());

interface Rehearsed {
  readonly changes: Readonly<Record<string, number>>;
  readonly policies: { readonly refused: boolean };
  readonly resources: readonly { readonly type: string; readonly inputs: unknown }[];
  readonly orphans?: readonly unknown[];
}

async function rehearsed(...args: string[]): Promise<Rehearsed> {
  const { code, stdout, stderr } = await project.ladder(["rehearse", ...args, "--json"], {
    env: WITHOUT_CHECKPOINTS,
  });
  expect(code, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Rehearsed;
}

const places = (): string[] => readdirSync(project.at(".ladder", "rehearsal")).sort();
const held = (place: string) => new World(project.at(".ladder", "rehearsal", place, "clouds.jsonl")).all();
const changed = ({ changes }: Rehearsed) => Object.keys(changes).filter((op) => op !== "same" && changes[op] !== 0);
const providers = ({ resources }: Rehearsed) =>
  new Set(resources.map(({ type }) => type.split(":")[0] ?? "").filter((name) => name !== "pulumi"));

const MORE = ["--config", "app.replicas=5", "--config", "database.poolMax=7"];

describe("a rehearsal with other settings", () => {
  let place = "";

  it("has them, in a place of its own, and the stack's file stays as it is", async () => {
    const file = project.read("Pulumi.smb.yaml");
    const made = await rehearsed("smb", "--up", ...MORE);
    const application = made.resources.find(({ type }) => type.endsWith(":Deployment"));
    expect(application?.inputs).toMatchObject({ spec: { replicas: 5 } });
    [place = ""] = places();
    expect(places()).toEqual([expect.stringMatching(/^smb\+[0-9a-f]{8}$/)]);
    expect(project.read("Pulumi.smb.yaml")).toBe(file);
  });

  it("is the same one for the same settings in another order", async () => {
    const again = await rehearsed("smb", "--up", "--config", "database.poolMax=7", "--config", "app.replicas=5");
    expect(changed(again)).toEqual([]);
    expect(again.orphans).toEqual([]);
    expect(places()).toEqual([place]);
  });

  it("is another one than that without them: each is taken down by itself", async () => {
    const before = held(place).length;
    expect(changed(await rehearsed("smb"))).toEqual(["create"]);
    expect(held("smb")).toEqual([]);
    await project.ladder(["rehearse", "smb", "--destroy"]);
    expect(held(place)).toHaveLength(before);
  });

  it("says what it has of its own, and where it is kept", async () => {
    const { stderr } = await project.ladder(["rehearse", "smb", ...MORE]);
    expect(stderr).toContain(`app.replicas=5, database.poolMax=7. It is kept in .ladder/rehearsal/${place}`);
  });

  it("is what policy and preview:check look at when they are told the same", async () => {
    const policy = await project.ladder(["policy", "smb", ...MORE, "--json"]);
    expect(policy.code, policy.stderr).toBe(0);
    expect(policy.stderr).toContain(place);
    const check = await project.ladder(["preview:check", "smb", "--rehearsal", ...MORE]);
    expect(check.code, check.stdout + check.stderr).toBe(0);
    expect(check.stdout).toContain("nothing that holds data would be replaced");
  });
});

describe("a stack without AWS", () => {
  it("of a small team is brought up in a simulated cluster, and has nothing to change the second time", async () => {
    const made = await rehearsed("team", "--up");
    expect(made.policies.refused).toBe(false);
    expect([...providers(made)].sort()).toEqual(["kubernetes", "random", "scaling-ladder"]);
    const again = await rehearsed("team", "--up");
    expect(changed(again)).toEqual([]);
    expect(again.orphans).toEqual([]);
  });

  it("of tier smb has its database in the cluster", async () => {
    const made = await rehearsed("smb", "--up", "--config", "database.host=kubernetes");
    expect(made.resources.map(({ type }) => type)).toContain("kubernetes:postgresql.cnpg.io/v1:Cluster");
    expect(made.resources.filter(({ type }) => type.startsWith("aws:rds/"))).toEqual([]);
    expect(changed(await rehearsed("smb", "--up", "--config", "database.host=kubernetes"))).toEqual([]);
  });
});

describe("what cannot be overridden", () => {
  const REHEARSE = ["rehearse", "smb"];
  it.each([
    [[...REHEARSE, "--config", "database.hots=kubernetes"], 2, "scaling-ladder:database.hots"],
    [[...REHEARSE, "--config", "database.host"], 2, "--config database.host=kubernetes"],
    [[...REHEARSE, "--config", "network.zones=[us"], 2, "--config network.zones"],
    [["policy", "smb", "--real", "--config", "users=5"], 2, "leave --real out"],
    [["policy", "--config", "users=5"], 2, "name that stack"],
    [["preview:check", "smb", "--config", "users=5"], 2, "add --rehearsal"],
    [["policy", "dev", "--config", "users=5"], 2, "judged as it is"],
  ])("%j", async (args, exitCode, says) => {
    const { code, stdout, stderr }: Run = await project.ladder(args);
    expect(code, stdout + stderr).toBe(exitCode);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

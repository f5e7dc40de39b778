import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shapeOf } from "../../../rehearsal/sdk";
import { World } from "../../../rehearsal/world";
import { rehearsedStack } from "../../support/clouds";
import { copyProject, type Project, type Run } from "../../support/project";
import { WITHOUT_CHECKPOINTS } from "../../support/withoutCheckpoints";

/** `ladder rehearse` as a user types it on a fresh clone. */

const NOTE = /simulated on this machine, and nothing real was created/;

let project: Project;
/** Everything that any command said. */
let said = "";

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
    cwd: project.root,
    encoding: "utf8",
  });

async function rehearse(...args: string[]): Promise<Run> {
  const env = args.includes("--fail-at") ? {} : WITHOUT_CHECKPOINTS;
  const run = await project.ladder(["rehearse", ...args], { env });
  said += run.stdout + run.stderr;
  return run;
}

interface Rehearsed {
  readonly note: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly policies: { readonly refused: boolean };
  readonly durations: { readonly previewSeconds: number; readonly realCloud?: { readonly longestChain: string[] } };
  readonly resources: readonly {
    readonly urn: string;
    readonly type: string;
    readonly inputs: object;
    readonly outputs: object;
  }[];
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly orphans?: readonly unknown[];
  readonly kept?: readonly unknown[];
}

/** Runs a rehearsal that is to succeed with one JSON object and nothing else on standard output. */
async function rehearsed(...args: string[]): Promise<Rehearsed> {
  const { code, stdout, stderr } = await rehearse(...args, "--json");
  expect(code, stdout + stderr).toBe(0);
  const result = JSON.parse(stdout) as Rehearsed;
  expect(result.note).toMatch(NOTE);
  return result;
}

const worldOf = (stack: string) => new World(project.at(".ladder", "rehearsal", stack, "clouds.jsonl"));
const ofType = ({ resources }: Rehearsed, type: string) => resources.filter((each) => each.type === type);
const changed = ({ changes }: Rehearsed) =>
  Object.fromEntries(Object.entries(changes).filter(([op, count]) => op !== "same" && count > 0));

/** Changes the settings of a stack as an editor does, and commits them. */
function edit(stack: string, from: string, to: string): void {
  const settings = project.read(`Pulumi.${stack}.yaml`);
  expect(settings).toContain(from);
  project.write(`Pulumi.${stack}.yaml`, settings.replace(from, to));
  git("commit", "--quiet", "--all", "--message", "other settings");
}

/** Names that a model made up and the SDK does not have. */
const unheardOutputs = (stack: string): string[] =>
  worldOf(stack)
    .all()
    .flatMap(({ type, values }) => {
      const shape = shapeOf(type);
      const names = Object.keys(values).filter((name) => !name.startsWith("__"));
      return names
        .filter((name) => !shape?.inputs.has(name) && !shape?.outputs.has(name))
        .map((name) => `${type} ${name}`);
    });

beforeAll(() => {
  project = copyProject("my platform #1 100% new");
  git("init", "--quiet");
  // A clone has a folder there, which .gitignore names; the copy has a link.
  appendFileSync(project.at(".git/info/exclude"), "node_modules\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "a clone");
});
afterAll(() => project.remove());

describe("ladder rehearse smb", () => {
  it("previews, judges the policies, and makes nothing", async () => {
    const preview = await rehearsed("smb");
    expect(preview.policies.refused).toBe(false);
    expect(preview.durations.previewSeconds).toBeGreaterThan(0);
    expect(changed(preview)).toEqual({ create: preview.resources.length });
    expect(ofType(preview, "aws:rds/instance:Instance")).toHaveLength(1);
    expect(worldOf("smb").all()).toEqual([]);
  });

  it("goes on after an injected fault, and shows what was made", async () => {
    const failed = await rehearse("smb", "--up", "--fail-at", "40", "--fault", "unanswered");
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain("[injected by the rehearsal]");
    expect(failed.stderr).toContain("ladder rehearse smb --up did not finish");
    const { code, stdout, stderr } = await rehearse("smb", "--up");
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(NOTE);
    expect(stdout).toMatch(/Stack smb \(tier smb\) was rehearsed: \d+ created/);
    expect(stdout).toMatch(/In a real account this would take about \d+ minutes/);
    expect(stdout).not.toContain("in the clouds and not in the state");
    expect(unheardOutputs("smb")).toEqual([]);
  });

  it("has nothing to change the second time", async () => {
    const again = await rehearsed("smb", "--up");
    expect(changed(again)).toEqual({});
    expect(again.orphans).toEqual([]);
    expect(again.outputs).toMatchObject({ tier: "smb", contract: "[secret]" });
    expect(JSON.stringify(again.resources)).toContain("[secret]");
    for (const { urn, type, inputs, outputs } of again.resources)
      expect([typeof urn, typeof type, typeof inputs, typeof outputs]).toEqual([
        "string",
        "string",
        "object",
        "object",
      ]);
  });

  it("changes the size of the machine in place", async () => {
    edit("smb", 'users: "20000"', 'users: "20000"\n  scaling-ladder:size: high-load');
    const plan = await rehearsed("smb");
    expect(plan.steps?.filter(({ op }) => op !== "update")).toEqual([]);
    expect(plan.steps?.map(({ urn }) => urn.split("$").at(-1))).toContain(
      "aws:rds/instance:Instance::database-primary",
    );
    const before = worldOf("smb").all("aws:rds/instance:Instance")[0];
    expect(Object.keys(changed(await rehearsed("smb", "--up")))).toEqual(["update"]);
    const after = worldOf("smb").all("aws:rds/instance:Instance")[0];
    expect(after?.id).toBe(before?.id);
    expect(after?.values.instanceClass).not.toBe(before?.values.instanceClass);
  });

  it("keeps every generated secret out of what it says and what it writes", async () => {
    const stack = await rehearsedStack(project, "smb", project.at(".ladder", "rehearsal", "smb"));
    const { said: shown } = await stack.pulumi("stack", "export", "--show-secrets");
    const secrets = generatedSecrets(JSON.parse(shown));
    expect(secrets.length).toBeGreaterThan(4);
    const texts = [
      ["what was said", said],
      ...filesBelow(project.at(".ladder")).map((file) => [file, readFileSync(file, "utf8")]),
    ];
    expect(texts.some(([, text]) => text?.includes("database-primary"))).toBe(true);
    const forms = secrets.flatMap((each) => [each, Buffer.from(each).toString("base64"), encodeURIComponent(each)]);
    const found = texts.filter(([, text]) => forms.some((form) => text?.includes(form))).map(([where]) => where);
    expect(found).toEqual([]);
  });

  it("is not destroyed while it is protected, not even in part", async () => {
    const before = worldOf("smb").all().length;
    const { code, stdout, stderr } = await rehearse("smb", "--destroy");
    expect(code).toBe(4);
    expect(stdout + stderr).toMatch(/protection holds .*database-primary/);
    expect(stderr).toContain("deletionProtection");
    expect(worldOf("smb").all()).toHaveLength(before);
  });

  it("is destroyed once its protection is lifted, and leaves nothing but the keys of its backups", async () => {
    edit("smb", "config:\n", "config:\n  scaling-ladder:deletionProtection: false\n");
    const urns = () =>
      worldOf("smb")
        .all()
        .map(({ urn }) => urn);
    const before = urns();
    await rehearsed("smb", "--up");
    const after = new Set(urns());
    // The policy that refuses to delete recovery points goes; nothing else does.
    expect(before.filter((urn) => !after.has(urn)).map((urn) => urn.split("::").at(-1))).toEqual([
      "backup-vault-policy",
    ]);
    const down = await rehearsed("smb", "--destroy");
    expect(down.changes.delete).toBeGreaterThan(100);
    expect(down.resources).toEqual([]);
    // Snapshots and recovery points can only be read with the keys that they were written with.
    expect(
      worldOf("smb")
        .all()
        .filter(({ type }) => type !== "aws:kms/key:Key"),
    ).toEqual([]);
    expect(down.kept).toHaveLength(worldOf("smb").all().length);
  });

  it("never touches the settings, nor anything that git sees", () => {
    expect(git("status", "--porcelain")).toBe("");
    expect(project.read("Pulumi.smb.yaml")).not.toMatch(/encryption|secure/);
  });
});

describe("ladder rehearse prod", () => {
  it("brings up a primary with its replicas, and has nothing to change the second time", async () => {
    const made = await rehearsed("prod", "--up");
    expect(ofType(made, "aws:rds/instance:Instance")).toHaveLength(3);
    expect(made.outputs).toMatchObject({ tier: "enterprise", contract: "[secret]" });
    expect(made.durations.realCloud?.longestChain.some((urn) => urn.endsWith("::database-primary"))).toBe(true);
    expect(unheardOutputs("prod")).toEqual([]);
    const again = await rehearsed("prod", "--up");
    expect(changed(again)).toEqual({});
    expect(again.orphans).toEqual([]);
  });

  it("changes the size of its machines in place, and is not destroyed while it is protected", async () => {
    edit("prod", 'users: "250000"', 'users: "250000"\n  scaling-ladder:size: high-load');
    const plan = await rehearsed("prod");
    expect(plan.steps?.filter(({ op }) => op !== "update")).toEqual([]);
    const { code, stderr } = await rehearse("prod", "--destroy");
    expect(code).toBe(4);
    expect(stderr).toMatch(/protection holds .*database-primary/);
    expect(git("status", "--porcelain")).toBe("");
  });
});

describe("what cannot be rehearsed", () => {
  it.each([
    [["dev"], 2, "Stack dev has no cloud to simulate"],
    [["nothing"], 2, "Pulumi.nothing.yaml"],
    [["smb", "--up", "--destroy"], 2, "cannot be used with"],
    [["smb", "--up", "--fail-at", "0"], 2, "whole number from 1"],
    [["smb", "--fail-at", "3"], 2, "add --up or --destroy"],
    [["smb", "--up", "--fault", "earthquake"], 2, "throttled, refused, unready, cut, unanswered"],
    [["smb", "--time-scale", "2"], 2, "number from 0 to 1"],
    [[], 2, "missing required argument"],
  ])("%j is refused at once, and told why", async (args, exit, reason) => {
    const { code, stderr, stdout } = await rehearse(...args);
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(reason);
  });
});

/** The values that providers generated: passwords and keys, wherever they stand in a state that shows its secrets. */
function generatedSecrets(state: {
  deployment: { resources: readonly { type: string; outputs?: Readonly<Record<string, unknown>> }[] };
}): string[] {
  const GENERATED: Readonly<Record<string, readonly string[]>> = {
    "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
    "aws:iam/accessKey:AccessKey": ["secret", "sesSmtpPasswordV4"],
  };
  return state.deployment.resources.flatMap(({ type, outputs }) =>
    (GENERATED[type] ?? []).flatMap((name) => {
      const value = outputs?.[name];
      const plain = typeof value === "object" && value !== null ? Reflect.get(value, "plaintext") : undefined;
      return typeof plain === "string" ? [JSON.parse(plain) as string] : [];
    }),
  );
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}.yml`)) as Workflow;
const runs = ({ steps }: Job): string[] => steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const jobIn = ({ jobs }: Workflow, name: string): Job => {
  const job = jobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
};

describe("the workflow of pull requests", () => {
  const preview = workflow("preview");

  it("runs on pull requests and sees no secret, no environment and no account", () => {
    expect(Object.keys(preview.on)).toEqual(["pull_request"]);
    expect(read(".github/workflows/preview.yml")).not.toMatch(/secrets\.|id-token|configure-aws-credentials|--real/);
    expect(Object.values(preview.jobs).filter(({ environment }) => environment !== undefined)).toEqual([]);
  });

  it("gives rights to write only to jobs that run nothing of the pull request", () => {
    for (const { permissions = {}, steps } of Object.values(preview.jobs)) {
      if (!Object.values(permissions).includes("write")) continue;
      expect(steps.filter(({ run, uses }) => /npm|npx|ladder/.test(run ?? "") || uses?.startsWith("./"))).toEqual([]);
    }
  });

  it("hands the table, the SARIF log and the JUnit report on to those who show them", () => {
    const judged = runs(jobIn(preview, "preview")).join("\n");
    expect(judged).toContain("npx ladder policy --sarif policies.sarif --junit policies.xml | tee policies.txt");
    const upload = jobIn(preview, "preview").steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact"));
    expect(upload?.with?.path).toBe("comment.md\npolicies.sarif\npolicies.xml\n");
    const scanning = jobIn(preview, "code-scanning").steps.find(({ uses }) => uses?.includes("upload-sarif"));
    expect(scanning?.with).toEqual({ sarif_file: "policies.sarif" });
  });
});

describe.each([
  ["deploy", "cloud", /npm run up -- "\$STACK" --yes[\s\S]*npx ladder policy "\$STACK" --real/],
  ["nightly", "stack", /npx ladder preview "\$STACK" --json[\s\S]*npx ladder policy "\$STACK" --real/],
])("the workflow %s", (name, job, order) => {
  const { steps, permissions } = jobIn(workflow(name), job);
  const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run])).join("\n");

  it("judges what is up with the second pass, and refuses a state that would be lost first", () => {
    expect(scripts).toMatch(order);
    expect(scripts.indexOf(".github/require-state.sh")).toBeLessThan(scripts.indexOf("npx ladder"));
    expect(scripts.indexOf(".github/require-state.sh")).toBeGreaterThanOrEqual(0);
  });

  it("gives the backend's secrets to each step that looks at the stack", () => {
    const looking = steps.filter(({ run }) => /ladder|npm run|require-state/.test(run ?? ""));
    for (const { name: step, env = {} } of looking)
      expect(Object.keys(env), step).toEqual(["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"]);
  });

  it("may prove what it is, and write nothing", () => {
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
  });
});

describe("the look for drift", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ladder-drift-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function look(plan: object, env: Readonly<Record<string, string>> = {}): { code: number | null; stdout: string } {
    const file = join(folder, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, ".github/drift.cjs"), file], {
      encoding: "utf8",
      env,
    });
    return { code: status, stdout };
  }

  it("passes without drift, and tells what an `up` would do", () => {
    expect(look({ drift: [], steps: [{ op: "update", urn: "urn:a" }] })).toEqual({
      code: 0,
      stdout: "up would update urn:a\n",
    });
  });

  it("fails on drift, names what has changed and no value", () => {
    const drift = [{ resource: "database", property: "password", was: "one", is: "two" }, { resource: "bucket" }];
    expect(look({ drift, steps: [] })).toEqual({
      code: 1,
      stdout: "database: password\nbucket: the resource is gone\n",
    });
    expect(look({ drift, steps: [] }, { GITHUB_ACTIONS: "true" }).stdout).toMatch(/^::error::database: password$/m);
  });
});

describe("the state that a job requires", () => {
  const require = (env: Readonly<Record<string, string>>, stack = "prod") =>
    spawnSync(join(ROOT, ".github/require-state.sh"), {
      cwd: ROOT,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        STACK: stack,
        PULUMI_BACKEND_URL: "",
        PULUMI_ACCESS_TOKEN: "",
        PULUMI_CONFIG_PASSPHRASE: "",
        ...env,
      },
    });

  it.each([
    [{}, 3, "PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN"],
    [{ PULUMI_BACKEND_URL: "s3://state" }, 3, "PULUMI_CONFIG_PASSPHRASE"],
    [{ PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "x" }, 0, ""],
    [{ PULUMI_ACCESS_TOKEN: "x" }, 0, ""],
  ])("with %o ends with %i", (env, code, says) => {
    const { status, stdout } = require(env);
    expect(status).toBe(code);
    expect(stdout).toContain(says);
  });
});

describe("the GitLab snippet of docs/ci.md", () => {
  const snippet = /```yaml\n# \.gitlab-ci\.yml\n([\s\S]*?)```/.exec(read("docs/ci.md"))?.[1] ?? "";
  const pipeline = parse(snippet) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  it("judges merge requests without an identity, and shows the JUnit report", () => {
    expect(pipeline.policies).toMatchObject({
      rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }],
      artifacts: { when: "always", reports: { junit: "policies.xml" } },
    });
    expect(pipeline.policies).not.toHaveProperty("id_tokens");
    expect(JSON.stringify(pipeline.policies)).toContain("npx ladder policy --junit policies.xml");
  });

  it("looks each night, with an identity, in scheduled pipelines only, and fails on what it finds", () => {
    expect(pipeline.nightly).toMatchObject({
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      id_tokens: { AWS_TOKEN: { aud: expect.any(String) } },
    });
    expect(pipeline.nightly?.script).toEqual([
      'npx ladder preview "$STACK" --json > plan.json',
      "node .github/drift.cjs plan.json || DRIFT=$?",
      'npx ladder policy "$STACK" --real --junit policies.xml',
      expect.stringMatching(/^exit "\$\{DRIFT:-0\}"$/),
    ]);
  });
});

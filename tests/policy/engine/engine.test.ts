import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profileConfig } from "../../../policy/profile";
import { readPolicyEvents } from "../../../policy/running/events";
import { type PolicyRun, REPORTED } from "../../../policy/running/findings";
import { type Judges, runPolicies } from "../../../policy/running/run";
import { UserError } from "../../../settings/errors";
import { copyOfPack, PROJECT } from "../pack/copy";
import { type Component, engineOverProgram } from "./program";

/** An engine may have to be built first, on a machine that has none yet. */
const FIRST_ENGINE_MS = 900_000;
const PASSWORD = "Tr0ub4dor-and-3";

const app = (users: unknown, replicas: unknown = 1): Component => ({
  type: "scaling-ladder:app:LocalApp",
  name: "app",
  facts: { tier: "development", users, replicas },
});
const sqlite: Component = { type: "scaling-ladder:database:SqliteDatabase", name: "db", facts: { kind: "sqlite" } };
const verdictsOf = (run: PolicyRun) =>
  Object.fromEntries(run.outcomes.map((outcome) => [outcome.policy, outcome.verdict]));
/** The rules that judge a stack of development; policy-not-vacuous and others speak of clouds. */
const LOCAL = [
  "tier-fits-users",
  "tier-users-advisory",
  "single-node-storage-single-replica",
  "outputs-no-credentials",
  "exemptions-current",
] as const;
const ALL_PASSED = Object.fromEntries(LOCAL.map((name) => [name, "passed"]));
const JUDGES: Judges = { profile: "dev", config: profileConfig("dev", REPORTED) };

describe("the pack on the real engine", () => {
  let tiny: Awaited<ReturnType<typeof engineOverProgram>>;
  let said = "";
  const judge = (components: readonly Component[], outputs: Readonly<Record<string, unknown>> = {}) => {
    tiny.give({ components, outputs });
    return runPolicies("tiny", JUDGES, async (args, env) => {
      const result = await tiny.run(args, env);
      said = result.stdout + result.stderr;
      return result;
    });
  };
  beforeAll(async () => {
    tiny = await engineOverProgram();
  }, FIRST_ENGINE_MS);
  afterAll(() => tiny?.remove());

  test("passes a small development stack, every rule having judged it", async () => {
    const run = await judge([sqlite, app(200)], { tier: "development", contract: { secret: { DB_TYPE: "sqlite" } } });
    expect(run).toMatchObject({ refused: false, findings: [] });
    expect(verdictsOf(run)).toMatchObject(ALL_PASSED);
  });

  test("S1-22: refuses 20,000 users, naming smb, and only advises at 1,500", async () => {
    const refused = await judge([sqlite, app(20_000)]);
    expect(refused.refused).toBe(true);
    expect(refused.findings.map(({ policy, message }) => [policy, message])).toEqual([
      ["tier-fits-users", expect.stringContaining("smb")],
    ]);
    expect(refused.findings[0]?.urn).toMatch(/LocalApp::app$/);
    const advised = await judge([sqlite, app(1_500)]);
    expect(advised.refused).toBe(false);
    expect(verdictsOf(advised)).toMatchObject({ ...ALL_PASSED, "tier-users-advisory": "violated" });
  });

  test("S1-60: refuses a second replica on SQLite, from the inputs of components that register no outputs", async () => {
    const run = await judge([app(200, 2), sqlite]);
    expect(run.refused).toBe(true);
    expect(run.findings.map(({ policy, urn }) => [policy, urn.split("::").at(-1)])).toEqual([
      ["single-node-storage-single-replica", "app"],
    ]);
  });

  test("tells secret outputs from plain ones, and shows no value of either", async () => {
    const url = `postgresql://me:${PASSWORD}@db/x`;
    const run = await judge([sqlite, app(200)], {
      hidden: { secret: PASSWORD },
      inside: { safe: [{ secret: { url } }] },
      unknownSecret: { secret: { later: true } },
      host: "db.internal",
      leak: { deep: [`the password is ${PASSWORD}`] },
      connection: url,
    });
    expect(run.refused).toBe(true);
    const messages = run.findings.map((finding) => finding.message).sort();
    expect(messages).toEqual([expect.stringContaining("`connection`"), expect.stringContaining("`leak.deep[0]`")]);
    expect(JSON.stringify(run)).not.toContain(PASSWORD);
    for (const report of readPolicyEvents(said).reports) expect(report.message).not.toContain(PASSWORD);
  });

  test("a value that only `up` makes known is unverified, is seen, and refuses nothing", async () => {
    const run = await judge([sqlite, app({ later: true }, { later: true })], { host: { later: true } });
    expect(run.refused).toBe(false);
    expect(verdictsOf(run)).toMatchObject({
      "tier-fits-users": "unverified",
      "tier-users-advisory": "passed",
      "single-node-storage-single-replica": "unverified",
      "outputs-no-credentials": "unverified",
    });
  });

  test("once it is up, its state decides what the preview could not know", async () => {
    const outputs = { made: { later: true }, hidden: { secret: { later: true } } };
    const before = await judge([sqlite, app(200)], outputs);
    expect(verdictsOf(before)).toMatchObject({ "outputs-no-credentials": "unverified" });
    expect(before.passes).toEqual(["preview"]);
    await tiny.run(["up", "--stack", "tiny", "--yes", "--skip-preview"], {});
    // A change that is still to come leaves something to look at in both passes.
    const after = await judge([sqlite, app(200)], { ...outputs, host: "db.internal" });
    expect(after.passes).toEqual(["preview", "state"]);
    expect(verdictsOf(after)).toMatchObject(ALL_PASSED);
    // An engine that is too old for it exports the state, and the rules are asked in this process.
    const older = await runPolicies("tiny", JUDGES, (args, env) =>
      args[0] === "policy"
        ? Promise.resolve({ code: 255, stdout: "", stderr: "unknown command" })
        : tiny.run(args, env),
    );
    expect(older).toEqual(after);
    await tiny.run(["destroy", "--stack", "tiny", "--yes", "--skip-preview"], {});
  });

  test("policy-not-vacuous: a program that fails by itself is no violation and no success", async () => {
    const broken = judge([app(200), app(300)]);
    await expect(broken).rejects.toThrow(/failed, so its policies were not judged:\n.*Duplicate resource URN/s);
    await expect(runPolicies("nowhere", JUDGES, tiny.run)).rejects.toThrow(UserError);
  });
});

describe("starting the pack", () => {
  let tiny: Awaited<ReturnType<typeof engineOverProgram>>;
  let copy: ReturnType<typeof copyOfPack>;
  beforeAll(async () => {
    tiny = await engineOverProgram();
    copy = copyOfPack();
    tiny.give({ components: [sqlite, app(20_000)], outputs: {} });
  }, FIRST_ENGINE_MS);
  afterAll(() => {
    tiny?.remove();
    copy?.remove();
  });
  const preview = (pack: string) =>
    tiny.run(["preview", "-s", "tiny", "--json", "--policy-pack", pack], {
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    });

  test("as an executable file, never compiled before, under a path with spaces", async () => {
    const { code, stdout } = await preview(join(copy.folder, "pack"));
    expect(code).not.toBe(0);
    expect(readPolicyEvents(stdout).reports.map((report) => report.policy)).toEqual(["tier-fits-users"]);
  });

  test("as a directory, by the script that starts packs of a runtime which has no language host", async () => {
    // The language host built from registry modules refuses pack directories, so the engine is led past it.
    const yaml = join(copy.folder, "PulumiPolicy.yaml");
    writeFileSync(yaml, readFileSync(yaml, "utf8").replace("runtime: nodejs", "runtime: ladderjs"));
    const module = "@pulumi/pulumi/cmd/run-policy-pack";
    tiny.script("pulumi-analyzer-policy-ladderjs", `#!/bin/sh\nexec node -e 'require("${module}")' it "$@"\n`);
    const { code, stdout } = await preview(copy.folder);
    expect(code).not.toBe(0);
    expect(readPolicyEvents(stdout).reports.map((report) => report.policy)).toEqual(["tier-fits-users"]);
  });

  test("as a directory given from elsewhere, as the official language host does", async () => {
    const main = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const port = await firstLine(process.execPath, [main, "127.0.0.1:1", copy.folder]);
    expect(port).toMatch(/^\d+$/);
  });

  test("takes the engine's flags before the address", async () => {
    const port = await firstLine(join(PROJECT, "policy", "pack"), ["--logtostderr", "-v=3", "127.0.0.1:1"]);
    expect(port).toMatch(/^\d+$/);
  });
});

/** Starts a command elsewhere, waits for its first line, and ends it. */
function firstLine(command: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: tmpdir(), stdio: ["ignore", "pipe", "inherit"] });
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`ended with ${code} before its first line`)));
    child.stdout.once("data", (data: Buffer) => {
      child.removeAllListeners("exit");
      child.kill();
      done(data.toString().split("\n")[0] ?? "");
    });
  });
}

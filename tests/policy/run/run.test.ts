import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readMessage, type Told, writeMessage } from "../../../policy/message";
import { profileConfig } from "../../../policy/profile";
import { renderPolicyRun } from "../../../policy/reports/table";
import { RULES } from "../../../policy/rules";
import type { PolicyRun } from "../../../policy/running/findings";
import { REPORTED } from "../../../policy/running/findings";
import { type EngineResult, type Judges, type RunEngine, runPolicies as runWith } from "../../../policy/running/run";
import { ExitCode, UserError } from "../../../settings/errors";
import { ruleNamed } from "../rules/cases";

const APP = "urn:pulumi:dev::scaling-ladder::scaling-ladder:app:LocalApp::app";
const pack = { policyPackName: "scaling-ladder" };
const stackRules = REPORTED.filter((rule) => !("scope" in rule) || rule.scope === "stack").map((rule) => rule.name);
const JUDGES: Judges = { profile: "dev", config: profileConfig("dev", REPORTED) };
const runPolicies = (stack: string, engine: RunEngine): Promise<PolicyRun> => runWith(stack, JUDGES, engine);

const resourceSummary = { policyAnalyzeSummaryEvent: { ...pack, resourceUrn: APP, passed: ["tier-fits-users"] } };
const stackSummary = { policyAnalyzeStackSummaryEvent: { ...pack, passed: stackRules } };
const reportOf = (policy: string, told: Told) => ({
  policyEvent: {
    ...pack,
    policyName: policy,
    resourceUrn: APP,
    message: `${writeMessage(ruleNamed(policy), told)}\n`,
  },
});
const report = (policy: string, verdict: "violated" | "unverified", message: string) =>
  reportOf(policy, { verdict, message });
const step = (urn: string, op: string) => ({ resourcePreEvent: { metadata: { urn, op } } });
/** How a look at a state ends. */
const looked = { summaryEvent: { result: "succeeded" } };
/** What the pack itself tells of it. */
const asked = (...policies: string[]) => ({
  policyEvent: { ...pack, policyName: "account", resourceUrn: APP, message: `Tells.\n${policies.join(" ")}\n` },
});
const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });

function engine(code: number, events: readonly unknown[], stderr = ""): RunEngine {
  const stdout = ["not an event", ...events.map((event) => JSON.stringify(event)), '{"half'].join("\n");
  return async (): Promise<EngineResult> => ({ code, stdout, stderr });
}

async function refusal(run: Promise<unknown>): Promise<UserError> {
  const thrown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof UserError)) throw new Error("expected a UserError");
  return thrown;
}

describe("runPolicies", () => {
  test("asks the engine for a preview of that stack, with the pack and as a stream of events", async () => {
    const calls: unknown[] = [];
    await runPolicies("dev", async (args, env) => {
      calls.push(args.slice(0, 6), env);
      expect(args[6]).toMatch(/[/\\]policy[/\\]pack$/);
      expect(args[7]).toBe("--policy-pack-config");
      expect(JSON.parse(readFileSync(args[8] ?? "", "utf8"))).toEqual(JUDGES.config);
      return engine(0, [resourceSummary, stackSummary])(args, env);
    });
    expect(calls).toEqual([
      ["preview", "--stack", "dev", "--json", "--non-interactive", "--policy-pack"],
      { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    ]);
  });

  test("passes a stack that keeps every rule, and says which were not about it", async () => {
    const run = await runPolicies("dev", engine(0, [resourceSummary, stackSummary]));
    expect(run).toMatchObject({ stack: "dev", refused: false, findings: [] });
    expect(Object.fromEntries(run.outcomes.map((outcome) => [outcome.policy, outcome.verdict]))).toMatchObject({
      "tier-fits-users": "passed",
      "tier-users-advisory": "not applicable",
      "single-node-storage-single-replica": "passed",
      "outputs-no-credentials": "passed",
      "stateful-protected": "disabled",
    });
    expect(renderPolicyRun(run)).toContain("Stack dev keeps every mandatory policy");
  });

  test("refuses a stack that violates a mandatory rule, with remedy and ids", async () => {
    const found = report("tier-fits-users", "violated", "the tier for them is smb.");
    const run = await runPolicies("dev", engine(1, [found, error("preview failed")]));
    expect(run.refused).toBe(true);
    expect(run.findings).toEqual([
      {
        policy: "tier-fits-users",
        level: "mandatory",
        verdict: "violated",
        urn: APP,
        message: "the tier for them is smb.",
        remedy: ruleNamed("tier-fits-users").remedy,
        ids: ["S1-22", "S1-71", "C-01", "C-02"],
        pass: "preview",
      },
    ]);
    expect(run.outcomes.find((outcome) => outcome.policy === "outputs-no-credentials")?.verdict).toBe("not reached");
    const table = renderPolicyRun(run);
    for (const text of ["violated", "LocalApp app", "is smb", "Fix: Promote", "Stack dev is refused"]) {
      expect(table).toContain(text);
    }
  });

  test("shows advice and what is unverified without refusing", async () => {
    const advice = report("tier-users-advisory", "violated", "1500 users.");
    const open = report("outputs-no-credentials", "unverified", "Not known before `pulumi up`: `host`.");
    const run = await runPolicies("dev", engine(0, [advice, open, stackSummary]));
    expect(run.refused).toBe(false);
    expect(run.findings.map((finding) => finding.verdict)).toEqual(["violated", "unverified"]);
    expect(renderPolicyRun(run)).toMatch(/keeps every mandatory .*; advice: 1; unverified before `up`: 1\)/);
  });

  test.each([
    ["nothing at all", []],
    ["another pack only", [{ policyAnalyzeStackSummaryEvent: { policyPackName: "other", passed: stackRules } }]],
    ["a pack whose rules are switched off", [{ policyAnalyzeStackSummaryEvent: pack }]],
    ["one stack rule less", [{ policyAnalyzeStackSummaryEvent: { ...pack, passed: stackRules.slice(1) } }]],
  ])("policy-not-vacuous: a preview that succeeds and reports %s is refused", async (_, events) => {
    const thrown = await refusal(runPolicies("dev", engine(0, events)));
    expect(thrown.exitCode).toBe(ExitCode.refused);
    expect(thrown.message).toMatch(/not shown to keep it.*npm run policy/s);
  });

  test("passes on why a preview failed that no policy stopped", async () => {
    const thrown = await refusal(runPolicies("dev", engine(255, [resourceSummary, error("no settings\n")])));
    expect(thrown.message).toBe("The preview of stack dev failed, so its policies were not judged:\nno settings");
    expect(thrown.exitCode).toBe(ExitCode.failed);
    const silent = await refusal(runPolicies("dev", engine(255, [], "error: no stack named 'dev' found\n")));
    expect(silent.message).toContain("no stack named 'dev' found");
  });
});

describe("a stack that is up", () => {
  const open = report("outputs-no-credentials", "unverified", "Not known before `pulumi up`: `host`.");
  /** A preview that leaves something unverified, and the look at the state that follows. */
  const twoPasses = (preview: readonly unknown[], state: readonly unknown[], stateCode = 0) => {
    const calls: (readonly string[])[] = [];
    const run = runPolicies("dev", async (args, env) => {
      calls.push(args);
      const looks = args[0] === "policy";
      return engine(looks ? stateCode : 0, looks ? state : preview)(args, env);
    });
    return { run, calls };
  };

  test("is judged by its state as well, which decides what the preview could not know", async () => {
    const { run, calls } = twoPasses([step(APP, "same"), open, stackSummary], [asked(...stackRules), looked]);
    expect(await run).toMatchObject({ passes: ["preview", "state"], findings: [], refused: false });
    expect(calls.map((args) => args.slice(0, 4))).toEqual([
      ["preview", "--stack", "dev", "--json"],
      ["policy", "analyze", "--stack", "dev"],
    ]);
    // The configuration is gone when the engine is.
    for (const args of calls) expect(existsSync(args.at(-1) ?? "")).toBe(false);
  });

  test("is refused for what its state shows to be violated", async () => {
    const found = report("outputs-no-credentials", "violated", "Output `host` holds a key.");
    const run = await twoPasses([step(APP, "same"), open, stackSummary], [found, asked(...stackRules), looked], 1).run;
    expect(run.refused).toBe(true);
    expect(run.findings).toMatchObject([{ verdict: "violated", pass: "state", message: "Output `host` holds a key." }]);
    expect(renderPolicyRun(run)).toContain("violated, in what is up now");
  });

  test("is judged by what it is to become where it changes, so that a mend can be brought up", async () => {
    const found = report("kms-rotation", "violated", "`enableKeyRotation` is false; it must be true.");
    const run = await twoPasses([step(APP, "update"), open, stackSummary], [found, asked(...stackRules), looked], 1)
      .run;
    expect(run).toMatchObject({
      refused: false,
      findings: [{ policy: "outputs-no-credentials", verdict: "unverified" }],
    });
  });

  test("is not refused for what an interrupted `up` left half made, so that it can be finished", async () => {
    const found = report("outputs-no-credentials", "violated", "Output `host` holds a key.");
    const preview = [step(APP, "same"), step(`${APP}-more`, "create"), open, stackSummary];
    const run = await twoPasses(preview, [found, asked(...stackRules), looked], 1).run;
    expect(run).toMatchObject({ refused: false, passes: ["preview", "state"], findings: [{ verdict: "unverified" }] });
  });

  test("is judged over its exported state by an engine that cannot look at one", async () => {
    const key = "urn:pulumi:dev::scaling-ladder::aws:kms/key:Key::key";
    const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    const exported = {
      deployment: {
        resources: [
          { urn: "urn:pulumi:dev::scaling-ladder::pulumi:pulumi:Stack::it", type: "pulumi:pulumi:Stack" },
          { urn: key, type: "aws:kms/key:Key", inputs: { enableKeyRotation: false, policy: sealed }, outputs: {} },
        ],
      },
    };
    const unverified = ["kms-rotation", "kms-policy-private"].map((policy) => ({
      policyEvent: {
        ...reportOf(policy, { verdict: "unverified", message: "`it` not known." }).policyEvent,
        resourceUrn: key,
      },
    }));
    const run = await runPolicies("dev", async (args, env) => {
      if (args[0] === "policy")
        return { code: 255, stdout: "", stderr: 'error: unknown command "analyze" for "pulumi policy"' };
      if (args[0] === "stack") return { code: 0, stdout: JSON.stringify(exported), stderr: "" };
      return engine(0, [step(key, "same"), ...unverified, stackSummary])(args, env);
    });
    expect(run.passes).toEqual(["preview", "state"]);
    expect(run.findings.map(({ policy, verdict, pass }) => [policy, verdict, pass])).toEqual([
      ["kms-rotation", "violated", "state"],
      ["kms-policy-private", "unverified", "state"],
    ]);
    expect(run.refused).toBe(true);
  });

  test("is not taken for judged when its state cannot be read", async () => {
    const thrown = await refusal(
      runPolicies("dev", async (args, env) =>
        args[0] === "preview"
          ? engine(0, [step(APP, "same"), open, stackSummary])(args, env)
          : { code: 255, stdout: "", stderr: "error: no such stack" },
      ),
    );
    expect(thrown.message).toBe("The state of stack dev could not be read:\nerror: no such stack");
  });

  test("is not taken for judged when the look at its state told nothing", async () => {
    const thrown = await refusal(twoPasses([step(APP, "same"), open, stackSummary], [looked]).run);
    expect(thrown.exitCode).toBe(ExitCode.refused);
  });

  test("has a state worth looking at only when a preview would not create all of it", async () => {
    const { run, calls } = twoPasses([step(APP, "create"), open, stackSummary], []);
    expect(await run).toMatchObject({ passes: ["preview"], findings: [{ verdict: "unverified" }] });
    expect(calls).toHaveLength(1);
  });
});

test("what is exempt is shown with its reason, and refuses nothing", async () => {
  const told: Told = {
    verdict: "exempt",
    message: "`enableKeyRotation` is false; it must be true.",
    exemption: { policy: "kms-rotation", urn: APP, reason: "imported key", owner: "me", expires: "2027-01-01" },
  };
  const run = await runPolicies("dev", engine(0, [reportOf("kms-rotation", told), resourceSummary, stackSummary]));
  expect(run).toMatchObject({
    refused: false,
    findings: [{ verdict: "exempt", exemption: "2027-01-01 (me): imported key" }],
  });
  const table = renderPolicyRun(run);
  expect(table).toContain("Exempt until 2027-01-01 (me): imported key");
  expect(table).toContain("exempt: 1");
});

describe("messages", () => {
  test.each(RULES.map((rule) => [rule.name, rule] as const))("of %s are read back as they were written", (_, rule) => {
    for (const verdict of ["violated", "unverified"] as const) {
      const judgement = { verdict, message: "something: `a.b`." };
      expect(readMessage(rule, `${writeMessage(rule, judgement)}\n`)).toEqual(judgement);
    }
  });

  test("that the SDK wrote itself count as unverified", () => {
    const text = "can't run policy 'tier-fits-users' during preview: string value at .tier can't be known";
    expect(readMessage(ruleNamed("tier-fits-users"), text)).toEqual({ verdict: "unverified", message: text });
  });
});

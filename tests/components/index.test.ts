import { describe, expect, it } from "vitest";
import { startCode } from "../support/children";

interface Result {
  readonly outputs?: unknown;
  readonly error?: string;
  /** What was warned of. */
  readonly log: readonly string[];
  /** How many modules of the cloud SDKs were loaded. */
  readonly cloudModules: number;
}

/** Runs the whole program with these settings, without an engine, as Node does when the engine starts it. */
async function program(config: Record<string, string>): Promise<Result> {
  const child = startCode(`
    const pulumi = require("@pulumi/pulumi");
    const log = [];
    pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) }, "scaling-ladder", "dev", false);
    pulumi.runtime.setAllConfig(${JSON.stringify(config)});
    pulumi.log.warn = (text) => log.push(text);
    const isCloud = (path) => /@pulumi.(aws|kubernetes|postgresql|random)./.test(path);
    const cloudModules = () => Object.keys(require.cache).filter(isCloud).length;
    const tell = (result) => console.log("RESULT" + JSON.stringify({ ...result, log, cloudModules: cloudModules() }));
    try {
      pulumi.output(require("./index.ts")).apply((outputs) => tell({ outputs }));
    } catch (error) {
      tell({ error: pulumi.RunError.isInstance(error) ? error.message : "not a RunError: " + error.stack });
    }
  `);
  const { output } = await child.finished;
  const [, result] = output.split("RESULT");
  if (result === undefined) throw new Error(output);
  return JSON.parse(result);
}

const config = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`scaling-ladder:${key}`, value]));

describe("the program", () => {
  it("reads its settings as the engine hands them over, as text, and makes the stack", async () => {
    const { outputs, log, cloudModules } = await program(
      config({ tier: "development", users: "10", size: "", app: '{"port":8080}', tags: "{}" }),
    );
    expect(outputs).toMatchObject({ tier: "development", app: { port: 8080 }, cache: { kind: "memory" } });
    expect(log).toEqual([]);
    expect(cloudModules, "modules of the cloud SDKs, which the development tier has no use for").toBe(0);
  });

  it("warns where the users outgrow the tier, and goes on", async () => {
    const { outputs, log } = await program(config({ tier: "development", users: "5000" }));
    expect(outputs).toMatchObject({ tier: "development" });
    expect(log).toEqual([expect.stringContaining("the tier for them is smb")]);
  });

  it("refuses wrong settings with their message alone, and without a stack trace", async () => {
    const { error } = await program(config({ tier: "development", users: "20000", colour: "red" }));
    expect(error).toMatch(/^2 settings of stack dev cannot be used:/);
    expect(error).toContain("the tier for them is smb");
    expect(error).toContain("scaling-ladder:colour");
    expect(error).not.toMatch(/\n\s+at /);
  });

  it("refuses a tier that it cannot bring up, without a stack trace", async () => {
    const { error } = await program(config({ tier: "sharded", users: "2000000" }));
    expect(error).toMatch(/^Tier sharded cannot be brought up by this release\./);
  });

  it("hides a secret that the engine has decrypted, wherever it was put by mistake", async () => {
    const { error } = await program(
      config({ tier: "smb", users: "5000", databse: '{"url":"postgresql://a:hunter2@h/d"}' }),
    );
    expect(error).toContain("[secret]");
    expect(error).not.toContain("hunter2");
  });
});

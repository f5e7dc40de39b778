import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReadMessage, readMessage } from "../../../policy/message";
import { readPolicyEvents } from "../../../policy/running/events";
import { REPORTED } from "../../../policy/running/findings";
import { copyOfPack } from "../pack/copy";
import { engineOverProgram } from "./program";

const FIRST_ENGINE_MS = 900_000;
const APP = "urn:pulumi:tiny::tiny::scaling-ladder:app:LocalApp::app";

describe("exemptions on the real engine", () => {
  let tiny: Awaited<ReturnType<typeof engineOverProgram>>;
  let copy: ReturnType<typeof copyOfPack>;

  beforeAll(async () => {
    tiny = await engineOverProgram();
    copy = copyOfPack();
    tiny.give({
      components: [
        {
          type: "scaling-ladder:app:LocalApp",
          name: "app",
          facts: { tier: "development", users: 20_000, replicas: 1 },
        },
      ],
      outputs: {},
    });
  }, FIRST_ENGINE_MS);
  afterAll(() => {
    tiny?.remove();
    copy?.remove();
  });

  async function preview(exemptions: unknown) {
    writeFileSync(join(copy.folder, "exemptions.json"), JSON.stringify(exemptions));
    const args = ["preview", "-s", "tiny", "--json", "--policy-pack", join(copy.folder, "pack")];
    const { code, stdout, stderr } = await tiny.run(args, { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" });
    const events = readPolicyEvents(stdout);
    const said = Object.fromEntries(
      REPORTED.flatMap((rule): [string, ReadMessage][] =>
        events.reports
          .filter(({ policy }) => policy === rule.name)
          .map(({ message }) => [rule.name, readMessage(rule, message)]),
      ),
    );
    return { code, said, text: stdout + stderr };
  }
  const exemption = {
    policy: "tier-fits-users",
    urn: APP,
    reason: "measured: it holds",
    owner: "me",
    expires: "2999-01-01",
  };

  test("what is exempt is told with its reason, and stops nothing", async () => {
    const { code, said } = await preview([exemption]);
    expect(code).toBe(0);
    expect(said["tier-fits-users"]).toEqual({
      verdict: "exempt",
      message: expect.stringContaining("the tier for them is smb"),
      exemption: "2999-01-01 (me): measured: it holds",
    });
    expect(said["exemptions-current"]).toBeUndefined();
  });

  test("one that has expired exempts nothing", async () => {
    const { code, said } = await preview([{ ...exemption, expires: "2020-01-01" }]);
    expect(code).not.toBe(0);
    expect(said["tier-fits-users"]?.verdict).toBe("violated");
  });

  test("one that nothing needs fails by itself", async () => {
    const { code, said } = await preview([exemption, { ...exemption, urn: `${APP}-two` }]);
    expect(code).not.toBe(0);
    expect(said["tier-fits-users"]?.verdict).toBe("exempt");
    expect(said["exemptions-current"]).toEqual({
      verdict: "violated",
      message: expect.stringContaining("app-two (me) matches no finding"),
    });
  });

  test("a file that is wrong lets nothing be judged", async () => {
    const { code, text } = await preview([{ ...exemption, policy: "all" }]);
    expect(code).not.toBe(0);
    expect(text).toContain("entry 1 names a policy that does not exist");
  });
});

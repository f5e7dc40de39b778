import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runPulumi, withCleanStackFiles } from "../../../engine";
import { type Scratch, scratchProgram } from "./program";

const SETTINGS = `# settings of dev
config:
    # why
    scratch:v: "1"   # first

    scratch:list: [1,2,   3]
# end
`;

let scratch: Scratch;
let file: string;

beforeAll(async () => {
  scratch = await scratchProgram();
  file = join(scratch.root, "Pulumi.dev.yaml");
  writeFileSync(file, SETTINGS);
});
afterAll(() => scratch.remove());

async function pulumi(...args: string[]): Promise<string> {
  const { root, engine, env } = scratch;
  const command = { pulumi: engine.pulumi, env };
  const done = await withCleanStackFiles(root, true, () => runPulumi(command, args, { cwd: root, stdio: "pipe" }));
  if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

it("runs leave the settings file byte for byte, and the engine finds the salt in the state", async () => {
  await pulumi("stack", "init", "dev", "--non-interactive");
  expect(readFileSync(file, "utf8")).toBe(SETTINGS);
  await pulumi("up", "--yes", "--non-interactive", "--stack", "dev");
  expect(readFileSync(file, "utf8")).toBe(SETTINGS);
  expect(await pulumi("stack", "output", "secret", "--show-secrets", "--stack", "dev")).toContain("plain-text-output");
  expect(await pulumi("up", "--yes", "--non-interactive", "--stack", "dev")).toContain("2 unchanged");
  expect(readFileSync(file, "utf8")).toBe(SETTINGS);
});

it("a value changed by the run is the only thing that changes", async () => {
  await pulumi("up", "--yes", "--non-interactive", "--stack", "dev", "--config", "v=7");
  expect(readFileSync(file, "utf8")).toBe(SETTINGS.replace('scratch:v: "1"', 'scratch:v: "7"'));
});

it("the state holds no secret in plain text", () => {
  const state = join(scratch.root, ".ladder", "state");
  const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect(texts.join("\n")).toContain("scratch-dev");
  // The program's own text, the provider's code, does not hold the values.
  expect(texts.filter((text) => text.includes("plain-text-secret") || text.includes("plain-text-output"))).toEqual([]);
});

it("an encrypted setting keeps the salt, and can be read again", async () => {
  await pulumi("config", "set", "--secret", "token", "hidden-token", "--stack", "dev");
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^encryptionsalt: /m);
  expect(text).not.toContain("hidden-token");
  expect(await pulumi("config", "get", "token", "--stack", "dev")).toContain("hidden-token");
  await pulumi("up", "--yes", "--non-interactive", "--stack", "dev");
  expect(readFileSync(file, "utf8")).toBe(text);
});

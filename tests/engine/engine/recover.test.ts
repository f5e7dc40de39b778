import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recoverStack, runPulumi, withCleanStackFiles } from "../../../engine";
import { type Scratch, scratchProgram } from "./program";

const SETTINGS = "config:\n  scratch:v: one\n";

let scratch: Scratch;
const lines: string[] = [];

beforeAll(async () => {
  scratch = await scratchProgram();
  writeFileSync(join(scratch.root, "Pulumi.dev.yaml"), SETTINGS);
  await pulumi("stack", "init", "dev");
});
afterAll(() => scratch.remove());

const command = () => ({ pulumi: scratch.engine.pulumi, env: scratch.env });

function pulumi(...args: string[]) {
  const { root } = scratch;
  return withCleanStackFiles(root, true, async () => {
    await recoverStack(command(), { root, stack: "dev", progress: (line) => lines.push(line) });
    return await runPulumi(command(), [...args, "--non-interactive"], { cwd: root, stdio: "pipe" });
  });
}

/** Waits until the state says that the thing is being created; its provider was created before, in a moment. */
async function creating(): Promise<void> {
  const checkpoint = join(scratch.root, ".ladder/state/.pulumi/stacks/scratch/dev.json");
  for (;;) {
    const state = existsSync(checkpoint) ? readFileSync(checkpoint, "utf8") : "";
    if (state.includes('"creating"') && state.includes("::thing")) return;
    await sleep(50);
  }
}

/** Starts `up` and kills it in the middle of the create. */
async function killedUp(): Promise<void> {
  const { root, engine, env } = scratch;
  const args = ["up", "--yes", "--non-interactive", "--skip-preview", "--stack", "dev"];
  const child = spawn(engine.pulumi, args, { cwd: root, env: { ...env, SLOW_MS: "20000" }, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await creating();
  child.kill("SIGKILL");
  await ended;
}

it("an up killed in the middle of a create recovers by running it again, without a question", async () => {
  await killedUp();
  const locks = readdirSync(join(scratch.root, ".ladder/state/.pulumi/locks"), { recursive: true }).map(String);
  expect(locks.some((name) => name.endsWith(".json"))).toBe(true);
  expect(readFileSync(join(scratch.root, "Pulumi.dev.yaml"), "utf8")).toContain("encryptionsalt");

  const again = await pulumi("up", "--yes", "--refresh", "--stack", "dev");
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(again.stdout + again.stderr).not.toContain("pending operations");
  expect(lines).toEqual([
    expect.stringMatching(/^Released the lock on stack dev that process \d+ of .* left/),
    expect.stringMatching(/^Cleared 1 interrupted operation/),
  ]);
  expect(readFileSync(join(scratch.root, "Pulumi.dev.yaml"), "utf8")).toBe(SETTINGS);
  expect(readdirSync(join(scratch.root, ".ladder")).sort()).toEqual(["passphrase", "state"]);

  lines.length = 0;
  const third = await pulumi("up", "--yes", "--refresh", "--stack", "dev");
  expect(third.stdout).toContain("2 unchanged");
  expect(lines).toEqual([]);
});

it("a file of attributes that a kill cut off is done without", async () => {
  await pulumi("up", "--yes", "--stack", "dev");
  const attributes = join(scratch.root, ".ladder/state/.pulumi/stacks/scratch/dev.json.attrs");
  expect(existsSync(attributes)).toBe(true);
  writeFileSync(attributes, "");
  const again = await pulumi("up", "--yes", "--stack", "dev");
  expect(again.code, again.stdout + again.stderr).toBe(0);
});

it("a second run waits for the first, and both succeed", async () => {
  const { root, engine, env } = scratch;
  await pulumi("destroy", "--yes", "--stack", "dev");
  lines.length = 0;
  const args = ["up", "--yes", "--non-interactive", "--skip-preview", "--stack", "dev"];
  const first = runPulumi({ pulumi: engine.pulumi, env: { ...env, SLOW_MS: "6000" } }, args, {
    cwd: root,
    stdio: "pipe",
  });
  await creating();
  const second = await pulumi("up", "--yes", "--skip-preview", "--stack", "dev");
  expect((await first).code).toBe(0);
  expect(second.code, second.stdout + second.stderr).toBe(0);
  expect(lines[0]).toMatch(/^Stack dev is in use by process \d+ of .*; waiting/);
});

it("an interrupted up cancels gracefully: no lock stays, the settings are clean, and the next run goes on", async () => {
  const { root, engine, env } = scratch;
  await pulumi("destroy", "--yes", "--stack", "dev");
  lines.length = 0;
  const stop = new AbortController();
  const locks = join(root, ".ladder/state/.pulumi/locks/organization/scratch/dev");
  const args = ["up", "--yes", "--non-interactive", "--skip-preview", "--stack", "dev"];
  const interrupted = withCleanStackFiles(root, true, () =>
    runPulumi({ pulumi: engine.pulumi, env: { ...env, SLOW_MS: "8000" } }, args, {
      cwd: root,
      stdio: "pipe",
      signal: stop.signal,
    }),
  );
  // Not as soon as it has the lock: it takes signals only later.
  await creating();
  stop.abort();
  expect((await interrupted).code).not.toBe(0);
  expect(readdirSync(locks)).toEqual([]);
  expect(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(SETTINGS);
  const next = await pulumi("up", "--yes", "--refresh", "--stack", "dev");
  expect(next.code, next.stdout + next.stderr).toBe(0);
  expect(lines).toEqual([]);
});

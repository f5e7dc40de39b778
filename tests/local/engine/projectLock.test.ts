import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ExitCode } from "../../../settings/errors";
import { type Child, startCode } from "../../support/children";
import { scratchFolder } from "./fakes";

let root: string;
let remove: () => void;

beforeEach(() => {
  const scratch = scratchFolder();
  remove = scratch.remove;
  root = join(scratch.folder, "my project");
  mkdirSync(join(root, ".ladder"), { recursive: true });
});
afterEach(() => remove());

/** A process that takes the lock, says so, and lives on until it is killed. */
const holder = (waitMs = 60_000): Child =>
  startCode(`
    require("./engine/projectLock.ts")
      .holdProject({ root: ${JSON.stringify(root)}, progress: console.log, waitMs: ${waitMs} })
      .then(() => { console.log("HELD"); setInterval(() => global.gc?.(), 1000); })
      .catch((error) => { console.log(error.exitCode, error.message); });
  `);

it("lets one process in at a time, tells the other that it waits, and lets it in when the first is killed", async () => {
  const first = holder();
  await first.said("HELD");
  const second = holder();
  await second.said("Another run of ladder is at work in this project; waiting for it");
  first.process.kill("SIGKILL");
  await second.said("HELD");
  expect((await first.finished).signal).toBe("SIGKILL");
  second.process.kill();
  await second.finished;
  expect(statSync(join(root, ".ladder", "run.lock")).size).toBe(0);
});

it("refuses when the other run does not end in time", async () => {
  const first = holder();
  await first.said("HELD");
  const { output, code } = await holder(600).finished;
  expect(output).toContain(`${ExitCode.refused} Another run of ladder has been at work in ${root}`);
  expect(code).toBe(0);
  first.process.kill();
  await first.finished;
});

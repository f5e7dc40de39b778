import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startCode } from "../support/children";

const LOAD = join(__dirname, "..", "..", "local", "load.cjs");

it("a process with providers ends by itself when the engine that started it was killed", async () => {
  // The provider's process waits for calls, as its server does; what loads it ends with the engine.
  const provider = `require(${JSON.stringify(LOAD)})("folder"); setInterval(() => {}, 1000); console.log("SERVING")`;
  const engine = startCode(`
    require("node:child_process").spawn(process.execPath, ["--eval", ${JSON.stringify(provider)}], { stdio: "inherit", detached: true });
    setInterval(() => {}, 1000);
  `);
  await engine.said("SERVING");
  engine.process.kill("SIGKILL");
  // Its output is closed when the provider has ended, too.
  const ended = await Promise.race([engine.finished, sleep(20_000)]);
  expect(ended, "it lives on").toBeDefined();
});

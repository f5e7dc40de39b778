import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runPulumi } from "../../../engine";
import { ExitCode } from "../../../settings/errors";
import { scratchFolder, writeScript } from "./fakes";

let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = scratchFolder());
});
afterEach(() => remove());

const run = (text: string, args: string[] = [], signal?: AbortSignal) =>
  runPulumi({ pulumi: writeScript(join(folder, "pulumi"), text), env: { ONLY: "this" } }, args, {
    cwd: folder,
    stdio: "pipe",
    signal,
  });

it("gives what the engine says and its exit code, with exactly the environment and arguments given", async () => {
  const done = await run('echo "$ONLY|$HOME|$1|$2"; echo oops >&2; exit 5', ["a b", "$(id)"]);
  expect(done).toEqual({ code: 5, stdout: "this||a b|$(id)\n", stderr: "oops\n", interrupted: false });
});

it("an engine that a signal ended has the exit code that shells give it", async () => {
  expect((await run("kill -9 $$")).code).toBe(137);
});

it("an engine that cannot be started is a message, not a stack trace", async () => {
  const start = runPulumi({ pulumi: join(folder, "absent"), env: {} }, [], { cwd: folder, stdio: "pipe" });
  await expect(start).rejects.toMatchObject({ name: "UserError", exitCode: ExitCode.missing });
});

it("an abort asks the engine to cancel and waits for its end", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const done = await run(
    "trap 'echo cancelled; exit 3' INT; for i in 1 2 3 4 5 6 7 8 9; do /bin/sleep 1; done",
    [],
    stop.signal,
  );
  expect(done).toMatchObject({ code: 3, stdout: "cancelled\n", interrupted: true });
});

it.each(["SIGINT", "SIGTERM"] as const)("%s is passed on once, and this process lives to tidy up", async (signal) => {
  const log = join(folder, "signals");
  const name = signal.slice(3);
  const engine = writeScript(
    join(folder, "pulumi"),
    `trap 'echo ${name} >> "${log}"' ${name}; echo started >> "${log}"; for i in 1 2 3 4; do /bin/sleep 0.5; done; exit 9`,
  );
  const script = join(folder, "start.ts");
  const engineModule = join(__dirname, "..", "..", "..", "engine");
  writeFileSync(
    script,
    `require(${JSON.stringify(engineModule)}).runPulumi({ pulumi: ${JSON.stringify(engine)}, env: process.env }, [], { cwd: "/", stdio: "inherit" })
      .then(({ code, interrupted }) => console.log("tidied up after", code, interrupted));`,
  );
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (data) => {
    said += String(data);
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (!existsSync(log)) await sleep(50);
  child.kill(signal);
  await sleep(200);
  child.kill(signal);
  expect(await ended).toBe(0);
  expect(said).toBe("tidied up after 9 true\n");
  expect(readFileSync(log, "utf8")).toBe(`started\n${name}\n`);
});

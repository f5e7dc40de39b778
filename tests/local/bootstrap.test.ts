import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary";
import { writeScript } from "./engine/fakes";

const SOURCE = join(__dirname, "../..");

let root: string;
const lock = () => join(root, ".ladder", "install.lock");
const log = () => join(root, "npm.log");
const installs = () => (existsSync(log()) ? readFileSync(log(), "utf8").trim().split("\n") : []);

/** A project that asks for nothing, and an npm that takes its time and notes when another one is at work beside it. */
beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ["cli", ".ladder", "node_modules"]) mkdirSync(join(root, folder));
  for (const file of readdirSync(join(SOURCE, "cli")).filter((name) => name.endsWith(".cjs")))
    copyFileSync(join(SOURCE, "cli", file), join(root, "cli", file));
  writeFileSync(join(root, "package-lock.json"), '{"packages":{}}');
  writeScript(
    join(root, "bin", "npm"),
    `mkdir busy || echo "beside another" >> npm.log; echo began >> npm.log; sleep 1.5; echo ended >> npm.log; rmdir busy`,
  );
});

interface Started {
  readonly kill: () => void;
  readonly ended: Promise<{ code: number | null; said: string }>;
}

/** Starts what every command of ladder does first. `before` is shell code, `preload` JavaScript. */
function start({ before = "", preload = "" } = {}): Started {
  writeFileSync(
    join(root, "start.cjs"),
    `${preload}; require("./cli/bootstrap.cjs").ensureDependencies().then(() => console.log("READY"));`,
  );
  const child = spawn("sh", ["-c", `${before}\nexec "$NODE" start.cjs`], {
    cwd: root,
    env: { ...process.env, NODE: process.execPath, PATH: `${join(root, "bin")}:${process.env.PATH}` },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
  return {
    kill: () => child.kill("SIGKILL"),
    ended: new Promise((done) => child.on("close", (code) => done({ code, said }))),
  };
}

async function expectReady({ ended }: Started): Promise<string> {
  const { code, said } = await ended;
  expect(said).toContain("READY");
  expect(code).toBe(0);
  return said;
}

it("several runs at once install once, and leave no lock", async () => {
  // A slow disk: whoever looks sees a file that is made but not written yet.
  const preload = `const fs = require("node:fs"); const write = fs.writeFileSync;
    fs.writeFileSync = (file, text, options) => {
      fs.closeSync(fs.openSync(file, options?.flag ?? "w"));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      write(file, text);
    };`;
  const runs = [1, 2, 3, 4].map(() => start({ preload }));
  for (const run of runs) await expectReady(run);
  expect(installs()).toEqual(["began", "ended"]);
  expect(readdirSync(join(root, ".ladder"))).toEqual([]);
});

it("after a run that was killed, the next one waits for the npm that goes on without it", async () => {
  const first = start();
  while (installs().length === 0) await sleep(20);
  first.kill();
  expect(await expectReady(start())).toContain("Another run is installing the dependencies");
  expect(installs()).toEqual(["began", "ended", "began", "ended"]);
});

describe("a lock that nobody holds is taken over at once", () => {
  const leaveOld = (text: string) => {
    writeFileSync(lock(), text);
    utimesSync(lock(), new Date(0), new Date(0));
  };
  it.each([
    ["its number went to another program", () => writeFileSync(lock(), `${process.pid} 1`), ""],
    ["its number lives, but it was not renewed", () => leaveOld(`${process.pid}`), ""],
    ["its number is that of the new run itself", () => undefined, "echo $$ > .ladder/install.lock"],
    ["it is empty", () => writeFileSync(lock(), ""), ""],
  ])("%s", async (_why, leave, before) => {
    leave();
    expect(await expectReady(start({ before }))).not.toContain("waiting");
    expect(installs()).toEqual(["began", "ended"]);
  });
});

it("a lock that somebody renews is waited for, also where the system tells no start of its holder", async () => {
  writeFileSync(lock(), `${process.pid}`);
  const run = start();
  await sleep(1200);
  expect(installs()).toEqual([]);
  writeFileSync(lock(), "999999999");
  expect(await expectReady(run)).toContain("waiting for it");
});

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineError, findEngine } from "../../../engine";
import { engineKey } from "../../../engine/goModules";
import { ExitCode } from "../../../settings/errors";
import { bareMachine, fakeGo, fakePulumi, scratchFolder, writeScript } from "./fakes";

let folder: string;
let remove: () => void;
let env: NodeJS.ProcessEnv;
let bin: string;
let log: string;
let engines: string;
let lines: string[];

beforeEach(() => {
  ({ folder, remove } = scratchFolder());
  ({ env, bin } = bareMachine(folder));
  log = join(folder, "go.log");
  engines = join(folder, "home", ".cache", "scaling-ladder", "engine");
  lines = [];
});
afterEach(() => remove());

const find = (signal?: AbortSignal) => findEngine({ root: folder, env, progress: (line) => lines.push(line), signal });
const builds = () =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("build ")).length
    : 0;

describe("pulumi on PATH", () => {
  it("is taken when it is new enough and has its language host", async () => {
    const pulumi = fakePulumi(bin, "3.190.0");
    expect(await find()).toEqual({ pulumi, version: "3.190.0", source: "path", built: false, binDir: bin });
    expect(existsSync(engines)).toBe(false);
  });

  it.each([
    ["is version 3.189.9, at least 3.190.0 is needed", () => fakePulumi(bin, "3.189.9")],
    ["has no pulumi-language-nodejs beside it or on PATH", () => fakePulumi(bin, "3.259.0", false)],
    [
      "does not tell its version (broken library)",
      () => writeScript(join(bin, "pulumi"), "echo broken library >&2; exit 127"),
    ],
  ])("that %s is passed over", async (reason, prepare) => {
    prepare();
    fakeGo(bin, log);
    expect((await find()).source).toBe("build");
    writeScript(join(bin, "go"), "exit 1");
    env.HOME = join(folder, "other home");
    await expect(find()).rejects.toThrow(reason);
  });
});

describe("without an engine", () => {
  it("every way tried and what to do is told, within seconds", async () => {
    const started = Date.now();
    const error = await find().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    if (!(error instanceof EngineError)) return;
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(error.exitCode).toBe(ExitCode.missing);
    expect(error.attempts.map(({ way }) => way)).toEqual([
      "pulumi on PATH",
      "the cache",
      "the official installer",
      "a build with Go",
    ]);
    expect(error.message).toMatch(/Go is not installed .*\n.*install the Pulumi CLI.*or install Go/);
  });

  it("it is built once, with locked sources, and found in the cache afterwards", async () => {
    fakeGo(bin, log);
    const built = await find();
    expect(built).toMatchObject({ version: "3.259.0", source: "build", built: true });
    expect(lines[0]).toMatch(/^Building the Pulumi engine 3\.\d+\.\d+ with Go, once/);
    const args = readFileSync(log, "utf8");
    expect(args.match(/^build -mod=readonly -modcacherw -trimpath .*$/gm)).toHaveLength(2);
    expect(args).toMatch(/^build .*version\.Version=v3\.\d+\.\d+ -o .*\/bin\/pulumi github\.com/m);
    for (const launcher of ["pulumi-resource-pulumi-nodejs", "pulumi-analyzer-policy"]) {
      expect(statSync(join(built.binDir, launcher)).mode & 0o777).toBe(0o755);
    }
    expect(readdirSync(engines)).toEqual([engineKey()]);
    lines = [];
    expect(await find()).toEqual({ ...built, source: "cache" });
    expect(lines).toEqual([]);
    expect(builds()).toBe(2);
  });

  it("two starts at once build once; the second waits, saying so", async () => {
    fakeGo(bin, log, { seconds: 1 });
    const [first, second] = await Promise.all([find(), find()]);
    expect([first.source, second.source].sort()).toEqual(["build", "cache"]);
    expect(builds()).toBe(2);
    expect(lines.filter((line) => line.startsWith("Another run is preparing"))).toHaveLength(1);
  });

  it("the project's own folder is the cache when there is no HOME", async () => {
    fakeGo(bin, log);
    delete env.HOME;
    expect((await find()).binDir).toBe(join(folder, ".ladder", "cache", "engine", engineKey(), "bin"));
  });

  it("the project's own folder is the cache when the home cannot be written, and Go's caches go there too", async () => {
    fakeGo(bin, log);
    env.HOME = "/dev/null";
    expect((await find()).binDir).toContain(join(".ladder", "cache", "engine"));
    expect(existsSync(join(folder, ".ladder", "cache", "engine", "go-caches"))).toBe(false);
  });
});

describe("what goes wrong in a build", () => {
  it("is told, and leaves no entry", async () => {
    fakeGo(bin, log, { fail: "no space left on device" });
    await expect(find()).rejects.toThrow("a build with Go: go build of pulumi failed (no space left on device)");
    expect(readdirSync(engines)).toEqual([]);
  });

  it("a program that does not run is not accepted", async () => {
    fakeGo(bin, log, { broken: true });
    await expect(find()).rejects.toThrow(/does not tell its version/);
    expect(readdirSync(engines)).toEqual([]);
  });

  it("an interruption ends the search and leaves nothing half-made", async () => {
    fakeGo(bin, log, { seconds: 20 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("stopped by the user")), 700);
    await expect(find(stop.signal)).rejects.toThrow("stopped by the user");
    expect(readdirSync(engines)).toEqual([]);
  });

  it("a build killed with SIGKILL is never taken for a whole one; the next start takes over its lock and cleans up", async () => {
    fakeGo(bin, log, { seconds: 4 });
    const script = join(folder, "start.ts");
    const engineModule = join(__dirname, "..", "..", "..", "engine");
    writeFileSync(
      script,
      `require(${JSON.stringify(engineModule)}).findEngine({ root: ${JSON.stringify(folder)}, env: ${JSON.stringify(env)}, progress() {} });`,
    );
    const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), script], { stdio: "ignore" });
    while (builds() === 0) await sleep(50);
    child.kill("SIGKILL");
    expect(readdirSync(engines).some((name) => name.startsWith(".partial-"))).toBe(true);
    fakeGo(bin, log);
    const engine = await find();
    expect(engine.source).toBe("build");
    expect(lines[0]).toMatch(/^Another run is preparing the Pulumi engine; waiting/);
    expect(lines).toContain("Removed what an interrupted build had left");
    expect(readdirSync(engines)).toEqual([engineKey()]);
  });

  it("a damaged cache entry is removed, said, and made anew", async () => {
    fakeGo(bin, log);
    const { pulumi } = await find();
    writeFileSync(pulumi, "\u007fELF cut short");
    lines = [];
    expect((await find()).source).toBe("build");
    expect(lines[0]).toMatch(/^The cached Pulumi engine is broken and is made anew: /);
    expect(builds()).toBe(4);
  });
});

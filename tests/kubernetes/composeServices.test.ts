import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listening } from "../../compose/app";
import { REDIS } from "../../tools/debianTool";
import { freePort, listens, type Server } from "../servers/process";
import { run } from "../servers/run";
import { startS3 } from "../servers/s3";
import { debianPrograms, litestream, type ProgramEnv, type Ready } from "../servers/tools";
import { temporaryFolder } from "../support/temporary";
import { type Container, container } from "./composeContainer";
import { loadedStack, type ModelService, SMB, TEAM } from "./composeStack";

/** Redis and the parts of tier small-team, as the rendered Compose file starts them, on real programs. */

function openFolder(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "files"));
  return folder;
}

const named = (services: Readonly<Record<string, ModelService>>, name: string): ModelService => {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};

describe("the cache", () => {
  let programs: Ready;
  beforeAll(async () => {
    programs = await debianPrograms(REDIS);
  });

  /** A started server; `cli` asks it, as the application unless another user or none is named. */
  async function redis(env: Readonly<Record<string, string>> = {}) {
    const folder = openFolder();
    const { services } = await loadedStack(join(folder, "files"), SMB);
    const box = container(named(services, "redis"), join(folder, "redis"), programs.env, env);
    const port = await freePort();
    const password = named(services, "app").environment?.CACHE_REDIS_PASSWORD ?? "";
    const start = async (): Promise<Server> => {
      const conf = box.at("/scripts/redis.conf");
      await box.must(["sh", "-c", `sed -i 's/^port 6379$/port ${port}/' "$1"`, "sh", conf]);
      return box.start("redis", () => listens(port));
    };
    const cli = async (user: string, secret: string, ...command: string[]): Promise<string> => {
      const login = user === "" ? [] : ["--no-auth-warning", "--user", user, "--pass", secret];
      const { stdout, stderr } = await run(["redis-cli", "-p", String(port), ...login, ...command], {
        env: { ...programs.env },
      });
      return (stdout + stderr).trim();
    };
    const healthy = () => box.healthy((argument) => argument.replace("redis-cli", `redis-cli -p ${port}`));
    return { box, start, password, cli, healthy, app: (...command: string[]) => cli("app", password, ...command) };
  }

  it("S1-68: asks for the password, keeps to its memory, and has its log on the volume", async () => {
    const { start, password, cli, app } = await redis();
    const server = await start();
    onTestFinished(() => server.stop());
    expect(await cli("", "", "PING")).toContain("NOAUTH");
    expect(await cli("app", "wrong", "PING")).toContain("WRONGPASS");
    expect(await cli("default", password, "PING")).toContain("WRONGPASS");
    expect(await app("PING")).toBe("PONG");
    expect(await app("INFO", "memory")).toMatch(/maxmemory_human:614\.00M[\s\S]*maxmemory_policy:volatile-lru/);
    expect(await app("INFO", "persistence")).toContain("aof_enabled:1");
    for (const command of [["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "GET", "requirepass"]])
      expect(await app(...command), command[0]).toContain("NOPERM");
    const { stdout } = await run(["ps", "-eo", "args"], { env: { ...programs.env } });
    expect(stdout.split("\n").filter((line) => line.includes(password) && !line.includes("redis-cli"))).toEqual([]);
  });

  it("is well while it runs, and remembers what was written when it is started again", async () => {
    const { start, app, healthy } = await redis();
    expect(await healthy()).toBe(false);
    const first = await start();
    expect(await healthy()).toBe(true);
    expect(await app("SET", "session", "kept")).toBe("OK");
    await first.stop();
    const second = await start();
    onTestFinished(() => second.stop());
    expect(await app("GET", "session")).toBe("kept");
  });

  it.each(["", "two words", "line\nbreak", 'quote"'])("refuses the password %j in one clear line", async (word) => {
    const { box } = await redis({ CACHE_REDIS_PASSWORD: word });
    const { code, stderr } = await box.run();
    expect(code).toBe(64);
    expect(stderr.trim()).toBe("redis: CACHE_REDIS_PASSWORD must be letters, digits and . _ ~ - only, and not empty");
  });
});

describe("the application's health check", () => {
  it("sees what listens on its port, and nothing else", async () => {
    const server = createServer().listen(0);
    onTestFinished(() => void server.close());
    await new Promise((done) => server.once("listening", done));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const asked = async (which: number) =>
      (await run(["grep", "-qE", listening(which), "/proc/net/tcp", "/proc/net/tcp6"], { env: process.env })).code;
    expect(await asked(port)).toBe(0);
    expect(await asked(await freePort())).toBe(1);
  });
});

describe("SQLite of tier small-team", () => {
  /** Litestream from where another user may run it, and sqlite3 of this machine. */
  async function programsIn(folder: string): Promise<ProgramEnv> {
    copyFileSync(await litestream(), join(folder, "litestream"));
    return { PATH: [folder, process.env.PATH].join(delimiter), LANG: "C.UTF-8" };
  }

  it("comes back from the bucket when its volume is lost, with the schema and every row", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.stop());
    await s3.createBucket("team-backups");
    const folder = openFolder();
    const store = {
      bucket: "team-backups",
      endpoint: s3.endpoint,
      forcePathStyle: true,
      accessKey: "a",
      secretKey: "b",
    };
    const { services } = await loadedStack(join(folder, "files"), { ...TEAM, backup: { store } });
    const keys = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
    const env = await programsIn(folder);
    // One root for all three: they share the volume.
    const box = (name: string): Container => container(named(services, name), join(folder, "root"), env, keys);
    const file = join(folder, "root", "database", "ai_company.db");

    expect(await box("restore").run()).toMatchObject({ code: 0, stdout: expect.stringContaining("begins empty") });
    const metrics = await freePort();
    const replica = box("litestream");
    await replica.must(["sed", "-i", `s/:9090/127.0.0.1:${metrics}/`, replica.at("/scripts/litestream.yml")]);
    const replicating = await replica.start("litestream", () => listens(metrics));
    onTestFinished(() => replicating.stop());
    expect(await box("migrate").run()).toMatchObject({ code: 0, stderr: "" });
    const database = new Database(file);
    database.pragma("busy_timeout = 5000");
    database.prepare("INSERT INTO ai_ideas (title) VALUES (?)").run("kept");
    await expect
      .poll(() => s3.list("team-backups", "compose-test/litestream/ai_company/"), { timeout: 30_000 })
      .not.toEqual([]);
    // What was not sent yet, it sends before it ends.
    await replicating.stop();
    database.close();

    rmSync(join(folder, "root", "database"), { recursive: true });
    expect(await box("restore").run()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("restored from its replica"),
    });
    expect(await box("migrate").run()).toMatchObject({ code: 0, stdout: expect.stringContaining("0 applied now") });
    const restored = new Database(file, { readonly: true });
    expect(restored.prepare("SELECT title FROM ai_ideas").pluck().all()).toEqual(["kept"]);
    restored.close();
  });

  it("starts nothing on an empty database when the bucket cannot be reached", async () => {
    const folder = openFolder();
    const store = {
      bucket: "b-1",
      endpoint: `http://127.0.0.1:${await freePort()}`,
      forcePathStyle: true,
      accessKey: "a",
      secretKey: "b",
    };
    const { services } = await loadedStack(join(folder, "files"), { ...TEAM, backup: { store } });
    const env = await programsIn(folder);
    const { code, stderr } = await container(named(services, "restore"), join(folder, "root"), env).run();
    expect(code).not.toBe(0);
    expect(stderr).toContain("the application is not started on an empty database");
    for (const [name, after] of [
      ["litestream", "restore"],
      ["migrate", "litestream"],
      ["app", "migrate"],
    ] as const)
      expect(Object.keys(named(services, name).depends_on ?? {}), name).toContain(after);
  });
});

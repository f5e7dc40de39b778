import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findPrograms, REDIS } from "../../../tools/debianTool";
import { startPgBouncer } from "../../servers/pgBouncer";
import { type PostgresOptions, startPostgres } from "../../servers/postgres";
import { listens } from "../../servers/process";
import { startRedis } from "../../servers/redis";
import { must, run } from "../../servers/run";
import { startS3 } from "../../servers/s3";
import { awsCommand, litestream, OPTIONS, promtool, shellcheck } from "../../servers/tools";
import { startCode } from "../../support/children";
import { temporaryFolder } from "../../support/temporary";

async function started<T extends { stop(): Promise<void> }>(server: Promise<T>): Promise<T> {
  const one = await server;
  onTestFinished(() => one.stop());
  return one;
}
const postgres = (options?: PostgresOptions) => started(startPostgres(options));

describe("PostgreSQL", () => {
  it("takes settings, passwords and SQL, and what its own programs write", async () => {
    const server = await postgres({ settings: { work_mem: "5MB", "cron.note": "it's fine" } });
    expect(await server.psql("SHOW work_mem; SELECT 1, 'x'")).toBe("5MB\n1|x");
    await server.psql("CREATE DATABASE other");
    expect(await server.psql("SELECT current_database()", "other")).toBe("other");
    const dump = await run([join(server.bin, "pg_dump"), "--dbname", server.url("other")], { env: server.env });
    expect(dump.code).toBe(0);
    await expect(server.psql("SELECT nothing")).rejects.toThrow('column "nothing" does not exist');
    const wrong = { ...server.env, PGPASSWORD: "wrong" };
    expect((await run([join(server.bin, "psql"), "-c", "SELECT 1"], { env: wrong })).code).not.toBe(0);
  });

  it("has replicas on base backups", async () => {
    const primary = await postgres();
    const data = join(primary.home, "replica");
    await must([...primary.owner, join(primary.bin, "pg_basebackup"), "-D", data, "-R", "-c", "fast"], primary);
    const replica = await postgres({ data, password: primary.password });
    await primary.psql("CREATE TABLE notes AS SELECT 42 AS answer");
    expect(await replica.psql("SELECT pg_is_in_recovery()")).toBe("t");
    await expect.poll(() => replica.psql("SELECT answer FROM notes").catch(String), { timeout: 60_000 }).toBe("42");
  });

  it("says in its last lines why it does not start", async () => {
    await expect(startPostgres({ settings: { shared_buffers: "a lot" } })).rejects.toThrow(
      /postgres ended with 1:[\s\S]*invalid value for parameter "shared_buffers"/,
    );
  });
});

describe("PgBouncer", () => {
  it("pools with a configuration that is given, and refuses a setting that it does not know", async () => {
    const server = await postgres();
    const target = `host=${server.host} port=${server.port} user=${server.user} password='${server.password.replaceAll("'", "''")}'`;
    const ini = (more: string) =>
      `[databases]\napp = ${target} dbname=postgres\n[pgbouncer]\npool_mode = transaction\nauth_type = plain\n${more}\n`;
    const users = { app: 'a "quoted" word' };
    const bouncer = await started(startPgBouncer({ ini: ini(""), users }));
    const env = { ...server.env, PGPORT: String(bouncer.port), PGUSER: "app", PGPASSWORD: users.app };
    expect(await must([join(server.bin, "psql"), "-Atc", "SELECT 7", "app"], { env })).toBe("7\n");
    await expect(startPgBouncer({ ini: ini("pool_moode = session"), users })).rejects.toThrow("pool_moode");
  });
});

describe("Redis", () => {
  it("takes a configuration, and refuses a wrong one", async () => {
    const redis = await started(startRedis({ config: "requirepass open\nmaxmemory-policy noeviction\n" }));
    expect(await redis.cli("PING")).toContain("NOAUTH");
    expect(await redis.cli("--no-auth-warning", "-a", "open", "PING")).toBe("PONG");
    await expect(startRedis({ config: "maxmemory-pollicy noeviction\n" })).rejects.toThrow("maxmemory-pollicy");
  });
});

describe("the S3 server", () => {
  it("keeps objects, versions, and what a condition protects", async () => {
    const s3 = await started(startS3());
    await s3.createBucket("things", { versioned: true });
    const keys = ["a b/ü+&'(1).txt", "plain"];
    for (const key of keys) await s3.put("things", key, `first ${key}`);
    expect(await s3.list("things")).toEqual([...keys].sort());
    expect(await s3.list("things", "pl")).toEqual(["plain"]);
    expect(String(await s3.get("things", keys[0] ?? ""))).toBe(`first ${keys[0]}`);
    expect(await s3.get("things", "none")).toBeUndefined();
    const condition = { headers: { "if-none-match": "*" }, body: "second" };
    expect((await s3.request("PUT", ["things", "plain"], condition)).status).toBe(412);
    expect((await s3.request("PUT", ["things", "fresh"], condition)).status).toBe(200);
    await s3.delete("things", "plain");
    expect(await s3.list("things", "plain")).toEqual([]);
    expect(String((await s3.request("GET", ["things"], { query: { versions: "" } })).body)).toContain("<DeleteMarker>");
    await expect(s3.createBucket("No Name")).rejects.toThrow("gave 400");
  });

  it("takes a multipart upload of the AWS command line", async () => {
    const s3 = await started(startS3());
    await s3.createBucket("things");
    const big = Buffer.alloc(20 * 1024 * 1024, "0123456789");
    const file = join(s3.folder, "..", "big");
    writeFileSync(file, big);
    const env = { ...s3.env, PATH: process.env.PATH, HOME: s3.folder };
    await must([await awsCommand(), "s3", "cp", "--quiet", file, "s3://things/big"], { env });
    expect((await s3.get("things", "big"))?.equals(big)).toBe(true);
    const head = await s3.request("HEAD", ["things", "big"]);
    // Three parts of at most 8 MiB.
    expect(head.headers.get("etag")).toMatch(/-3"$/);
    const wrong = { ...env, AWS_SECRET_ACCESS_KEY: "wrong" };
    expect((await run([await awsCommand(), "s3", "ls"], { env: wrong })).code).not.toBe(0);
  });
});

describe("what a test started", () => {
  it("ends with the test's process, also when that is killed", async () => {
    const child = startCode(
      `Promise.all([${["s3", "redis", "postgres"].map((name) => `require("./tests/servers/${name}").start${{ s3: "S3", redis: "Redis", postgres: "Postgres" }[name]}()`).join(",")}])` +
        `.then((all) => console.log("ports", all.map((one) => one.port ?? one.endpoint).join(" "), "."))`,
    );
    await child.said(" .\n");
    child.process.kill("SIGKILL");
    const { output } = await child.finished;
    const ports = [...output.matchAll(/\d{4,5}(?= )/g)].map(([port]) => port);
    expect(ports).toHaveLength(3);
    await expect
      .poll(() => Promise.all(ports.map((port) => listens(Number(port)))), { timeout: 30_000 })
      .toEqual([false, false, false]);
  });
});

describe("the tools", () => {
  it("come from Debian's packages, without root, where PATH has none", async () => {
    const bare = temporaryFolder();
    const path = temporaryFolder();
    const others = readdirSync("/usr/bin").filter((name) => !name.startsWith("redis"));
    for (const name of others) symlinkSync(join("/usr/bin", name), join(path, name));
    const env = { PATH: path, XDG_CACHE_HOME: temporaryFolder() };
    const { folder, env: libraries } = await findPrograms(REDIS, { ...OPTIONS, env }, bare);
    expect(folder.startsWith(env.XDG_CACHE_HOME)).toBe(true);
    const { stdout } = await run([join(folder, "redis-server"), "--version"], { env: { ...env, ...libraries } });
    expect(stdout).toContain("Redis server v=");
  });

  it("check rules of Prometheus", async () => {
    const file = join(temporaryFolder(), "rules.yaml");
    const check = (expr: string) => {
      writeFileSync(file, `groups: [{ name: seeded, rules: [{ alert: Down, expr: '${expr}' }] }]\n`);
      return run([promtoolPath, "check", "rules", file], { env: process.env });
    };
    const promtoolPath = await promtool();
    expect((await check("up == 0")).code).toBe(0);
    expect((await check("up ==")).stderr).toContain("could not parse expression");
  });

  it.each([
    ["litestream", litestream, ["version"], "0.5.18"],
    ["shellcheck", shellcheck, ["--version"], "0.11"],
  ])("%s answers in the version that is locked", async (_name, tool, args, version) => {
    const { stdout, stderr } = await run([await tool(), ...args], { env: process.env });
    expect(stdout + stderr).toContain(version);
  });
});

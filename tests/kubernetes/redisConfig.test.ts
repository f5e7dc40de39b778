import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  REPLICATION_FILE,
  type RedisPaths,
  redisConfiguration,
  replicationFile,
  USERS_FILE,
  userList,
} from "../../components/cache/kubernetes/redisConfiguration";
import { REDIS } from "../../tools/debianTool";
import { freePort, listens, type Server, serverFolder, startServer } from "../servers/process";
import { run } from "../servers/run";
import { debianPrograms, shellcheck } from "../servers/tools";
import { SOURCE } from "../support/project";

/** The very files that the pods get, read by a real server: a primary and a copy of it. */

const SCRIPTS = join(SOURCE, "components/cache/kubernetes");
const PASSWORDS = { app: "the-password-of-the-app", replica: "the-one-of-replicas", metrics: "the-one-of-metrics" };

interface Node {
  readonly port: number;
  readonly server: Server;
  /** Runs the client as a user of the list. */
  as(user: string, password: string, ...command: string[]): ReturnType<typeof run>;
  ready(password?: string): ReturnType<typeof run>;
}

const { folder, remove } = serverFolder();
const nodes: Server[] = [];
afterAll(async () => {
  for (const server of nodes) await server.stop();
  remove();
});

/** Starts what a pod of this number starts, on the data that its port has. */
async function start(number: number, port: number, primaryPort: number, more = "", tls = false): Promise<Node> {
  const { folder: bin, env } = await debianPrograms(REDIS);
  const home = join(folder, String(port));
  const paths: RedisPaths = { configuration: home, users: home, certificate: home, data: join(home, "data") };
  mkdirSync(paths.data, { recursive: true });
  const configuration = redisConfiguration({
    memoryMiB: 256,
    maxmemoryPolicy: "allkeys-lru",
    tls,
    port,
    paths,
  });
  const file = join(home, "redis.conf");
  writeFileSync(file, `${configuration}bind 127.0.0.1\n${more}`);
  if (tls) certify(home);
  writeFileSync(join(home, USERS_FILE), userList(PASSWORDS));
  writeFileSync(join(home, REPLICATION_FILE), replicationFile(PASSWORDS));
  const server = await startServer({
    name: "redis",
    command: "sh",
    args: [join(SCRIPTS, "start.sh"), join(bin, "redis-server"), file, "127.0.0.1", String(primaryPort)],
    env: { ...env, POD_NAME: `redis-${number}` },
    folder: home,
    ready: () => listens(port),
  });
  nodes.push(server);
  const encrypted = tls ? ["--tls", "--cacert", join(home, "ca.crt")] : [];
  const client = [join(bin, "redis-cli"), "-e", "-p", String(port), ...encrypted];
  return {
    port,
    server,
    as: (user, password, ...command) =>
      run([...client, "--user", user, ...command], { env: { ...env, REDISCLI_AUTH: password } }),
    ready: (password = PASSWORDS.metrics) =>
      run(["sh", join(SCRIPTS, "ready.sh"), ...client, "--user", "metrics"], {
        env: { ...env, REDISCLI_AUTH: password },
      }),
  };
}

/** The three files of a certificate that signs itself, the same for all. */
function certify(home: string): void {
  const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  const subject = ["-subj", "/CN=redis.aibase.svc.cluster.local", "-days", "2"];
  if (!existsSync(certificate))
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, ...subject],
      { stdio: "ignore" },
    );
  copyFileSync(key, join(home, "tls.key"));
  for (const name of ["tls.crt", "ca.crt"]) copyFileSync(certificate, join(home, name));
}

/** Asks until the answer is right, for half a minute. */
async function until(right: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await right()) return;
    await sleep(100);
  }
  throw new Error("it did not become so within 30 s");
}

let primary: Node;
let replica: Node;
const asApp = (node: Node, ...command: string[]) => node.as("app", PASSWORDS.app, ...command);

beforeAll(async () => {
  const [first, second] = [await freePort(), await freePort()];
  primary = await start(0, first, first);
  replica = await start(1, second, first);
  await until(async () => (await replica.ready()).code === 0);
});

describe("the configuration, as Redis reads it", () => {
  it("is taken without a complaint", () => {
    for (const { server } of [primary, replica]) {
      expect(server.log()).toContain("Ready to accept connections");
      expect(server.log()).not.toMatch(/fatal|error|bad directive/i);
    }
  });

  it("bounds the memory and forgets by the policy that was asked for", async () => {
    const { stdout } = await asApp(primary, "info", "memory");
    expect(stdout).toContain(`maxmemory:${153 * 2 ** 20}\r`);
    expect(stdout).toContain("maxmemory_policy:allkeys-lru");
  });

  it("keeps a log and takes dumps", async () => {
    const { stdout } = await asApp(primary, "info", "persistence");
    expect(stdout).toContain("aof_enabled:1");
  });
});

describe("the users, as Redis knows them", () => {
  it("are asked for a password: nobody without a name does anything", async () => {
    const { folder: bin, env } = await debianPrograms(REDIS);
    const nobody = await run([join(bin, "redis-cli"), "-e", "-p", String(primary.port), "ping"], { env: { ...env } });
    expect(nobody.code).not.toBe(0);
    expect(nobody.stderr + nobody.stdout).toContain("NOAUTH");
  });

  it("are refused with a wrong password, as is the default user with any", async () => {
    for (const [user, password] of [
      ["app", "wrong"],
      ["default", ""],
      ["default", PASSWORDS.app],
    ] as const) {
      const { stdout, stderr } = await primary.as(user, password, "ping");
      expect(stdout + stderr, user).not.toContain("PONG");
    }
    expect((await asApp(primary, "ping")).stdout).toBe("PONG\n");
  });

  it.each([
    ["set", "session:1", "x", "ex", "3600"],
    ["publish", "notifications", "{}"],
    ["info", "server"],
    ["client", "setname", "aibase"],
  ])("app may %s", async (...command) => {
    expect(await asApp(primary, ...command)).toMatchObject({ code: 0 });
  });

  it.each([
    ["keys", "*"],
    ["flushall"],
    ["config", "get", "masterauth"],
    ["acl", "list"],
    ["shutdown"],
    ["replicaof", "no", "one"],
  ])("app may not %s", async (...command) => {
    const { code, stdout, stderr } = await asApp(primary, ...command);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("NOPERM");
  });

  it("metrics may read figures and no key, and replicas' user nothing but copy", async () => {
    const metrics = (...command: string[]) => primary.as("metrics", PASSWORDS.metrics, ...command);
    for (const command of [
      ["info", "all"],
      ["slowlog", "len"],
      ["latency", "latest"],
      ["client", "setname", "m"],
    ])
      expect(await metrics(...command), command.join(" ")).toMatchObject({ code: 0 });
    for (const command of [
      ["get", "session:1"],
      ["config", "get", "*"],
      ["scan", "0"],
    ])
      expect((await metrics(...command)).code, command.join(" ")).not.toBe(0);
    expect((await primary.as("replica", PASSWORDS.replica, "get", "session:1")).code).not.toBe(0);
  });
});

describe("the copy", () => {
  it("follows the primary and takes no writes itself", async () => {
    expect((await asApp(replica, "info", "replication")).stdout).toContain("role:slave");
    await asApp(primary, "set", "followed", "yes");
    await until(async () => (await asApp(replica, "get", "followed")).stdout === "yes\n");
    const { stdout, stderr } = await asApp(replica, "set", "followed", "no");
    expect(stdout + stderr).toContain("READONLY");
  });

  it("is ready only while it follows, and the primary as long as it answers", async () => {
    expect(await primary.ready()).toMatchObject({ code: 0 });
    expect((await primary.ready("wrong")).code).not.toBe(0);
    const lost = await start(2, await freePort(), await freePort());
    expect((await lost.ready()).code).not.toBe(0);
    await lost.server.stop();
    expect((await lost.ready()).code).not.toBe(0);
  });
});

describe("what was written", () => {
  it("is there again after the primary was killed, and the copy follows the new one", async () => {
    await asApp(primary, "set", "kept", "yes");
    await sleep(1500); // `everysec`: on the disk within a second.
    process.kill(primary.server.pid, "SIGKILL");
    await until(async () => !(await listens(primary.port)));
    expect((await replica.ready()).code).not.toBe(0);
    primary = await start(0, primary.port, primary.port);
    expect((await asApp(primary, "get", "kept")).stdout).toBe("yes\n");
    await until(async () => (await replica.ready()).code === 0);
  });

  it("is dumped when the time has come even where nothing was written since", async () => {
    const quiet = await start(3, await freePort(), await freePort(), "save 1 0\n");
    // Number 3 would follow somebody; this one has nobody, and an empty state to save.
    await until(async () => /rdb_saves:[1-9]/.test((await asApp(quiet, "info", "persistence")).stdout));
    await quiet.server.stop();
  });
});

describe("with a certificate", () => {
  it("everything is encrypted, and a copy follows that way too", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const secure = await start(0, first, first, "", true);
    const copy = await start(1, second, first, "", true);
    await until(async () => (await copy.ready()).code === 0);
    expect(await secure.ready()).toMatchObject({ code: 0 });
    const { folder: bin, env } = await debianPrograms(REDIS);
    const plain = await run([join(bin, "redis-cli"), "-e", "-p", String(first), "ping"], { env: { ...env } });
    expect(plain.stdout).not.toContain("PONG");
  });
});

it("the scripts are clean to shellcheck", async () => {
  const files = [
    "components/cache/kubernetes/start.sh",
    "components/cache/kubernetes/ready.sh",
    "components/files/minio/setup.sh",
  ].map((file) => join(SOURCE, file));
  expect(await run([await shellcheck(), ...files], { env: process.env })).toMatchObject({ code: 0, stdout: "" });
});

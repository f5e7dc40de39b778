import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeRendered } from "../../cli/composeFolder";
import type { RawSettings } from "../../settings";
import { must, run } from "../servers/run";
import { shellcheck } from "../servers/tools";
import { temporaryFolder } from "../support/temporary";
import { check, loadedStack, renderedFor, SMB, TEAM } from "./composeStack";

/** The rendered file before the loader and the schema that Docker Compose has. */

const KEYS = { accessKey: "an access key", secretKey: "its secret" };
const STORE = { store: { bucket: "b-1", endpoint: "https://s3.example.com", forcePathStyle: true, ...KEYS } };

const STACKS: readonly (readonly [string, RawSettings])[] = [
  ["smb as it is", SMB],
  ["smb with two replicas", { ...SMB, database: { replicas: 2 } }],
  [
    "smb with every database",
    { ...SMB, database: { name: "circle", catalogue: ["aibase", "4g3n7db", "circle"], version: 15 } },
  ],
  [
    "smb with values scaled to a large server, and Valkey",
    { ...SMB, size: "high-load", database: { tuning: "scaled" }, cache: { type: "valkey" } },
  ],
  [
    "smb with files elsewhere",
    {
      ...SMB,
      database: { host: "kubernetes" },
      files: { endpoint: "https://files.example.com", bucket: "things", ...KEYS },
      backup: STORE,
    },
  ],
  ["small-team", TEAM],
  ["small-team with another S3 server", { ...TEAM, backup: STORE }],
];

describe("the loader of Docker Compose", () => {
  it.each(STACKS)("accepts %s without a warning", async (_what, raw) => {
    const folder = temporaryFolder();
    const { services } = await loadedStack(folder, raw);
    expect(Object.keys(services)).toEqual(expect.arrayContaining(["app", "redis"]));
    for (const [name, { ports = [] }] of Object.entries(services))
      for (const port of ports) expect(port.host_ip, name).toBe(name === "app" ? undefined : "127.0.0.1");
  });

  it.each(STACKS)("names each password that %s lacks", async (_what, raw) => {
    const folder = temporaryFolder();
    const { variables } = await renderedFor(raw);
    await loadedStack(folder, raw);
    const env = readFileSync(join(folder, ".env"), "utf8");
    const required = variables.filter(({ value }) => typeof value === "string");
    expect(required.length).toBeGreaterThan(1);
    for (const { name } of required) {
      writeFileSync(join(folder, ".env"), env.replace(new RegExp(`^${name}=.*$`, "m"), ""));
      const { code, stderr } = await check(folder);
      expect(code, name).toBe(1);
      expect(stderr).toContain(`required variable ${name} is missing a value: set it in .env`);
    }
  });

  it("keeps a dollar sign of ours out of its hands, and takes another address when asked", async () => {
    const folder = temporaryFolder();
    const { services } = await loadedStack(folder, SMB);
    expect(services.redis?.healthcheck?.test[1]).toContain('REDISCLI_AUTH="$CACHE_REDIS_PASSWORD"');
    const { stdout } = await check(folder, { BIND_ADDRESS: "10.0.0.5" });
    expect(JSON.parse(stdout).services.postgres.ports[0].host_ip).toBe("10.0.0.5");
  });

  it.each([
    ["a key that there is not", /^( {4}read_only: true)$/m, "$1\n    read_onyl: true", "read_onyl"],
    ["a number for a list", /^ {4}tmpfs:\n.*$/m, "    tmpfs: 7", "tmpfs"],
    ["a service that there is not", /postgres-init:\n( +)condition/, "postgres-int:\n$1condition", "postgres-int"],
    ["a volume that there is not", /"redis_data:/, '"redis_dat:', "redis_dat"],
    ["a condition that there is not", /"service_healthy"/, '"service_well"', "condition"],
    ["a port that is none", /"5040:5040"/, '"5040:x"', "x"],
    ["a variable without its end", /\$\{DB_PASSWORD:\?set it in .env\}/, "${DB_PASSWORD", "invalid interpolation"],
    [
      "the documented version, which Compose calls obsolete",
      /^name:/m,
      'version: "3.8"\nname:',
      "`version` is obsolete",
    ],
  ])("refuses %s", async (_what, from, to, says) => {
    const folder = temporaryFolder();
    await loadedStack(folder, SMB);
    const file = join(folder, "compose.yaml");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(from);
    writeFileSync(file, text.replace(from, to));
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });

  it("reads an override beside it, which is where a user's own wishes go", async () => {
    const folder = temporaryFolder();
    await loadedStack(folder, SMB);
    writeFileSync(join(folder, "compose.override.yaml"), "services:\n  app:\n    image: mine:1\n");
    const { stdout } = await check(folder);
    expect(JSON.parse(stdout).services.app.image).toBe("mine:1");
  });

  it("agrees with docker compose config, where this machine has it", async () => {
    const compose = ["docker", "compose"];
    const there = await run([...compose, "version"], { env: process.env }).catch(() => ({ code: 1 }));
    if (there.code !== 0) {
      process.stdout.write("docker compose is not installed here: only its loader was asked.\n");
      return;
    }
    for (const [what, raw] of STACKS) {
      const folder = temporaryFolder();
      const model = await loadedStack(folder, raw);
      const said = JSON.parse(
        await must([...compose, "config", "--format", "json"], { env: process.env, cwd: folder }),
      );
      expect(said.services, what).toEqual(model.services);
    }
  });
});

describe("the scripts beside the file", () => {
  it("have nothing that ShellCheck minds", async () => {
    const folder = temporaryFolder();
    const scripts: string[] = [];
    for (const [name, raw] of [
      ["smb", { ...SMB, database: { replicas: 1 } }],
      ["team", TEAM],
    ] as const) {
      const { files } = await renderedFor(raw);
      mkdirSync(join(folder, name));
      writeRendered(join(folder, name), name, files, false);
      scripts.push(
        ...Object.keys(files)
          .filter((path) => path.endsWith(".sh"))
          .map((path) => join(name, path)),
      );
    }
    expect(scripts.length).toBeGreaterThanOrEqual(6);
    await must([await shellcheck(), "--shell=sh", ...scripts], {
      env: process.env,
      cwd: folder,
    });
  });
});

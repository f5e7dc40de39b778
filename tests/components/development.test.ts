import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { type DevelopmentSettings, parseSettings } from "../../settings";
import { createStack } from "../../stacks";
import { development } from "../../stacks/development";
import type { StackOutputs } from "../../stacks/outputs";
import { mockEngine, type Registered, resolved } from "../support/mocks";

const ROOT = resolve(__dirname, "../..");
const settings = (more: Record<string, unknown> = {}) =>
  parseSettings({ tier: "development", users: 10, ...more }, "dev").settings as DevelopmentSettings;

let registered: Registered[];
let outputs: StackOutputs;

beforeAll(async () => {
  registered = mockEngine();
  outputs = development(settings());
  await resolved(outputs.contract);
});

const inputsOf = (name: string): Registered["inputs"] => {
  const found = registered.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found.inputs;
};

/** The URN tells the type of the parent before the type of the resource. */
const FAMILY = [
  ["scaling-ladder:backup:LocalBackups", "backups"],
  ["scaling-ladder:backup:LocalBackups$pulumi-nodejs:dynamic/local:Folder", "backups-folder"],
  ["scaling-ladder:database:SqliteDatabase", "database"],
  ["scaling-ladder:database:SqliteDatabase$pulumi-nodejs:dynamic/local:SqliteFile", "database-file"],
  ["scaling-ladder:files:LocalFiles", "files"],
  ["scaling-ladder:files:LocalFiles$pulumi-nodejs:dynamic/local:Folder", "files-folder"],
  ["scaling-ladder:cache:MemoryCache", "cache"],
  ["scaling-ladder:app:LocalApp", "app"],
  ["scaling-ladder:app:LocalApp$pulumi-nodejs:dynamic/local:EnvFile", "app-env"],
];

describe("the development stack", () => {
  it("is made of exactly these resources, each below its part", () => {
    const monitor = pulumi.runtime.getMonitor() as { getRegisteredResources?(): Map<string, unknown> } | undefined;
    const urns = [...(monitor?.getRegisteredResources?.().keys() ?? [])];
    expect(urns.sort()).toEqual(
      FAMILY.map(([type, name]) => `urn:pulumi:dev::scaling-ladder::${type}::${name}`).sort(),
    );
  });

  it("S1-87: is SQLite, a local folder and memory", async () => {
    expect(outputs.database.kind).toBe("sqlite");
    expect([outputs.files.kind, outputs.cache.kind]).toEqual(["local", "memory"]);
    expect(await resolved(outputs.contract)).toMatchObject({
      DB_TYPE: "sqlite",
      FILE_STORAGE_TYPE: "local",
      CACHE_TYPE: "memory",
    });
  });

  it("S0-03: keeps its SQLite file at database/ai_company.db where the settings name no other", async () => {
    expect(inputsOf("database-file").path).toBe("database/ai_company.db");
    expect((await resolved(outputs.contract)).DB_SQLITE_PATH).toBe(join(process.cwd(), "database/ai_company.db"));
  });

  it("gives every part what its settings say", () => {
    expect(inputsOf("database-file")).toMatchObject({
      catalogue: "ai_company",
      busyTimeoutMs: 5_000,
      backups: "backups",
    });
    expect(inputsOf("files-folder")).toMatchObject({ path: "uploads", setting: "files.path" });
    expect(inputsOf("backups-folder")).toMatchObject({ path: "backups", setting: "backup.path" });
    expect(inputsOf("app-env")).toMatchObject({ path: ".env", stack: "dev" });
    expect(inputsOf("app")).toMatchObject({ tier: "development", users: 10, replicas: 1, port: 5_040 });
  });

  it("names in the state the migrations and their checksums, without their text", () => {
    const { migrations } = inputsOf("database-file");
    expect(migrations).toEqual([
      { version: 1, name: expect.any(String), checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it("tells tier, places and the contract, and the contract only as a secret", async () => {
    expect(await pulumi.isSecret(outputs.contract)).toBe(true);
    const plain = await resolved<Record<string, unknown>>(pulumi.output({ ...outputs, contract: undefined }));
    expect(plain).toMatchObject({
      tier: "development",
      database: { kind: "sqlite", path: join(process.cwd(), "database/ai_company.db"), schemaVersion: 1 },
      files: { kind: "local", path: join(process.cwd(), "uploads") },
      cache: { kind: "memory" },
      app: { envFile: join(process.cwd(), ".env"), port: 5_040, replicas: 1 },
      backups: { path: join(process.cwd(), "backups"), dailyDays: 35, weeklyWeeks: 12, monthlyMonths: 12 },
    });
  });

  it("writes into the .env what it tells as the contract", async () => {
    expect(inputsOf("app-env").values).toEqual(await resolved(outputs.contract));
    expect(await resolved(outputs.contract)).toMatchObject({ PORT: "5040" });
  });

  it("names its providers, and puts no path of a machine and no code of ours into the state", () => {
    const providers = {
      "database-file": "sqlite",
      "files-folder": "folder",
      "backups-folder": "folder",
      "app-env": "dotenv",
    };
    const named = registered.filter(({ inputs }) => inputs.__provider !== undefined).map(({ name }) => name);
    expect(named.sort()).toEqual(Object.keys(providers).sort());
    for (const [name, provider] of Object.entries(providers)) {
      const loader = inputsOf(name).__provider;
      expect(loader).toBe(`exports.handler = () => require(process.cwd() + "/local/load.cjs")("${provider}");`);
      expect(loader).not.toContain(ROOT);
    }
  });

  it("has no path of a machine in what it asks for, but in the contract", () => {
    for (const { name, inputs } of registered.filter(({ name }) => name !== "app-env"))
      expect(`${name} ${JSON.stringify(inputs)}`).not.toContain(process.cwd());
  });
});

describe("other settings", () => {
  it("reach the resources: another database, places and port", async () => {
    const from = registered.length;
    const other = development(
      settings({
        database: { name: "ai_breeding" },
        files: { path: "data/files" },
        app: { port: 8080, envFile: "app.env" },
      }),
    );
    expect(await resolved(other.contract)).toMatchObject({
      DB_SQLITE_PATH: join(process.cwd(), "db.sqlite"),
      FILE_STORAGE_LOCAL_PATH: join(process.cwd(), "data/files"),
      PORT: "8080",
    });
    const added = registered.slice(from).find(({ name }) => name === "database-file");
    expect(added?.inputs).toMatchObject({ path: "db.sqlite", catalogue: "ai_breeding" });
  });

  it("of a tier that this release cannot bring up are refused before anything is made", () => {
    const from = registered.length;
    const sharded = parseSettings({ tier: "sharded", users: 2_000_000 }, "shards").settings;
    expect(() => createStack(sharded)).toThrow("Tier sharded cannot be brought up by this release");
    expect(registered).toHaveLength(from);
  });
});

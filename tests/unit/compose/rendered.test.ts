import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderCompose } from "../../../compose";
import { composeFile, composeText, projectName } from "../../../compose/document";
import { postgresqlMemory, sqliteMemory } from "../../../compose/memory";
import { serverSettings, settingArguments } from "../../../compose/parameters";
import { interpolated, type Service, type Variable } from "../../../compose/service";
import { parseSettings, type RawSettings } from "../../../settings";
import { SIZES } from "../../../settings/tiers";

async function rendered(raw: RawSettings, build?: string) {
  const { settings } = parseSettings(raw, "test");
  if (settings.tier !== "smb" && settings.tier !== "small-team") throw new Error(settings.tier);
  return renderCompose({ stack: "test", settings, ...(build === undefined ? {} : { build }) });
}
const fileOf = async (
  raw: RawSettings,
  build?: string,
): Promise<{ name: string; services: Record<string, Service>; volumes: object }> =>
  parse((await rendered(raw, build)).files["compose.yaml"] ?? "");

const required = (name: string): string => `\${${name}:?set it in .env}`;
const onThisMachine = (port: number): string => `\${BIND_ADDRESS:-127.0.0.1}:${port}:5432`;

const SMB = { tier: "smb", users: 20_000 };
const TEAM = { tier: "small-team", users: 400, backup: { store: { bucket: "team-backups" } } };

describe("the Compose file of tier smb", () => {
  it("S1-61, S1-69: has the four documented services and the named volumes", async () => {
    const { name, services, volumes } = await fileOf(SMB);
    expect(name).toBe("aibase-test");
    expect(Object.keys(services)).toEqual(["app", "postgres", "postgres-init", "minio", "minio-init", "redis"]);
    expect(Object.keys(volumes)).toEqual(["postgres_data", "minio_data", "redis_data"]);
  });

  it("S1-62: publishes the application's port and has it wait for everything that it needs", async () => {
    const { services } = await fileOf(SMB, ".");
    expect(services.app).toMatchObject({
      build: { context: "." },
      ports: ["5040:5040"],
      depends_on: {
        postgres: { condition: "service_healthy" },
        minio: { condition: "service_healthy" },
        redis: { condition: "service_healthy" },
      },
    });
    expect((await fileOf(SMB)).services.app).not.toHaveProperty("build");
  });

  it("S0-17, S1-63, S1-64, S1-65: gives the application the contract, with passwords from .env", async () => {
    const { services } = await fileOf(SMB);
    const password = required("DB_PASSWORD");
    expect(services.app?.environment).toEqual({
      PORT: "5040",
      DB_TYPE: "postgresql",
      DB_PG_HOST: "postgres",
      DB_PG_PORT: "5432",
      DB_PG_DATABASE: "aibase",
      DB_PG_USERNAME: "aibase",
      DB_PG_PASSWORD: password,
      DB_PG_POOL_MAX: "20",
      DATABASE_URL: `postgresql://aibase:${password}@postgres:5432/aibase`,
      FILE_STORAGE_TYPE: "s3",
      FILE_STORAGE_S3_BUCKET: "aibase",
      FILE_STORAGE_S3_REGION: "us-east-1",
      FILE_STORAGE_S3_ENDPOINT: "http://minio:9000",
      FILE_STORAGE_S3_ACCESS_KEY: "aibase",
      FILE_STORAGE_S3_SECRET_KEY: required("FILE_STORAGE_S3_SECRET_KEY"),
      FILE_STORAGE_S3_FORCE_PATH_STYLE: "true",
      CACHE_TYPE: "redis",
      CACHE_REDIS_HOST: "redis",
      CACHE_REDIS_PORT: "6379",
      CACHE_REDIS_USERNAME: "app",
      CACHE_REDIS_PASSWORD: required("CACHE_REDIS_PASSWORD"),
    });
  });

  it("S0-16, S1-66, S4-11: has PostgreSQL of the chosen version on its documented volume and port", async () => {
    for (const version of [15, 16]) {
      const { services } = await fileOf({ ...SMB, database: { name: "ai_company", version } });
      expect(services.postgres).toMatchObject({
        image: `postgres:${version}-alpine`,
        environment: { POSTGRES_DB: "ai_company", POSTGRES_USER: "admin" },
        ports: [onThisMachine(5432)],
        networks: { default: { aliases: ["postgres-master"] } },
      });
      expect(services.postgres?.volumes).toContain("postgres_data:/var/lib/postgresql/data");
    }
  });

  it("S4-12, S4-13: has as many replicas as asked for, each with its port and volume, and the primary's settings", async () => {
    for (const replicas of [0, 1, 2]) {
      const { services, volumes } = await fileOf({ ...SMB, database: { replicas } });
      const names = Object.keys(services).filter((name) => name.startsWith("postgres-replica"));
      expect(names).toEqual(["postgres-replica-1", "postgres-replica-2"].slice(0, replicas));
      for (const [index, name] of names.entries()) {
        expect(services[name]?.ports).toEqual([onThisMachine(5433 + index)]);
        expect(services[name]?.volumes).toContain(`postgres_replica_${index + 1}:/var/lib/postgresql/data`);
        expect(services[name]?.command).toEqual([...(services.postgres?.command ?? []), "-c", "hot_standby=on"]);
      }
      expect(Object.keys(volumes)).toHaveLength(3 + replicas);
      expect("DB_PG_READ_HOST" in (services.app?.environment ?? {})).toBe(replicas > 0);
    }
  });

  it("S1-67: has MinIO of an exact version, its console on this machine only", async () => {
    const { services } = await fileOf(SMB);
    expect(services.minio).toMatchObject({
      image: expect.stringMatching(/minio:RELEASE\.\d{4}-/),
      command: ["server", "/data", "--console-address", ":9001"],
      volumes: ["minio_data:/data"],
      environment: { MINIO_ROOT_USER: "minio", MINIO_ROOT_PASSWORD: required("MINIO_ROOT_PASSWORD") },
    });
    const files = (await rendered({ ...SMB, files: { bucket: "things" } })).files;
    expect(
      JSON.parse(files["scripts/minio-policy.json"] ?? "")
        .Statement.flatMap((each: { Action: unknown }) => each.Action)
        .sort(),
    ).toEqual(["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]);
    expect(files["scripts/minio-policy.json"]).toContain("arn:aws:s3:::things");
  });

  it("has each catalogue database with a password of its own", async () => {
    const { services } = await fileOf({ ...SMB, database: { name: "circle", catalogue: ["4g3n7db", "circle"] } });
    expect(services["postgres-init"]?.environment).toMatchObject({
      DATABASES: "4g3n7db circle",
      DB_PASSWORD_circle: required("DB_PASSWORD"),
      DB_PASSWORD_4g3n7db: required("DB_PASSWORD_4G3N7DB"),
    });
  });
});

describe("every Compose file", () => {
  const every: readonly (readonly [string, RawSettings])[] = [
    ["smb", { ...SMB, database: { replicas: 2, catalogue: ["aibase", "circle"] } }],
    ["small-team", TEAM],
  ];

  it.each(every)("holds no password, and names each one that it wants: %s", async (_tier, raw) => {
    const { files, variables } = await rendered(raw);
    const asked = new Set(
      [...(files["compose.yaml"] ?? "").matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name]) => name),
    );
    expect([...asked].sort()).toEqual(variables.map(({ name }) => name).sort());
    for (const { name, value } of variables)
      expect(files[".env.example"]).toMatch(
        typeof value === "object" ? new RegExp(`^# ${name}=`, "m") : new RegExp(`^${name}=$`, "m"),
      );
    for (const [, service] of Object.entries((await fileOf(raw)).services))
      for (const [name, value] of Object.entries(service.environment ?? {}))
        if (/PASSWORD|SECRET/.test(name)) expect(value, name).toMatch(/^\$\{[A-Z0-9_]+:\?set it in \.env\}$/);
  });

  it.each(every)("gives no container more than it needs: %s", async (_tier, raw) => {
    for (const [name, service] of Object.entries((await fileOf(raw)).services)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        mem_limit: expect.stringMatching(/^[1-9]\d*m$/),
        logging: { options: { "max-size": "10m" } },
      });
      expect(service.image, name).toMatch(name === "app" ? /./ : /:(?!latest)[\w.-]*\d/);
      // What serves starts again by itself and can be asked how it is; Litestream tells it to Prometheus only.
      if (service.restart === "no") expect(service, name).not.toHaveProperty("ports");
      else if (name !== "litestream") expect(service, name).toHaveProperty("healthcheck");
    }
  });

  it.each(every)("names only files that lie beside it, and is the same each time: %s", async (_tier, raw) => {
    const { files } = await rendered(raw);
    const mounted = Object.values((await fileOf(raw)).services).flatMap(({ volumes = [] }) => volumes);
    const paths = new Set(mounted.flatMap((mount) => /^\.\/([^:]+):/.exec(mount)?.[1] ?? []));
    expect([...paths].sort()).toEqual(
      Object.keys(files)
        .filter((path) => path.includes("/"))
        .sort(),
    );
    expect(await rendered(raw)).toEqual(await rendered(raw));
  });
});

describe("the settings of PostgreSQL", () => {
  const machine = { vcpus: 8, memoryGiB: 16 };

  it("S3-10 to S3-18: are the documented ones, in the documented units, before all others", () => {
    const documented = settingArguments(serverSettings({ tuning: "documented", machine, storageGiB: 500 })).slice(
      0,
      18,
    );
    expect(documented.filter((_argument, index) => index % 2 === 1)).toEqual([
      "max_connections=200",
      "shared_buffers=256MB",
      "effective_cache_size=1GB",
      "work_mem=4MB",
      "maintenance_work_mem=64MB",
      "checkpoint_completion_target=0.9",
      "wal_buffers=16MB",
      "random_page_cost=1.1",
      "effective_io_concurrency=200",
    ]);
  });

  it("follow the memory of the container where they are scaled, with as many connections everywhere", () => {
    const scaled = serverSettings({ tuning: "scaled", machine, storageGiB: 500 });
    expect(scaled).toMatchObject({ max_connections: "200", shared_buffers: "4GB", effective_cache_size: "12GB" });
    expect(scaled.max_slot_wal_keep_size).toBe("50GB");
  });
});

describe("memory", () => {
  it.each(SIZES)("never gives away more than the server has: $name", (size) => {
    for (const replicas of [0, 1, 2]) {
      const { database, app, files, cache } = postgresqlMemory(size, replicas);
      expect(database * (1 + replicas) + app + files + cache).toBeLessThanOrEqual((size.memoryGiB * 1024 * 13) / 16);
      // 256 MB of buffers, and what 200 idle connections take beside them.
      expect(database).toBeGreaterThanOrEqual(512);
    }
    const { app, cache } = sqliteMemory(size);
    expect(app + cache).toBeLessThanOrEqual((size.memoryGiB * 1024 * 10) / 16);
  });
});

describe("texts of a Compose file", () => {
  const variables: readonly Variable[] = [
    { name: "A_1", purpose: "a", value: "generated" },
    { name: "B", purpose: "b", value: { default: "x" } },
  ];

  it("come out of Compose as they went in, whatever dollar signs they have", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "A", "_", " ", ":", "\n") }), (text) => {
        fc.pre(!/__[A-Z0-9]/.test(text));
        const [written = ""] = interpolated([text], variables);
        expect(written.replaceAll("$$", "")).not.toContain("$");
        expect(written.replaceAll("$$", "$")).toBe(text);
      }),
    );
  });

  it("have variables where references stood, and no reference that nobody declared", () => {
    expect(interpolated({ url: "x://u:__A_1__@h", list: ["__B__:1"] }, variables)).toEqual({
      url: `x://u:${required("A_1")}@h`,
      list: [`\${B:-x}:1`],
    });
    expect(() => interpolated("__C__", variables)).toThrow("no variable C is declared");
  });

  it("are read back by YAML as they were, also what looks like a number or a boolean", () => {
    const service = { image: "no", command: ["5040:5040", "0o7", "1e3", "~", "#", " x: y"] } as unknown as Service;
    const text = composeText(composeFile("n", { a: service }, []), [], "head\nmore");
    expect(text.startsWith("# head\n# more\n")).toBe(true);
    expect(parse(text)).toEqual({ name: "n", services: { a: service }, volumes: {} });
  });

  it("have a project name that Compose takes, for every name of a stack", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/), (stack) => {
        expect(projectName(stack)).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
      }),
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresStatus, usesPostgres } from "../../../cli/postgresStatus";
import { logicalFigures, serverFigures } from "../../../schema/metrics/figures";
import { readStackSettings } from "../../../settings/stackFile";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { SOURCE, withProject } from "../../support/project";

/** The same questions as `ladder status` asks them, in databases of the catalogue. */

let server: Postgres;
let aibase: CatalogueDatabase;
let circle: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres({
    version: 16,
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      wal_level: "logical",
      max_connections: "50",
      autovacuum: "off",
    },
  });
  aibase = await catalogueDatabase(server, "aibase");
  circle = await catalogueDatabase(server, "circle");
  await circle.psql(
    `INSERT INTO users (wallet_address, pseudonym) SELECT 'w' || n, 'p' || n FROM generate_series(1, 300) AS n;
     INSERT INTO posts (author_id, content, created_at) SELECT 1 + n % 300, 'text', '2024-06-01' FROM generate_series(1, 2000) AS n;
     INSERT INTO posts (author_id, content, created_at) SELECT 1, 'far off', '2150-01-01' FROM generate_series(1, 4) AS n;
     SELECT pg_create_logical_replication_slot('feed', 'pgoutput')`,
    "superuser",
  );
});
afterAll(() => server?.stop());

const inside = async <T>(
  database: CatalogueDatabase,
  as: "owner" | "app" | "superuser",
  ask: (client: Awaited<ReturnType<CatalogueDatabase["connect"]>>) => Promise<T>,
) => {
  const client = await database.connect(as);
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
};

describe("the figures of a server", () => {
  it("S3-33 S4-37 S4-38: count sessions as the server does, and say how slow the slowest is", async () => {
    const slow = server.psql("SELECT pg_sleep(600)").catch(String);
    await new Promise((done) => setTimeout(done, 6_500));
    const figures = await inside(circle, "superuser", serverFigures);
    expect(figures).toMatchObject({
      role: "primary",
      seesAllSessions: true,
      connections: { used: 2, available: 47 },
      slowQueries: 1,
      followers: [],
      slots: [{ name: "feed", state: "reserved" }],
    });
    expect(figures.version).toMatch(/^16\.\d+$/);
    expect(figures.connections.utilisation).toBeCloseTo(2 / 47);
    expect(figures.longestQuerySeconds).toBeGreaterThan(5);
    await server.psql(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()",
    );
    await slow;
    expect(figures.processes).toBe(
      2 + Number(await server.psql("SELECT count(*) FROM pg_stat_activity WHERE backend_type <> 'client backend'")),
    );
  });

  it("say of a role without pg_monitor that it does not see everything, and are no error to it", async () => {
    const figures = await inside(circle, "app", serverFigures);
    expect(figures.seesAllSessions).toBe(false);
    expect(figures.connections.available).toBe(47);
  });
});

describe("the figures of a database", () => {
  it("S3-34 S3-35 S3-36 S4-39 S4-41: are those of its tables, indexes, statements and users", async () => {
    const figures = await inside(circle, "owner", logicalFigures);
    expect(figures).toMatchObject({ database: "circle", users: 300 });
    expect(figures.cacheHitRatio).toBeGreaterThan(0.5);
    expect(figures.cacheHitRatio).toBeLessThanOrEqual(1);
    expect(figures.statements?.calls).toBeGreaterThan(10);
    expect(figures.statements?.meanMilliseconds).toBeGreaterThan(0);
    const posts = figures.tables.find(({ name }) => name === "posts_2024");
    expect(posts).toMatchObject({ rows: 2000, deadRows: 0 });
    expect(posts?.bytes).toBe(Number(await server.psql("SELECT pg_total_relation_size('posts_2024')", "circle")));
    expect(figures.indexes.find(({ name }) => name === "idx_users_wallet")).toMatchObject({
      table: "users",
      scans: 0,
      unique: false,
    });
    expect(figures.indexes.find(({ name }) => name === "users_pkey")).toMatchObject({ unique: true });
    const sizes = figures.tables.map(({ bytes }) => bytes);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it("tell rows in a default partition", async () => {
    const { defaultPartitions } = await inside(circle, "owner", logicalFigures);
    expect(defaultPartitions).toEqual([{ name: "posts_default", rows: 4 }]);
  });

  it("leave out what an empty database has none of", async () => {
    // The runner read its own tables.
    await aibase.psql("SELECT pg_stat_reset()", "superuser");
    const figures = await inside(aibase, "owner", logicalFigures);
    expect(figures).toMatchObject({ database: "aibase", users: 0, defaultPartitions: [] });
    expect(figures.cacheHitRatio).toBeUndefined();
  });
});

describe("ladder status of a stack with PostgreSQL", () => {
  const variables = (): NodeJS.ProcessEnv => ({
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: aibase.user("owner"),
    PGPASSWORD: aibase.password("owner"),
  });

  it("looks into the databases of the stack", async () => {
    const { settings } = readStackSettings(SOURCE, "smb");
    if (!usesPostgres(settings)) throw new Error(`smb is on tier ${settings.tier}`);
    expect(await postgresStatus("smb", settings, variables())).toMatchObject({
      stack: "smb",
      tier: "smb",
      users: { count: 20_000, verdict: "fits" },
      server: { port: server.port, connections: { available: 47 } },
      databases: [{ database: "aibase", users: 0 }],
    });
    await expect(postgresStatus("smb", settings, {})).rejects.toThrow(
      /^Stack smb is on tier smb; its database is a PostgreSQL server\..* set PGHOST/,
    );
  });

  it("shows the one database that a URL names, with what is wrong in it", () =>
    withProject(async (project) => {
      const { code, stdout, stderr } = await project.ladder(["status", "smb"], {
        env: { LADDER_DATABASE_URL: circle.url("owner") },
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Stack smb \(tier smb\)\n {2}users +20,000 in the settings\n/);
      expect(stdout).toContain(`${server.host}:${server.port}, PostgreSQL 16.`);
      expect(stdout).toMatch(/connections +\d+ of 47 \(/);
      expect(stdout).toMatch(/slot +feed, reserved, keeps /);
      expect(stdout).toContain("This role sees its own sessions only");
      expect(stdout).toMatch(/Database circle\n {2}size +\d/);
      expect(stdout).toContain("posts_default holds 4 rows: docs/alerts.md#rows-in-default-partition");
      expect(stdout + stderr).not.toMatch(/100%/);
    }));

  it("says who was refused as one JSON object, without the password", () =>
    withProject(async (project) => {
      const env = { ...variables(), PGPASSWORD: "not-this-one" };
      const { code, stdout, stderr } = await project.ladder(["status", "smb", "--json"], { env });
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        error: expect.stringContaining("Look at PGUSER and PGPASSWORD"),
        exitCode: 2,
      });
      expect(stdout + stderr).not.toContain("not-this-one");
    }));
});

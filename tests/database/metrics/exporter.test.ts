import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionLimits } from "../../../catalogue/connectionLimits";
import { logicalDatabase } from "../../../catalogue/roles";
import { bootstrapDatabase } from "../../../schema/bootstrap";
import { exporterQueries, renderExporterQueries } from "../../../schema/metrics/exporter";
import type { CatalogueName } from "../../../settings";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { type Exporter, type Sample, startPostgresExporter } from "../../servers/postgresExporter";
import { must } from "../../servers/run";

/** The documented queries, asked by the real postgres_exporter as a role that may read no table. */

const BUSY = "4g3n7db";
const IDLE = "aibase";
let server: Postgres;
let exporter: Exporter;

beforeAll(async () => {
  server = await startPostgres({
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      wal_level: "logical",
      max_connections: "40",
      autovacuum: "off",
    },
  });
  await server.psql("CREATE ROLE metrics LOGIN PASSWORD 'm'; GRANT pg_monitor TO metrics");
  for (const database of [BUSY, IDLE] as const) await bootstrap(server, database);
  await server.psql(
    `CREATE TABLE users (id int PRIMARY KEY, wallet text NOT NULL);
     INSERT INTO users SELECT i, 'secret' FROM generate_series(1, 123) AS i;
     GRANT SELECT (id) ON users TO pg_monitor;
     CREATE TABLE "Task" (id int, "createdAt" timestamp) PARTITION BY RANGE ("createdAt");
     CREATE TABLE "Task_default" PARTITION OF "Task" DEFAULT;
     CREATE TABLE "Task_2025_01" PARTITION OF "Task" FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
     INSERT INTO "Task" SELECT i, '2025-01-02' FROM generate_series(1, 50) AS i;
     INSERT INTO "Task" SELECT i, '2031-01-02' FROM generate_series(1, 7) AS i;
     CREATE TABLE worn (id int);
     INSERT INTO worn SELECT generate_series(1, 500); DELETE FROM worn WHERE id <= 400;
     SELECT pg_create_logical_replication_slot('feed', 'pgoutput');
     SELECT pg_stat_reset();
     SELECT count(*) FROM "Task";`,
    BUSY,
  );
  exporter = await startPostgresExporter({
    url: urlOf(server),
    databases: [BUSY, IDLE],
    queries: renderExporterQueries(),
  });
});
afterAll(async () => {
  await exporter?.stop();
  await server?.stop();
});

/** Roles, database and grants as production makes them, without a table. */
const bootstrap = ({ host, port, user, password }: Postgres, catalogue: CatalogueName) =>
  bootstrapDatabase({
    model: logicalDatabase(catalogue, { limits: connectionLimits({ databases: 2 }) }),
    passwords: { owner: "o", app: "a", readonly: "r", replication: "p" },
    connect: async (database) => {
      const client = new Client({ host, port, user, password, database });
      await client.connect();
      return client;
    },
  });

const urlOf = ({ host, port }: Postgres): string => `postgresql://metrics:m@${host}:${port}/postgres?sslmode=disable`;

const scraped = async (from = exporter) => {
  const samples = await from.scrape();
  const find = (metric: string, labels: Readonly<Record<string, string>> = {}): readonly Sample[] =>
    samples.filter(
      (sample) =>
        sample.metric === metric && Object.entries(labels).every(([name, text]) => sample.labels[name] === text),
    );
  /** The one value of a metric; `undefined` when there is none, an error when there are more. */
  const value = (metric: string, labels?: Readonly<Record<string, string>>): number | undefined => {
    const found = find(metric, labels);
    if (found.length > 1) throw new Error(`${metric} has ${found.length} samples: ${JSON.stringify(found)}`);
    return found[0]?.value;
  };
  return { samples, find, value };
};

/** Sessions that sleep in a database for some seconds. */
/** Sessions that are busy until they are woken, or for so long. */
const sleeping = (count: number, name = "the application", seconds = 600) =>
  Array.from({ length: count }, () =>
    server.psql(`SET application_name = '${name}'; SELECT pg_sleep(${seconds})`, IDLE).catch(String),
  );
const wake = () =>
  server.psql(
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()",
  );

describe("the custom queries in the real postgres_exporter", () => {
  it("are all read, and asked without an error beside those of the exporter itself", async () => {
    const { value, find, samples } = await scraped();
    expect(value("pg_up")).toBe(1);
    expect(value("pg_exporter_last_scrape_error")).toBe(0);
    expect(value("pg_exporter_user_queries_load_error")).toBe(0);
    expect(exporter.log()).not.toMatch(/level=ERROR/);
    const told = new Set(samples.map(({ metric }) => metric));
    // What this server has nothing of: nobody follows it, and it follows nobody.
    const absent = /^ladder_(follower|subscription)_/;
    for (const [name, { metrics }] of Object.entries(exporterQueries()))
      for (const [column, { usage }] of metrics.flatMap(Object.entries)) {
        const metric = `${name}_${column}`;
        if (usage !== "LABEL") expect([metric, told.has(metric)]).toEqual([metric, !absent.test(metric)]);
      }
    expect(find("pg_database_size_bytes", { datname: BUSY })).toHaveLength(1);
  });

  it("S4-37, S3-33: sessions of all kinds, and those of clients against what they may have", async () => {
    // The exporter's own are there from now on.
    await scraped();
    const before = await scraped();
    expect(before.value("ladder_clients_available")).toBe(37);
    const sessions = sleeping(5);
    const more = async () => {
      const { value } = await scraped();
      return ["postgres_connections", "ladder_clients_connections"].map(
        (metric) => (value(metric) ?? 0) - (before.value(metric) ?? 0),
      );
    };
    await expect.poll(more, { timeout: 30_000 }).toEqual([5, 5]);
    const { value } = await scraped();
    expect(value("ladder_clients_utilisation")).toBeCloseTo((value("ladder_clients_connections") ?? 0) / 37);
    await wake();
    await Promise.all(sessions);
    // A session that has ended may be counted by one question and not by the next.
    const processes = async () => {
      const { value } = await scraped();
      return (value("postgres_connections") ?? 0) - (value("ladder_clients_connections") ?? 0);
    };
    const own = await server.psql("SELECT count(*) FROM pg_stat_activity WHERE backend_type <> 'client backend'");
    await expect.poll(processes, { timeout: 10_000 }).toBe(Number(own));
  });

  it("S4-38: statements of more than five seconds, without a dump", async () => {
    const slow = [...sleeping(2), ...sleeping(1, "pg_dump")];
    const longest = async () => (await scraped()).value("postgres_longest_query_seconds");
    await expect.poll(longest, { timeout: 30_000 }).toBeGreaterThan(0.2);
    expect((await scraped()).value("postgres_slow_queries")).toBe(0);
    const slowOnes = async () => (await scraped()).value("postgres_slow_queries");
    await expect.poll(slowOnes, { timeout: 30_000 }).toBe(2);
    const { value } = await scraped();
    expect(value("postgres_longest_query_seconds")).toBeGreaterThan(5);
    await wake();
    await Promise.all(slow);
    expect((await scraped()).value("postgres_slow_queries")).toBe(0);
  });

  it("S4-39: the share of reads that memory answers; of a database that nobody reads there is none, and no error", async () => {
    const read = await server.psql(
      "SELECT sum(heap_blks_hit) / (sum(heap_blks_hit) + sum(heap_blks_read)) FROM pg_statio_user_tables",
      BUSY,
    );
    const { value, find } = await scraped();
    expect(value("postgres_cache_hit_ratio", { datname: BUSY })).toBeCloseTo(Number(read), 2);
    expect(find("postgres_cache_hit_ratio", { datname: IDLE })).toEqual([]);
    expect(value("pg_exporter_last_scrape_error")).toBe(0);
  });

  it("S4-41: the users of each database that has some, counted without the right to read them", async () => {
    const { value, find } = await scraped();
    expect(value("total_users", { datname: BUSY })).toBe(123);
    expect(find("total_users", { datname: IDLE })).toEqual([]);
    await expect(server.psql("SET ROLE metrics; SELECT wallet FROM users LIMIT 1", BUSY)).rejects.toThrow(
      "permission denied for table users",
    );
  });

  it("S3-34: the time that statements take", async () => {
    const labels = { datname: IDLE };
    const before = await scraped();
    await Promise.all(sleeping(3, "the application", 0.4));
    const { value } = await scraped();
    const grown = (metric: string) => (value(metric, labels) ?? 0) - (before.value(metric, labels) ?? 0);
    expect(grown("ladder_statements_seconds")).toBeGreaterThan(1.2);
    expect(grown("ladder_statements_seconds")).toBeLessThan(3);
    expect(grown("ladder_statements_calls")).toBeGreaterThanOrEqual(3);
  });

  it("S3-35: the size of each table, as it grows, and the rows that vacuum has left", async () => {
    const worn = { datname: BUSY, schemaname: "public", relname: "worn" };
    const first = await scraped();
    expect([first.value("ladder_table_n_live_tup", worn), first.value("ladder_table_n_dead_tup", worn)]).toEqual([
      100, 400,
    ]);
    await server.psql("INSERT INTO worn SELECT generate_series(1, 50000)", BUSY);
    const size = Number(await server.psql("SELECT pg_total_relation_size('worn')", BUSY));
    expect((await scraped()).value("ladder_table_total_bytes", worn)).toBe(size);
    expect(size).toBeGreaterThan((first.value("ladder_table_total_bytes", worn) ?? 0) + 1_000_000);
  });

  it("S3-36: how often each index is used, and each table without one", async () => {
    const index = { datname: BUSY, relname: "users", indexrelname: "users_pkey", is_unique: "true" };
    const before = await scraped();
    await server.psql(
      "SET enable_seqscan = off; SELECT wallet FROM users WHERE id = 7; SELECT wallet FROM users WHERE id = 9",
      BUSY,
    );
    await server.psql("SELECT count(*) FROM worn", BUSY);
    const { value } = await scraped();
    const grown = (metric: string, labels: Readonly<Record<string, string>>) =>
      (value(metric, labels) ?? 0) - (before.value(metric, labels) ?? 0);
    expect(grown("ladder_index_scans", index)).toBe(2);
    expect(grown("ladder_table_idx_scan", { datname: BUSY, relname: "users" })).toBe(2);
    expect(grown("ladder_table_seq_scan", { datname: BUSY, relname: "worn" })).toBe(1);
  });

  it("rows of a default partition, whatever it is called, until they are moved", async () => {
    const partition = { datname: BUSY, schemaname: "public", relname: "Task_default" };
    expect((await scraped()).value("ladder_default_partition_rows", partition)).toBe(7);
    await server.psql('DELETE FROM "Task_default"', BUSY);
    expect((await scraped()).value("ladder_default_partition_rows", partition)).toBe(0);
  });
});

describe("with a standby", () => {
  let standby: Postgres;
  let ofStandby: Exporter;

  beforeAll(async () => {
    const data = join(server.home, "standby");
    await must([...server.owner, join(server.bin, "pg_basebackup"), "-D", data, "-R", "--no-sync", "-c", "fast"], {
      env: server.env,
      cwd: server.home,
    });
    standby = await startPostgres({ data, settings: { cluster_name: "second" }, password: server.password });
    ofStandby = await startPostgresExporter({
      url: urlOf(standby),
      databases: [BUSY],
      queries: renderExporterQueries(),
    });
  });
  afterAll(async () => {
    await ofStandby?.stop();
    await standby?.stop();
  });

  it("tells how far it is behind, in bytes and in seconds, while it does not apply", async () => {
    const second = { application_name: "second" };
    await expect
      .poll(async () => (await scraped()).value("ladder_follower_lag_bytes", second), { timeout: 30_000 })
      .toBe(0);
    await standby.psql("SELECT pg_wal_replay_pause()");
    await server.psql("INSERT INTO worn SELECT generate_series(1, 50000)", BUSY);
    await expect
      .poll(async () => (await scraped()).value("ladder_follower_lag_bytes", second), { timeout: 10_000 })
      .toBeGreaterThan(1_000_000);
    await standby.psql("SELECT pg_wal_replay_resume()");
    await expect
      .poll(async () => (await scraped()).value("ladder_follower_lag_bytes", second), { timeout: 10_000 })
      .toBe(0);
  });

  it("answers on the standby itself, without an error", async () => {
    await standby.psql("SELECT pg_create_physical_replication_slot('third', true)");
    const { value } = await scraped(ofStandby);
    expect(value("pg_exporter_last_scrape_error")).toBe(0);
    expect(value("ladder_slot_retained_bytes", { slot_name: "third" })).toBeGreaterThanOrEqual(0);
    expect(value("total_users", { datname: BUSY })).toBe(123);
  });
});

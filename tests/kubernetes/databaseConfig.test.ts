import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cnpgParameters } from "../../components/database/cnpg/parameters";
import { poolerParameters } from "../../components/database/cnpg/poolerSpec";
import { customQueries } from "../../components/database/cnpg/queries";
import type { Tuning } from "../../components/database/parameters";
import { type PgBouncer, startPgBouncer } from "../servers/pgBouncer";
import { type Postgres, startPostgres } from "../servers/postgres";
import { must, run } from "../servers/run";

/** What the project tells CloudNativePG, told to a PostgreSQL and a PgBouncer as the operator would. */

const MACHINE = { vcpus: 2, memoryGiB: 2 };
const parametersOf = (tuning: Tuning) => cnpgParameters({ tuning, machine: MACHINE, walStorageGiB: 10 });

/** What the operator adds to them (pkg/postgres/configuration.go of CloudNativePG 1.30), as far as it bears on ours. */
const OPERATOR = {
  archive_timeout: "5min",
  full_page_writes: "on",
  max_parallel_workers: "32",
  max_replication_slots: "32",
  max_worker_processes: "32",
  shared_preload_libraries: "pg_stat_statements",
  wal_keep_size: "512MB",
  wal_level: "logical",
  wal_log_hints: "on",
  wal_receiver_timeout: "5s",
};

const DATABASES = ["aibase", "4g3n7db"];
const DUMP_PASSWORD = "dump-password";
let server: Postgres;

beforeAll(async () => {
  server = await startPostgres({ settings: { ...OPERATOR, ...parametersOf("documented") } });
  for (const name of DATABASES)
    await server.psql(
      `CREATE ROLE "${name}" LOGIN; CREATE DATABASE "${name}" OWNER "${name}" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
  await server.psql("CREATE ROLE cnpg_metrics_exporter LOGIN; GRANT pg_monitor TO cnpg_metrics_exporter");
  await server.psql(`CREATE ROLE platform_dump LOGIN BYPASSRLS PASSWORD '${DUMP_PASSWORD}' IN ROLE pg_read_all_data`);
});
afterAll(() => server.stop());

const settled = (rows: string): Record<string, string> =>
  Object.fromEntries(rows.split("\n").map((row) => row.split("|") as [string, string]));

const expectInForce = async (postgres: Postgres, parameters: Readonly<Record<string, string>>): Promise<void> => {
  const values = Object.entries(parameters)
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(", ");
  // A value counts as in force when setting it anew changes nothing: 1GB, 1024MB and 131072 pages are one and the same.
  const rows = await postgres.psql(
    `SELECT name, current_setting(name) = set_config(name, wanted, false) FROM (VALUES ${values}) AS given (name, wanted)
     WHERE (SELECT context FROM pg_settings s WHERE s.name = lower(given.name)) NOT IN ('postmaster', 'sighup')`,
  );
  for (const [name, same] of Object.entries(settled(rows))) expect([name, same]).toEqual([name, "t"]);
  const applied = settled(await postgres.psql("SELECT name, applied FROM pg_file_settings WHERE error IS NULL"));
  for (const name of Object.keys(parameters)) expect([name, applied[name]]).toEqual([name, "t"]);
};

describe("a real PostgreSQL", () => {
  it("takes the documented parameters beside the operator's own, and has them in force", async () => {
    await expectInForce(server, parametersOf("documented"));
    expect(await server.psql("SELECT name FROM pg_file_settings WHERE error IS NOT NULL")).toBe("");
    const shown = await server.psql(
      "SHOW shared_buffers; SHOW wal_buffers; SHOW max_slot_wal_keep_size; SHOW wal_sender_timeout",
    );
    expect(shown.split("\n")).toEqual(["256MB", "16MB", "5GB", "1min"]);
  });

  it("takes the scaled parameters", async () => {
    const scaled = await startPostgres({ settings: { ...OPERATOR, ...parametersOf("scaled") } });
    try {
      await expectInForce(scaled, parametersOf("scaled"));
      expect(await scaled.psql("SHOW shared_buffers")).toBe("512MB");
    } finally {
      await scaled.stop();
    }
  });

  it("has the extension that the parameters ask for", async () => {
    await server.psql("CREATE EXTENSION pg_stat_statements");
    expect(await server.psql("SELECT count(*) > 0 FROM pg_stat_statements")).toBe("t");
  });
});

/** Rows of a query as the exporter asks it: its own role, a transaction that only reads, a pinned search path. */
async function exported(query: string, database: string): Promise<Record<string, unknown>[]> {
  const rows = await server.psql(
    `SET ROLE cnpg_metrics_exporter; SET search_path TO pg_catalog, public, pg_temp; BEGIN READ ONLY;
     SELECT row_to_json(answer) FROM (${query}) AS answer; COMMIT;`,
    database,
  );
  return rows
    .split("\n")
    .filter(Boolean)
    .map((row) => JSON.parse(row));
}

describe("the custom queries on a real PostgreSQL", () => {
  const queries = Object.entries(customQueries(DATABASES));
  const queryOf = (name: string) => customQueries(DATABASES)[name]?.query ?? "";

  it.each(queries)(
    "%s is allowed to the exporter and gives what it describes, in each database",
    async (_name, query) => {
      await server.psql(
        "CREATE TABLE IF NOT EXISTS notes (id int); INSERT INTO notes VALUES (1); SELECT * FROM notes",
        "4g3n7db",
      );
      await server.psql(
        "SELECT pg_create_physical_replication_slot('a_reader', true) WHERE NOT EXISTS (TABLE pg_replication_slots)",
      );
      const columns = query.metrics.flatMap(Object.entries);
      for (const database of query.target_databases ?? ["postgres"]) {
        for (const row of await exported(query.query, database)) {
          expect(Object.keys(row)).toEqual(columns.map(([name]) => name));
          for (const [name, { usage }] of columns)
            expect([name, typeof row[name]]).toEqual([name, usage === "LABEL" ? "string" : "number"]);
        }
      }
    },
  );

  it("S4-38: counts a statement of more than five seconds, and no dump", async () => {
    const waiting = (name: string) =>
      server.psql(`SET application_name = '${name}'; SELECT pg_sleep(600)`).catch(String);
    const slow = [waiting("the application"), waiting("pg_dump")];
    expect(await exported(queryOf("postgres"), "postgres")).toMatchObject([{ slow_queries: 0 }]);
    await sleep(6000);
    const [row] = await exported(queryOf("postgres"), "postgres");
    expect(row).toMatchObject({ slow_queries: 1 });
    expect(Number(row?.longest_query_seconds)).toBeGreaterThan(5);
    await server.psql(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()",
    );
    await Promise.all(slow);
  });

  it("S4-39: gives the share of reads that memory answered, and nothing for a database that was not read", async () => {
    expect(await exported(queryOf("postgres_cache"), "aibase")).toEqual([]);
    await server.psql(
      "CREATE TABLE read_often AS SELECT generate_series(1, 10000) AS id; SELECT count(*) FROM read_often; SELECT count(*) FROM read_often",
      "4g3n7db",
    );
    await expect
      .poll(async () => Number((await exported(queryOf("postgres_cache"), "4g3n7db"))[0]?.hit_ratio), {
        timeout: 20_000,
      })
      .toBeGreaterThan(0.5);
  });

  it("tell the rows that vacuum has left, and the WAL that a slot keeps", async () => {
    await server.psql(
      "CREATE TABLE worn (id int) WITH (autovacuum_enabled = false); INSERT INTO worn SELECT generate_series(1, 500); DELETE FROM worn WHERE id <= 400",
      "4g3n7db",
    );
    const worn = async () =>
      (await exported(queryOf("pg_stat_user_tables"), "4g3n7db")).find(({ relname }) => relname === "worn");
    await expect
      .poll(worn, { timeout: 20_000 })
      .toMatchObject({ schemaname: "public", n_dead_tup: 400, n_live_tup: 100 });
    await server.psql("CREATE TABLE wal AS SELECT md5(i::text) FROM generate_series(1, 100000) AS i", "4g3n7db");
    const [slot] = await exported(queryOf("pg_replication_slots_wal"), "postgres");
    expect(slot).toMatchObject({ slot_name: "a_reader", wal_status: "reserved" });
    expect(Number(slot?.retained_bytes)).toBeGreaterThan(1_000_000);
  });
});

describe("who may connect and do what", () => {
  const asDump = (more: NodeJS.ProcessEnv = {}) => ({
    ...server.env,
    PGUSER: "platform_dump",
    PGPASSWORD: DUMP_PASSWORD,
    ...more,
  });

  it("the role for dumps reads what row-level security hides from others, sequences too, and writes nothing", async () => {
    await server.psql(
      `SET ROLE aibase; CREATE TABLE posts (id serial PRIMARY KEY, author text);
       INSERT INTO posts (author) VALUES ('one'), ('other');
       ALTER TABLE posts ENABLE ROW LEVEL SECURITY; ALTER TABLE posts FORCE ROW LEVEL SECURITY;
       CREATE POLICY own ON posts USING (author = current_setting('app.user', true))`,
      "aibase",
    );
    const dump = await must([join(server.bin, "pg_dump"), "--dbname", "aibase"], { env: asDump() });
    expect(dump).toContain("1\tone\n2\tother\n");
    expect(dump).toContain("pg_catalog.setval('public.posts_id_seq', 2, true)");
    const psql = (sql: string) =>
      run([join(server.bin, "psql"), "-XqAt", "-d", "aibase", "-c", sql], { env: asDump() });
    expect((await psql("INSERT INTO posts (author) VALUES ('third')")).stderr).toContain(
      "permission denied for table posts",
    );
    expect((await psql("CREATE TABLE mine (id int)")).stderr).toContain("permission denied for schema public");
  });

  it("nobody connects without encryption, where the rule of the cluster stands before the operator's", async () => {
    const file = join(server.folder, "pg_hba.conf");
    const before = readFileSync(file, "utf8");
    // As the operator writes it: local connections, our rule, then passwords for everybody.
    writeFileSync(file, `local all all trust\nhostnossl all all all reject\nhost all all all scram-sha-256\n`);
    await server.psql("SELECT pg_reload_conf()");
    try {
      const attempt = () => run([join(server.bin, "psql"), "-d", "aibase", "-c", "SELECT 1"], { env: asDump() });
      await expect
        .poll(async () => (await attempt()).stderr, { timeout: 20_000 })
        .toMatch(/pg_hba\.conf rejects connection .* no encryption/);
    } finally {
      writeFileSync(file, before);
      await run([...server.owner, join(server.bin, "pg_ctl"), "reload", "-D", server.folder], {
        env: { ...server.env },
      });
    }
  });
});

/**
 * Since PgBouncer 1.21, and the operator runs 1.25; Debian 12 has 1.18. Everything else is told to the program that is there.
 */
const YOUNGER = ["max_prepared_statements"];

describe("a real PgBouncer", () => {
  const choice = { maxConnections: 200, databases: 2, poolMax: 20 };
  let bouncer: PgBouncer;
  let certificate: string;

  beforeAll(async () => {
    const [key, file] = [join(server.home, "tls.key"), join(server.home, "tls.crt")];
    const subject = [
      "-subj",
      "/CN=postgres-rw",
      "-days",
      "2",
      "-nodes",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
    ];
    await must(["openssl", "req", "-x509", ...subject, "-keyout", key, "-out", file], { env: process.env });
    // Not only root, who may have made them, but the server's owner reads them.
    for (const path of [key, file]) chmodSync(path, 0o644);
    certificate = file;
    await server.psql("ALTER ROLE aibase PASSWORD 'owner-password'");
    const parameters = Object.entries(poolerParameters(choice)).filter(([name]) => !YOUNGER.includes(name));
    // As the operator writes it (pkg/management/pgbouncer/config), but for its way of looking up passwords.
    const ini = [
      "[databases]",
      `* = host=${server.host} port=${server.port}`,
      "[pgbouncer]",
      "pool_mode = transaction",
      "auth_type = scram-sha-256",
      "log_stats = 0",
      "ignore_startup_parameters = extra_float_digits,options",
      "admin_users = aibase",
      `client_tls_cert_file = ${file}`,
      `client_tls_key_file = ${key}`,
      ...parameters.map(([name, value]) => `${name} = ${value}`),
    ];
    bouncer = await startPgBouncer({ ini: `${ini.join("\n")}\n`, users: { aibase: "owner-password" } });
  });
  afterAll(() => bouncer.stop());

  const psql = (database: string, sql: string, more: NodeJS.ProcessEnv = {}) =>
    run([join(server.bin, "psql"), "-XqAt", "-d", database, "-c", sql], {
      env: { ...server.env, PGPORT: String(bouncer.port), PGUSER: "aibase", PGPASSWORD: "owner-password", ...more },
    });

  it("has the sizes of the pooler in force", async () => {
    const { stdout } = await psql("pgbouncer", "SHOW CONFIG", { PGSSLMODE: "require" });
    const shown = settled(stdout.trimEnd());
    for (const [name, value] of Object.entries(poolerParameters(choice)))
      if (!YOUNGER.includes(name)) expect([name, shown[name]]).toEqual([name, value]);
  });

  it("serves encrypted clients by transaction, and refuses the others", async () => {
    const plain = await psql("aibase", "SELECT 1", { PGSSLMODE: "disable" });
    expect(plain.code).not.toBe(0);
    expect(plain.stderr).toMatch(/SSL required/);
    const clients = await Promise.all(
      Array.from({ length: 30 }, () =>
        psql("aibase", "SELECT pg_backend_pid()", { PGSSLMODE: "verify-ca", PGSSLROOTCERT: certificate }),
      ),
    );
    expect(clients.map(({ code, stderr }) => [code, stderr])).toEqual(clients.map(() => [0, ""]));
    const backends = new Set(clients.map(({ stdout }) => stdout.trim()));
    expect(backends.size).toBeLessThanOrEqual(40);
  });
});

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POSTGRESQL } from "../../tools/debianTool";
import { freePort, listens, type Server, serverFolder } from "../servers/process";
import { run } from "../servers/run";
import { debianPrograms, type Ready } from "../servers/tools";
import { type Container, container } from "./composeContainer";
import { loadedStack, type Model, type ModelService, SMB } from "./composeStack";

/** PostgreSQL of the rendered Compose file, with real servers on free ports in place of 5432, 5433 and 5434. */

const { folder, remove } = serverFolder();
const started: Server[] = [];
let model: Model;
let programs: Ready;
const ports = new Map<string, number>();

const service = (name: string): ModelService => {
  const found = model.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};
const port = (name: string): number => ports.get(name) ?? 0;
const password = (of: string, variable: string): string => service(of).environment?.[variable] ?? "";

/** A service with the primary where it is on this machine. */
const box = (name: string, env: Readonly<Record<string, string>> = {}): Container =>
  container(service(name), join(folder, name), programs.env, env);

async function start(name: string, box: Container, more: readonly string[] = []): Promise<Server> {
  const own = [
    "-p",
    String(port(name)),
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `unix_socket_directories=${box.at("/tmp")}`,
  ];
  // It listens before it takes sessions.
  const takes = async () =>
    (await listens(port(name))) &&
    (await run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", String(port(name))], programs)).code === 0;
  const server = await box.start(name, takes, [...own, "-c", "fsync=off", ...more]);
  started.push(server);
  return server;
}

/** SQL as somebody who has a password; the rows, or why not. */
async function sql(on: string, user: string, secret: string, text: string, database = "aibase"): Promise<string> {
  const env = { ...programs.env, PGHOST: "127.0.0.1", PGPORT: String(port(on)), PGUSER: user, PGPASSWORD: secret };
  const { code, stdout, stderr } = await run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"], {
    env,
    input: text,
  });
  return code === 0 ? stdout.trim() : stderr.trim();
}
const asAdmin = (on: string, text: string, database?: string) =>
  sql(on, "admin", password("postgres", "POSTGRES_PASSWORD"), text, database);
const asApp = (on: string, text: string, database?: string) =>
  sql(on, "aibase", password("app", "DB_PG_PASSWORD"), text, database);

const preparation = () => box("postgres-init", { PGHOST: "127.0.0.1", PGPORT: String(port("postgres")) });
const follower = (name: string) => box(name, { PRIMARY_HOST: "127.0.0.1", PRIMARY_PORT: String(port("postgres")) });

/** What the image's own entry does with an empty volume. */
async function initialised(name: string): Promise<Container> {
  const made = box(name);
  const { POSTGRES_USER = "", POSTGRES_PASSWORD = "", POSTGRES_INITDB_ARGS = "" } = service(name).environment ?? {};
  writeFileSync(made.at("/tmp/password"), POSTGRES_PASSWORD);
  const data = made.at("/var/lib/postgresql/data");
  await made.must([
    ...["initdb", "--no-sync", "-U", POSTGRES_USER, `--pwfile=${made.at("/tmp/password")}`],
    ...POSTGRES_INITDB_ARGS.split(" "),
    ...["-D", data],
  ]);
  return made;
}

beforeAll(async () => {
  programs = await debianPrograms(POSTGRESQL);
  chmodSync(folder, 0o755);
  const files = join(folder, "files");
  mkdirSync(files);
  model = await loadedStack(files, {
    ...SMB,
    database: { name: "aibase", catalogue: ["aibase", "ai_company", "4g3n7db"], replicas: 2 },
  });
  for (const name of ["postgres", "postgres-replica-1", "postgres-replica-2"]) ports.set(name, await freePort());
  const primary = await initialised("postgres");
  await start("postgres", primary, ["-D", primary.at("/var/lib/postgresql/data")]);
  const made = await asAdmin("postgres", `CREATE DATABASE ${service("postgres").environment?.POSTGRES_DB}`, "postgres");
  expect(made).toBe("");
});

afterAll(async () => {
  for (const server of started.reverse()) await server.stop();
  remove();
});

describe("the PostgreSQL of the Compose file", () => {
  it("S3-07: starts with the nine settings and the documented collation", async () => {
    const nine = [
      ["max_connections", "200"],
      ["shared_buffers", "256MB"],
      ["effective_cache_size", "1GB"],
      ["work_mem", "4MB"],
      ["maintenance_work_mem", "64MB"],
      ["checkpoint_completion_target", "0.9"],
      ["wal_buffers", "16MB"],
      ["random_page_cost", "1.1"],
      ["effective_io_concurrency", "200"],
    ];
    for (const [name, value] of nine) expect(await asAdmin("postgres", `SHOW ${name}`), name).toBe(value);
    expect(await asAdmin("postgres", "SHOW wal_level; SHOW timezone; SHOW data_checksums")).toBe("logical\nUTC\non");
    expect(
      await asAdmin(
        "postgres",
        "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'aibase'",
      ),
    ).toBe("C|C|UTF8");
  });

  it("is well, and answers at its address", async () => {
    expect(await box("postgres", { PGPORT: String(port("postgres")) }).healthy()).toBe(true);
    expect(await box("postgres", { PGPORT: String(await freePort()) }).healthy()).toBe(false);
  });

  it("prepares roles, databases and slots, and changes nothing the second time", async () => {
    const first = await preparation().run();
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const state = () =>
      asAdmin(
        "postgres",
        `SELECT datname, pg_get_userbyid(datdba), datcollate, datacl::text FROM pg_database ORDER BY 1;
         SELECT rolname, rolsuper, rolreplication, rolcreatedb, rolcreaterole, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1;
         SELECT slot_name, slot_type FROM pg_replication_slots ORDER BY 1`,
      );
    const before = await state();
    expect(before).toContain("aibase|aibase|C|");
    expect(before).toContain("4g3n7db|4g3n7db|C|");
    expect(before).toContain("aibase|f|f|f|f|f|t");
    expect(before).toContain("replicator|f|t|f|f|f|t");
    expect(before).toContain("replica_1|physical\nreplica_2|physical");
    expect(await preparation().run()).toMatchObject({ code: 0, stderr: "" });
    expect(await state()).toBe(before);
  });

  it("gives the application its own database, where it may make tables, and no other", async () => {
    expect(
      await asApp("postgres", "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('first') RETURNING text"),
    ).toBe("first");
    expect(await asApp("postgres", "SELECT 1", "ai_company")).toContain('permission denied for database "ai_company"');
    expect(await asApp("postgres", "CREATE ROLE more")).toContain("permission denied");
    expect(await sql("postgres", "aibase", "wrong", "SELECT 1")).toContain("password authentication failed");
    const url = password("app", "DATABASE_URL").replace("@postgres:5432", `@127.0.0.1:${port("postgres")}`);
    const { stdout } = await run(["psql", "-XqAt", "-d", url, "-c", "SELECT current_user"], {
      env: { ...programs.env },
    });
    expect(stdout.trim()).toBe("aibase");
  });

  it("C-30: lets the replication role copy and open no database; it is never the application's role", async () => {
    const secret = password("postgres-init", "DB_REPLICATION_PASSWORD");
    expect(password("app", "DB_PG_USERNAME")).not.toBe("replicator");
    expect(secret).not.toBe(password("app", "DB_PG_PASSWORD"));
    for (const database of ["aibase", "postgres"])
      expect(await sql("postgres", "replicator", secret, "SELECT 1", database)).toContain(
        "pg_hba.conf rejects connection",
      );
  });

  it("sets a changed password anew", async () => {
    const changed = { DB_PASSWORD_ai_company: "another.word_~-1" };
    const again = box("postgres-init", { PGHOST: "127.0.0.1", PGPORT: String(port("postgres")), ...changed });
    expect((await again.run()).code).toBe(0);
    expect(
      await sql("postgres", "ai_company", changed.DB_PASSWORD_ai_company, "SELECT current_user", "ai_company"),
    ).toBe("ai_company");
  });

  it.each(["", "two words", "a'b", "per%cent", "a:b", "$HOME"])(
    "refuses the password %j in one clear line",
    async (word) => {
      const host = { PGHOST: "127.0.0.1", PGPORT: String(port("postgres")) };
      const { code, stderr } = await box("postgres-init", { ...host, DB_PASSWORD_aibase: word }).run();
      expect(code).toBe(64);
      expect(stderr.trim()).toBe(
        "postgres-init: the password of database aibase must be letters, digits and . _ ~ - only, and not empty",
      );
    },
  );

  it("says so when the superuser's password is wrong", async () => {
    const host = { PGHOST: "127.0.0.1", PGPORT: String(port("postgres")) };
    const { code, stderr } = await box("postgres-init", { ...host, PGPASSWORD: "wrong" }).run();
    expect(code).not.toBe(0);
    expect(stderr).toContain('password authentication failed for user "admin"');
  });
});

describe("its replicas", () => {
  const names = ["postgres-replica-1", "postgres-replica-2"];

  it("S4-12, S4-13: are seeded by a base backup and follow the primary", async () => {
    for (const name of names) await start(name, follower(name));
    await asApp("postgres", "INSERT INTO notes VALUES ('after the copies')");
    for (const name of names) {
      expect(await asAdmin(name, "SELECT pg_is_in_recovery(); SHOW hot_standby; SHOW max_connections")).toBe(
        "t\non\n200",
      );
      await expect.poll(() => asApp(name, "SELECT text FROM notes"), { timeout: 20_000 }).toContain("after the copies");
      expect(await asApp(name, "INSERT INTO notes VALUES ('no')")).toContain("read-only transaction");
    }
    expect(
      await asAdmin("postgres", "SELECT application_name, usename, state FROM pg_stat_replication ORDER BY 1"),
    ).toBe("replica_1|replicator|streaming\nreplica_2|replicator|streaming");
    expect(await asAdmin("postgres", "SELECT count(*) FROM pg_replication_slots WHERE active")).toBe("2");
  });

  it("show no password in their command line or settings", async () => {
    const secret = password("postgres-init", "DB_REPLICATION_PASSWORD");
    for (const name of names) expect(await asAdmin(name, "SHOW primary_conninfo")).not.toContain(secret);
    const { stdout } = await run(["ps", "-eo", "args"], { env: { ...programs.env } });
    for (const word of [secret, password("app", "DB_PG_PASSWORD"), password("postgres", "POSTGRES_PASSWORD")])
      expect(stdout).not.toContain(word);
  });

  it("go on from where they were when they are started again", async () => {
    const last = "postgres-replica-2";
    await started.pop()?.stop();
    await asApp("postgres", "INSERT INTO notes VALUES ('while it was away')");
    const server = await start(last, follower(last));
    // The log has both starts; only the first one copied.
    expect(server.log().match(/postgres-replica: copying/g)).toHaveLength(1);
    await expect.poll(() => asApp(last, "SELECT text FROM notes"), { timeout: 20_000 }).toContain("while it was away");
  });

  it("begin a copy anew that was killed on the way", async () => {
    const name = "postgres-replica-2";
    await started.pop()?.stop();
    const box = follower(name);
    const data = box.at("/var/lib/postgresql/data");
    await box.must([
      "sh",
      "-c",
      `rm -rf "$1/pgdata" && mkdir "$1/pgdata.seed" && echo 15 >"$1/pgdata.seed/PG_VERSION"`,
      "sh",
      data,
    ]);
    await start(name, box);
    await expect.poll(() => asApp(name, "SELECT text FROM notes"), { timeout: 20_000 }).toContain("while it was away");
  });

  it("S3-26: are found by the application under the name that the contract has for reading", () => {
    expect(password("app", "DB_PG_HOST")).toBe("postgres");
    expect(password("app", "DB_PG_READ_HOST")).toBe("postgres-replicas");
    const aliases = (name: string) => model.services[name]?.networks?.default?.aliases;
    for (const name of names) expect(aliases(name)).toEqual(["postgres-replicas"]);
  });

  it("leave no slot behind that would fill the disk when they are no more", async () => {
    await started.pop()?.stop();
    const fewer = box("postgres-init", {
      PGHOST: "127.0.0.1",
      PGPORT: String(port("postgres")),
      REPLICAS: "replica_1",
    });
    expect((await fewer.run()).code).toBe(0);
    expect(await asAdmin("postgres", "SELECT slot_name FROM pg_replication_slots")).toBe("replica_1");
  });
});

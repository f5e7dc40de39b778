import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionLimits } from "../../../catalogue/connectionLimits";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { run } from "../../servers/run";
import { bootstrapAs, connectAs, connectTo, passwordsFor } from "./bootstrapping";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ settings: { wal_level: "logical" } });
});
afterAll(() => server.stop());

describe.each(CATALOGUE_NAMES)("%s with all its migrations", (name) => {
  let database: CatalogueDatabase;
  beforeAll(async () => {
    database = await catalogueDatabase(server, name);
  });

  it("has nothing that a guest owns: tables, functions and types are the owner's (C-13)", async () => {
    const owners = `
      SELECT DISTINCT pg_get_userbyid(owner) FROM (
        SELECT relowner, relnamespace FROM pg_class UNION ALL SELECT proowner, pronamespace FROM pg_proc
        UNION ALL SELECT typowner, typnamespace FROM pg_type) AS o (owner, namespace)
      WHERE namespace::regnamespace::text IN ('public', 'ladder')
        AND pg_get_userbyid(owner) <> '${server.user}'`;
    expect(await database.psql(owners, "superuser")).toBe(`${name}_owner`);
    // The superuser's are those of extensions.
    const stray = `SELECT c.relname FROM pg_class c WHERE relnamespace::regnamespace::text IN ('public', 'ladder')
      AND pg_get_userbyid(relowner) = '${server.user}'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
      AND c.relkind <> 'i'`;
    expect(await database.psql(stray, "superuser")).toBe("");
  });

  it("lets the application read and write every table that is not a partition (S1-41)", async () => {
    const client = await database.connect("app");
    const { rows } = await client.query<{ table: string }>(
      `SELECT format('%I', relname) AS table FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { table } of rows) {
      await client.query(`SELECT * FROM ${table} LIMIT 1`);
      await client.query(`INSERT INTO ${table} SELECT * FROM ${table} WHERE false`);
      await client.query(`DELETE FROM ${table} WHERE false`);
    }
    await client.end();
  });

  it("keeps what is internal from guests", async () => {
    for (const as of ["app", "readonly", "replication"] as const) {
      const [usage, create, temporary] = (
        await database.psql(
          `SELECT has_schema_privilege('ladder', 'USAGE'), has_schema_privilege('public', 'CREATE'),
             has_database_privilege(current_database(), 'TEMPORARY')`,
          as,
        )
      ).split("|");
      expect({ usage, create, temporary }, as).toEqual({ usage: "f", create: "f", temporary: "f" });
    }
  });

  it("is dumped whole by its owner", async () => {
    const dumped = await run([join(server.bin, "pg_dump")], {
      env: { ...server.env, PGDATABASE: name, PGUSER: `${name}_owner`, PGPASSWORD: database.password("owner") },
    });
    expect(dumped).toMatchObject({ code: 0, stderr: "" });
    expect(dumped.stdout).toContain("-- PostgreSQL database dump complete");
  });
});

describe("row-level security", () => {
  const GUARDED = `CREATE TABLE guarded (id int PRIMARY KEY); INSERT INTO guarded VALUES (1), (2), (3);
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY "First only" ON guarded USING (id = 1);
    CREATE PUBLICATION everything FOR TABLE guarded`;

  it("stops the dump of a reader with an error, where it would leave rows out", async () => {
    await bootstrapAs(server, "circle", { model: { database: "dumped" } });
    const owner = await connectAs(server, "dumped", "owner");
    await owner.query(GUARDED);
    await owner.end();
    const dump = (role: string, password: string) =>
      run([join(server.bin, "pg_dump"), "--data-only", "--table=guarded"], {
        env: { ...server.env, PGDATABASE: "dumped", PGUSER: role, PGPASSWORD: password },
      });
    const { owner: mine, readonly } = passwordsFor("dumped");
    expect((await dump("dumped_owner", mine)).stdout).toContain("\n1\n2\n3\n");
    const refused = await dump("dumped_readonly", readonly);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('query would be affected by row-level security policy for table "guarded"');
  });

  it("hides nothing from the first copy of a subscription, or stops it", async () => {
    const copy = async (options: string): Promise<string> => {
      const { host, port } = server;
      const client = new Client({
        ...{ host, port, database: "dumped", options },
        user: "dumped_replication",
        password: passwordsFor("dumped").replication,
      });
      await client.connect();
      const { rows } = await client
        .query<{ n: string }>("SELECT count(*) AS n FROM guarded")
        .finally(() => client.end());
      return String(rows[0]?.n);
    };
    expect(await copy("")).toBe("3");
    // As on a host that gives nobody the right to see every row.
    await server.psql("ALTER ROLE dumped_replication NOBYPASSRLS");
    expect(await copy("")).toBe("1");
    await expect(copy("-crow_security=off")).rejects.toThrow("would be affected by row-level security");
  });
});

it("refuses the application beyond its limit, and still lets the owner in (S3-38, C-32)", async () => {
  const limits = { ...connectionLimits(), app: 3 };
  await bootstrapAs(server, "circle", { model: { database: "crowded", limits } });
  const login = { user: "crowded", password: passwordsFor("crowded").app };
  const clients = await Promise.all([1, 2, 3].map(() => connectTo(server, "crowded", login)));
  await expect(connectTo(server, "crowded", login)).rejects.toThrow('too many connections for role "crowded"');
  await (await connectAs(server, "crowded", "owner")).end();
  await Promise.all(clients.map((client) => client.end()));
});

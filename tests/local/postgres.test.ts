import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../catalogue/migrations";
import { type MigrationsInputs, provider } from "../../local/postgres/provider";
import type { CatalogueName } from "../../settings";
import { type CatalogueDatabase, catalogueDatabase } from "../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../servers/postgres";
import { freePort } from "../servers/process";

/** The direct way (`bootstrap: direct`) on a real server: what the engine asks of the provider, in its order. */

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ cron: true });
});
afterAll(() => server?.stop());

/** A database with its roles, before its first migration. */
async function fresh(name: CatalogueName): Promise<{ database: CatalogueDatabase; inputs: MigrationsInputs }> {
  await server.psql(`DROP DATABASE IF EXISTS "${name}"`);
  const database = await catalogueDatabase(server, name, { upTo: 0 });
  const inputs: MigrationsInputs = {
    catalogue: name,
    host: server.host,
    port: server.port,
    database: name,
    username: database.user("owner"),
    password: database.password("owner"),
    sslmode: "disable",
    migrations: digests(name),
  };
  return { database, inputs };
}

const digests = (name: CatalogueName) =>
  loadMigrations(name, "postgresql").map(({ version, name, checksum }) => ({ version, name, checksum }));

const reasonsOf = async (inputs: MigrationsInputs): Promise<string> =>
  (await provider.check({}, inputs)).failures.map(({ reason }) => reason).join("\n");

describe("a database that this machine reaches", () => {
  it.each(["ai_breeding", "4g3n7db"] as const)("gets its migrations, and nothing the second time: %s", async (name) => {
    const { inputs } = await fresh(name);
    expect(await reasonsOf(inputs)).toBe("");
    const { id, outs } = await provider.create(inputs);
    expect(id).toBe(`${server.host}:${server.port}/${name}`);
    expect(outs).toEqual(inputs);
    const recorded = "SELECT id, name, run_on FROM ladder.migrations ORDER BY id";
    const before = await server.psql(recorded, name);
    expect((await provider.diff(id, outs, inputs)).changes).toBe(false);
    expect((await provider.update(id, outs, inputs)).outs).toEqual(outs);
    expect(await server.psql(recorded, name)).toBe(before);
  });

  it("shows in a preview what it lacks, and gets it by the update", async () => {
    const { inputs } = await fresh("ai_company");
    const { id, outs } = await provider.create(inputs);
    const [first] = inputs.migrations;
    if (first === undefined) throw new Error("ai_company has a migration");
    const older = { ...outs, migrations: [first] };
    expect((await provider.diff(id, older, inputs)).changes).toBe(true);
    expect((await provider.read(id, older)).props).toEqual(outs);
  });

  it("is gone when somebody dropped it, and its roles stay", async () => {
    const { inputs } = await fresh("aibase");
    const { id, outs } = await provider.create(inputs);
    await server.psql("DROP DATABASE aibase");
    expect(await provider.read(id, outs)).toEqual({ id: "", props: {} });
  });

  it("is only forgotten by destroy", async () => {
    const { inputs } = await fresh("aibase");
    const { id, outs } = await provider.create(inputs);
    await provider.delete(id, outs);
    expect((await provider.read(id, outs)).props).toEqual(outs);
  });
});

describe("a server with pg_cron of its own", () => {
  const jobs = "SELECT jobname, database, username FROM cron.job ORDER BY 1, 2";

  it("gets what runs by the clock, once, as the master that it is told of", async () => {
    const { inputs } = await fresh("circle");
    const scheduler = { username: server.user, password: server.password };
    const { id, outs } = await provider.create({ ...inputs, scheduler });
    expect(await server.psql(jobs)).toBe("maintain-partitions|circle|circle_owner");
    await provider.update(id, outs, { ...inputs, scheduler });
    expect(await server.psql(jobs)).toBe("maintain-partitions|circle|circle_owner");
    const rotated = { ...inputs, scheduler: { ...scheduler, password: "rotated meanwhile" } };
    expect((await provider.diff(id, outs, rotated)).changes).toBe(false);
    expect((await provider.diff(id, outs, inputs)).changes).toBe(true);
    await server.psql("DROP EXTENSION pg_cron");
  });

  it("gets nothing where no master is named", async () => {
    const { inputs } = await fresh("circle");
    await provider.create(inputs);
    expect(await server.psql("SELECT count(*) FROM pg_extension WHERE extname = 'pg_cron'")).toBe("0");
  });
});

describe("a history that is not ours", () => {
  it("is refused in the preview, and by the update, with nothing changed", async () => {
    const { inputs } = await fresh("ai_breeding");
    const { id, outs } = await provider.create(inputs);
    await server.psql(`UPDATE ladder.checksums SET checksum = repeat('0', 64) WHERE name LIKE '0001%'`, "ai_breeding");
    expect(await reasonsOf(inputs)).toMatch(/0001_\w+ was altered after it was applied: recorded 000000000000/);
    await expect(provider.update(id, outs, inputs)).rejects.toThrow("was altered after it was applied");
    const { props } = await provider.read(id, outs);
    expect((await provider.diff(id, { ...outs, ...props }, inputs)).changes).toBe(true);
  });

  it("of another logical database is refused", async () => {
    const { inputs } = await fresh("ai_breeding");
    await provider.create(inputs);
    const other = { ...inputs, catalogue: "aibase", migrations: digests("aibase") } as const;
    expect(await reasonsOf(other)).toContain("it holds the logical database ai_breeding");
  });
});

describe("a server that cannot be reached", () => {
  it("is no obstacle to a preview: it may be made by the same update", async () => {
    const { inputs } = await fresh("aibase");
    expect(await reasonsOf({ ...inputs, port: await freePort() })).toBe("");
    for (const key of ["host", "password", "database"] as const)
      expect(await reasonsOf({ ...inputs, [key]: UNKNOWN })).toBe("");
  });

  it("is told in one sentence by a refresh, without the password", async () => {
    const { inputs } = await fresh("aibase");
    const port = await freePort();
    const said = await provider.read("id", { ...inputs, port }).catch((error: Error) => error.message);
    expect(said).toBe(
      `Role aibase_owner cannot connect to database aibase at ${server.host}:${port}: ECONNREFUSED. Check that it runs, and that security groups and network policies let this connection through.`,
    );
  });

  it("is told of a wrong password, without it", async () => {
    const { inputs } = await fresh("aibase");
    const password = "not the password at all";
    const said = await provider.create({ ...inputs, password }).catch((error: Error) => error.message);
    expect(said).toContain("Role aibase_owner cannot connect to database aibase");
    expect(said).toContain("password authentication failed");
    expect(said).not.toContain(password);
  });

  it("without encryption is refused where encryption is asked for", async () => {
    const { inputs } = await fresh("aibase");
    await expect(provider.create({ ...inputs, sslmode: "require" })).rejects.toThrow(
      "The server does not support SSL connections",
    );
  });
});

import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations, recordedName } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { type Description, differences } from "../../../schema/description/differences";
import { describeDatabase } from "../../../schema/description/record";
import { schemaStatus } from "../../../schema/status";
import type { CatalogueName } from "../../../settings";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

const VERSIONS = [15, 16, 18] as const;

/** What the first version that was tested made of each database; the others must agree. */
const made = new Map<CatalogueName, Description>();

/** Connects as the owner of `database`, by default to that database itself and otherwise to a copy of it. */
async function asOwner<T>(
  database: CatalogueDatabase,
  work: (client: Client) => Promise<T>,
  copy?: string,
): Promise<T> {
  const url = new URL(database.url("owner"));
  if (copy !== undefined) url.pathname = copy;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe.each(VERSIONS)("the catalogue's migrations on PostgreSQL %i", (version) => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ version });
  });
  afterAll(() => server.stop());

  it.each(CATALOGUE_NAMES)(
    "%s: from nothing and from every version in between, twice, always to the same schema",
    async (name) => {
      const migrations = loadMigrations(name, "postgresql");
      const apply = (client: Client, count = migrations.length) =>
        applyMigrations({ client, database: name, migrations: migrations.slice(0, count) });
      const database = await catalogueDatabase(server, name, { upTo: 0 });
      const copies: string[] = [];
      for (let count = 1; count <= migrations.length; count += 1) {
        await asOwner(database, (client) => apply(client, count));
        if (count === migrations.length) break;
        const copy = `copy_${name}_${count}`;
        await server.psql(`CREATE DATABASE "${copy}" TEMPLATE "${name}" OWNER "${database.user("owner")}"`);
        copies.push(copy);
      }
      const whole = await asOwner(database, async (client) => {
        expect(await apply(client), "the second time nothing").toEqual({ applied: [], pending: [] });
        const { applied, pending, drift } = await schemaStatus({ client, database: name, migrations });
        expect(applied.map((one) => one.name)).toEqual(migrations.map(recordedName));
        expect({ pending, drift }).toEqual({ pending: [], drift: { differences: [], partly: false } });
        return describeDatabase(client);
      });
      expect(Object.keys(whole.objects).filter((object) => object.startsWith("table public.")).length).toBeGreaterThan(
        0,
      );
      for (const [index, copy] of copies.entries())
        await asOwner(
          database,
          async (client) => {
            const done = await apply(client);
            expect(done.applied, copy).toEqual(migrations.slice(index + 1).map(recordedName));
            expect(differences(whole, await describeDatabase(client)), copy).toEqual([]);
          },
          copy,
        );
      const before = made.get(name);
      if (before === undefined) made.set(name, whole);
      // Texts that the server writes itself may differ from version to version; everything else may not.
      else expect(differences(before, whole), `as on PostgreSQL ${before.server}`).toEqual([]);
    },
  );

  it("belong to the owner of the database, whoever runs them", async () => {
    const name = "aibase";
    await server.psql(`DROP DATABASE "${name}"`);
    const database = await catalogueDatabase(server, name, { upTo: 0 });
    const client = await database.connect("superuser");
    await applyMigrations({ client, database: name, migrations: loadMigrations(name, "postgresql") });
    await client.end();
    const owners =
      "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'ladder'::regnamespace) AND relkind IN ('r', 'p', 'S') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')";
    expect(await database.psql(owners, "superuser")).toBe(database.user("owner"));
    await expect(
      database.connect("app").then(async (app) => {
        try {
          await applyMigrations({ client: app, database: name, migrations: loadMigrations(name, "postgresql") });
        } finally {
          await app.end();
        }
      }),
    ).rejects.toMatchObject({
      name: "UserError",
      exitCode: 2,
      message: `Role ${database.user("app")} cannot work on the schema of database ${name}: it belongs to ${database.user("owner")}, and ${database.user("app")} may not become ${database.user("owner")}. Connect as ${database.user("owner")}.`,
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { HOLES } from "./holes";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

describe.each(CATALOGUE_NAMES)("%s", (name) => {
  let database: CatalogueDatabase;
  beforeAll(async () => {
    database = await catalogueDatabase(server, name);
  });
  const ask = (sql: string) => database.psql(sql.replaceAll("$app", database.user("app")), "superuser");

  it.each(HOLES)("is without $what", async ({ found, made, names = "hole" }) => {
    expect(await ask(found)).toBe("");
    const owner = `"${database.user("owner")}"`;
    expect(await ask(`BEGIN; SET LOCAL ROLE ${owner}; ${made}; RESET ROLE; ${found}; ROLLBACK`)).toContain(names);
  });
});

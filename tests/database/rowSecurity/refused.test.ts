import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { attempt, reseed, stateOf } from "./attempt";
import { GUARDED, type Guarded, guardedDatabases, SECRET } from "./guarded";
import { REFUSED } from "./refusedAttempts";

// What PostgreSQL refuses, and in which words, changes from version to version.
describe.each([15, 18] as const)("PostgreSQL %i", (version) => {
  let server: Postgres;
  let databases: Record<Guarded["catalogue"], CatalogueDatabase>;

  beforeAll(async () => {
    server = await startPostgres({ version, settings: { wal_level: "logical" } });
    databases = await guardedDatabases(server);
  });
  afterAll(() => server?.stop());

  describe.each(GUARDED)("$table", (table) => {
    let superuser: Client;
    let before: string;
    beforeAll(async () => {
      superuser = await databases[table.catalogue].connect("superuser");
      await reseed(superuser, table);
      before = await stateOf(superuser, table);
      expect(before).toContain(SECRET);
    });
    afterAll(() => superuser.end());

    it.each(REFUSED.filter(({ only = table.table }) => only === table.table))("withstands $what", async (one) => {
      const answer = await attempt(databases[table.catalogue], table, one);
      expect(answer.error).toMatch(one.refused);
      expect(answer.everything).not.toContain(SECRET);
      expect(await stateOf(superuser, table)).toBe(before);
    });
  });
});

import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { attempt, reseed, stateOf, withoutProtection } from "./attempt";
import { BOB, GUARDED, type Guarded, guardedDatabases, SAYING, SECRET, seenBy } from "./guarded";
import { UNSEEN } from "./unseenAttempts";

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
});
afterAll(() => server?.stop());

describe.each(GUARDED)("$table", (table) => {
  let superuser: Client;
  beforeAll(async () => {
    superuser = await databases[table.catalogue].connect("superuser");
  });
  afterAll(() => superuser.end());
  beforeEach(() => reseed(superuser, table));

  it.each(UNSEEN)("withstands $what", async (one) => {
    const database = databases[table.catalogue];
    const before = await stateOf(superuser, table);
    const answer = await attempt(database, table, one);
    expect(answer.error).toBeUndefined();
    expect(answer.rows).toEqual([...one.gives(table)].sort());
    expect(answer.everything).not.toContain(SECRET);
    expect(await stateOf(superuser, table)).toBe(before);
    // The same attempt does tell where no policy holds: it is the policies that keep it from telling.
    await reseed(superuser, table);
    if (one.tells !== "nothing")
      expect((await withoutProtection(database, table, one)).everything).toMatch(one.tells ?? SECRET);
  });

  it.each(["TABLE", "QUERY"])("withstands COPY … TO STDOUT of a %s", async (what) => {
    const copied = what === "TABLE" ? `${table.table} (${table.text})` : `(SELECT ${table.text} FROM ${table.table})`;
    const identity = SAYING.set_config(table.setting, table.person(BOB));
    const sql = `BEGIN; ${identity} \\g /dev/null\nCOPY ${copied} TO STDOUT; COMMIT`;
    const database = databases[table.catalogue];
    const lines = (await database.psql(sql)).split("\n").sort();
    // COPY of a table with row security leaves partitions out.
    expect(lines).toEqual(what === "TABLE" && table.table === "posts" ? [""] : seenBy(BOB));
  });
});

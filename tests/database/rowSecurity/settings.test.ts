import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { ALICE, BOB, GUARDED, type Guarded, guardedDatabases, SAYING, seed, seenBy, texts } from "./guarded";

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
  for (const table of GUARDED) await databases[table.catalogue].psql(seed(table), "owner");
});
afterAll(() => server?.stop());

describe.each(GUARDED)("$setting", (table) => {
  const all = `SELECT ${table.text} FROM ${table.table}`;
  let client: Client;
  beforeEach(async () => {
    client = await databases[table.catalogue].connect("app");
    await client.query("BEGIN");
    return () => client.end();
  });
  const say = (identity: string) => client.query("SELECT set_config($1, $2, true)", [table.setting, identity]);

  it.each([
    "",
    " ",
    "0",
    "-1",
    "99",
    "null",
    "NaN",
    "1 OR 1=1",
    "'; DROP TABLE x --",
    "1".repeat(40),
    "9".repeat(5_000),
    "\u00e9\u{1f600}",
    "%",
    "*",
  ])("shows no hidden row for the value %j", async (value) => {
    await say(value);
    const answer = await texts(client, all).catch((error: Error) => error.message);
    // An id that is no number is an error, which shows nothing at all.
    if (typeof answer === "string")
      expect(answer).toMatch(/^(invalid input syntax for type bigint|value ".*" is out of range)/s);
    else expect(answer).toEqual(seenBy(undefined));
    expect(typeof answer === "string").toBe(table.table === "posts" && !/^(|-?\d{1,2})$/.test(value));
  });

  it("ends with its transaction, whether that is kept, rolled back or failed, and leaves nobody", async () => {
    for (const end of ["COMMIT", "ROLLBACK", "SELECT 1/0"]) {
      await say(table.person(ALICE));
      expect(await texts(client, all)).toEqual(seenBy(ALICE));
      await client.query(end).catch(() => client.query("ROLLBACK"));
      expect(await texts(client, all)).toEqual(seenBy(undefined));
      await client.query("BEGIN");
    }
  });

  it("goes back with a savepoint, and stays with one that is released", async () => {
    await say(table.person(ALICE));
    await client.query("SAVEPOINT before");
    await say(table.person(BOB));
    expect(await texts(client, all)).toEqual(seenBy(BOB));
    await client.query("ROLLBACK TO before");
    expect(await texts(client, all)).toEqual(seenBy(ALICE));
    await client.query("SAVEPOINT again");
    await say(table.person(BOB));
    await client.query("RELEASE again");
    expect(await texts(client, all)).toEqual(seenBy(BOB));
    await client.query("COMMIT");
    expect(await texts(client, all)).toEqual(seenBy(undefined));
  });

  it("means nothing where no transaction is open: SET LOCAL is for the statement itself", async () => {
    await client.query("COMMIT");
    await client.query(SAYING["SET LOCAL"](table.setting, table.person(ALICE)));
    expect(await texts(client, all)).toEqual(seenBy(undefined));
    await say(table.person(ALICE));
    expect(await texts(client, all)).toEqual(seenBy(undefined));
  });

  it("follows the identity with a statement that is prepared by name, also with a plan that serves for everybody", async () => {
    await client.query("SET LOCAL plan_cache_mode = force_generic_plan");
    for (const person of [ALICE, BOB, ALICE, undefined, BOB]) {
      await say(person === undefined ? "" : table.person(person));
      const { rows } = await client.query<string[]>({ name: "same", text: all, rowMode: "array" });
      expect(rows.map(([text]) => text).sort()).toEqual(seenBy(person));
    }
  });
});

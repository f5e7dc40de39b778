import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import {
  ALICE,
  BOB,
  columnsOf,
  GUARDED,
  type Guarded,
  guardedDatabases,
  ownedBy,
  ROWS,
  SAYING,
  type Saying,
  seed,
  seenBy,
  texts,
  valuesOf,
} from "./guarded";
import { type Pooler, startPooler } from "./pooler";

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;
let pooler: Pooler;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
  pooler = await startPooler(server, databases, { size: 2 });
  for (const table of GUARDED) await databases[table.catalogue].psql(seed(table), "owner");
});
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

const NEW = { id: 9, person: ALICE, shown: false, text: "alice new" };

/** What is tried, as a statement whose first column is the text of the rows that it reached. */
const VERBS = {
  SELECT: ({ table, text }: Guarded) => `SELECT ${text} FROM ${table}`,
  INSERT: (table: Guarded) =>
    `INSERT INTO ${table.table} (${columnsOf(table)}) VALUES ${valuesOf(table, NEW)} RETURNING ${table.text}`,
  UPDATE: ({ table, text }: Guarded) => `UPDATE ${table} SET updated_at = '2030-01-01' RETURNING ${text}`,
  DELETE: ({ table, text }: Guarded) => `DELETE FROM ${table} RETURNING ${text}`,
} as const;
type Verb = keyof typeof VERBS;

const REFUSED = /new row violates row-level security policy for table/;
const ALL = ROWS.map((row) => row.text).sort();

/** Who asks: the author of the first rows, another user, nobody by an empty setting, and an application that forgot the setting. */
const WHO: readonly { who: string; identity: string | undefined; person: number | undefined }[] = [
  { who: "the owner of the row", identity: "alice", person: ALICE },
  { who: "another user", identity: "bob", person: BOB },
  { who: "an anonymous visitor", identity: "", person: undefined },
  { who: "the application without the setting", identity: undefined, person: undefined },
];

const expected = (verb: Verb, person: number | undefined): string[] | RegExp => {
  if (verb === "SELECT") return seenBy(person);
  if (verb === "INSERT") return person === ALICE ? [NEW.text] : REFUSED;
  return ownedBy(person);
};

/** Runs one statement in a transaction of its own, which leaves nothing behind. */
async function tried(client: Client, sql: string, identify: string | undefined): Promise<string[]> {
  await client.query("BEGIN");
  try {
    if (identify !== undefined) await client.query(identify);
    return await texts(client, sql);
  } finally {
    await client.query("ROLLBACK");
  }
}

describe.each(GUARDED)("$table through PgBouncer", (table) => {
  for (const saying of Object.keys(SAYING) as Saying[])
    for (const { who, identity, person } of WHO)
      for (const verb of Object.keys(VERBS) as Verb[])
        it(`${verb} by ${who}, said by ${saying}`, async () => {
          const identify =
            identity === undefined
              ? undefined
              : SAYING[saying](table.setting, person === undefined ? "" : table.person(person));
          const client = await pooler.connect(table.catalogue);
          const result = tried(client, VERBS[verb](table), identify);
          const wanted = expected(verb, person);
          if (wanted instanceof RegExp) await expect(result).rejects.toThrow(wanted);
          else expect(await result).toEqual(wanted);
          await client.end();
        });

  const as = (person: number) => SAYING.set_config(table.setting, table.person(person));
  const change = (id: number, column: string, value: string) =>
    `UPDATE ${table.table} SET ${column} = '${value}' WHERE id = ${id} RETURNING ${table.text}`;

  it("lets an author hide what is public, and publish what is hidden", async () => {
    const client = await pooler.connect(table.catalogue);
    expect(await tried(client, change(1, table.visibility, table.hidden), as(ALICE))).toEqual(["alice public"]);
    expect(await tried(client, change(2, table.visibility, table.shown), as(ALICE))).toEqual([ROWS[1].text]);
    await client.end();
  });

  it("refuses to give a row away, to take one, or to make one in another's name", async () => {
    const client = await pooler.connect(table.catalogue);
    const give = tried(client, change(1, table.author, table.person(BOB)), as(ALICE));
    await expect(give).rejects.toThrow(REFUSED);
    expect(await tried(client, change(1, table.author, table.person(BOB)), as(BOB))).toEqual([]);
    await expect(tried(client, VERBS.INSERT(table), as(BOB))).rejects.toThrow(REFUSED);
    await client.end();
  });

  it("shows the owner of the table every row, so that dumps, archiving and migrations lose none", async () => {
    for (const role of ["owner", "replication"] as const) {
      const client = await databases[table.catalogue].connect(role);
      expect(await texts(client, VERBS.SELECT(table))).toEqual(ALL);
      await client.end();
    }
  });

  it("holds for the read-only role too: public rows, and those of an identity that it names", async () => {
    const client = await databases[table.catalogue].connect("readonly");
    expect(await tried(client, VERBS.SELECT(table), undefined)).toEqual(seenBy(undefined));
    expect(await tried(client, VERBS.SELECT(table), as(ALICE))).toEqual(seenBy(ALICE));
    await expect(tried(client, VERBS.DELETE(table), as(ALICE))).rejects.toThrow("permission denied");
    await client.end();
  });
});

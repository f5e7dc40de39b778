import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { attempt, reseed } from "./attempt";
import {
  ALICE,
  BOB,
  columnsOf,
  GUARDED,
  type Guarded,
  guardedDatabases,
  ownedBy,
  SAYING,
  SECRET,
  texts,
  valuesOf,
} from "./guarded";

/** What PostgreSQL itself tells about hidden rows, and how little that is. docs/row-level-security.md lists it. */

let server: Postgres;
let databases: Record<Guarded["catalogue"], CatalogueDatabase>;

beforeAll(async () => {
  server = await startPostgres();
  databases = await guardedDatabases(server);
});
afterAll(() => server?.stop());

describe.each(GUARDED)("$table", (table) => {
  const database = () => databases[table.catalogue];
  const as = (person: number) => SAYING.set_config(table.setting, table.person(person));
  const bob = (...sql: string[]) => attempt(database(), table, { what: "", sql: () => sql });
  const insert = (row: { id: number; person: number; shown: boolean; text: string }) =>
    `INSERT INTO ${table.table} (${columnsOf(table)}) VALUES ${valuesOf(table, row)}`;

  let superuser: Client;
  beforeAll(async () => {
    superuser = await database().connect("superuser");
  });
  afterAll(() => superuser.end());
  beforeEach(() => reseed(superuser, table));

  it("tells that an id is taken, and nothing of the row that has it", async () => {
    const taken = await bob(insert({ id: 2, person: BOB, shown: true, text: "x" }));
    expect(taken.error).toMatch(/duplicate key value violates unique constraint/);
    expect(taken.everything).not.toContain(SECRET);
    expect(taken.everything).not.toContain(table.hidden);
    expect((await bob(insert({ id: 99, person: BOB, shown: true, text: "x" }))).error).toBeUndefined();
  });

  it("answers a reference to a hidden row and to a row that does not exist in the same words", async () => {
    const refer = (id: number) =>
      table.table === "posts"
        ? `INSERT INTO interactions (user_id, post_id, type) VALUES (${BOB}, ${id}, 'like')`
        : `INSERT INTO ai_ideas (title, ceo_agent_id) VALUES ('x', ${id})`;
    const [hidden, missing] = [await bob(refer(2)), await bob(refer(77))];
    expect(hidden.error).toContain("violates foreign key constraint");
    expect(hidden.error?.replaceAll("2", "77")).toBe(missing.error?.replaceAll("2", "77"));
    expect((await bob(refer(1), refer(1).replace("'like'", "'repost'"))).error).toBeUndefined();
  });

  it("tells how many rows there are, by estimates and plans, and not what is in them", async () => {
    const parts = `relkind = 'r' AND relname IN ('${table.table}', '${table.table}_2024')`;
    expect((await bob(`SELECT sum(reltuples) FROM pg_class WHERE ${parts}`)).rows).toEqual(["4"]);
    const plan = await bob(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM ${table.table}`);
    expect(plan.everything).toContain("Rows Removed by Filter: 1");
    expect(plan.everything).not.toContain(SECRET);
    expect((await bob(`SELECT last_value FROM ${table.table}_id_seq`)).rows).toEqual(["100"]);
  });

  it("shows a client the statements of others of its role, but no value that was bound, and nothing of the owner's", async () => {
    const other = await database().connect("app");
    const owner = await database().connect("owner");
    await other.query("BEGIN");
    await other.query("SELECT set_config($1, $2, true)", [table.setting, table.person(ALICE)]);
    await other.query(`SELECT 'as text', * FROM ${table.table} WHERE ${table.text} = $1`, [`alice ${SECRET}`]);
    await owner.query("BEGIN");
    await owner.query(`SELECT 'of the owner', '${SECRET}'`);
    const answer = await bob("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
    expect(answer.everything).toContain("as text");
    expect(answer.everything).toContain("insufficient privilege");
    expect(answer.everything).not.toContain("of the owner");
    expect(answer.everything).not.toContain(SECRET);
    await other.end();
    await owner.end();
  });

  it("neither waits for hidden rows that their owner has locked, nor tells of them", async () => {
    const alice = await database().connect("app");
    await alice.query("BEGIN");
    await alice.query(as(ALICE));
    expect(await texts(alice, `SELECT ${table.text} FROM ${table.table} FOR UPDATE`)).toEqual(ownedBy(ALICE));
    const answer = await bob(
      "SET LOCAL lock_timeout = '1s'",
      `SELECT ${table.text} FROM ${table.table} FOR UPDATE NOWAIT`,
      `UPDATE ${table.table} SET updated_at = '2030-01-01' RETURNING ${table.text}`,
    );
    expect(answer.error).toBeUndefined();
    expect(answer.rows).toEqual(ownedBy(BOB));
    await alice.end();
  });

  it("sends nobody who listens a word about what others write", async () => {
    const listener = await database().connect("app");
    const heard: string[] = [];
    listener.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
    for (const channel of [table.table, "notifications", table.catalogue, "heartbeat"])
      await listener.query(`LISTEN ${channel}`);
    expect(
      (await bob(insert({ id: 98, person: BOB, shown: false, text: "x" }), "NOTIFY heartbeat")).error,
    ).toBeUndefined();
    for (let n = 0; n < 100 && heard.length === 0; n++) await sleep(20);
    expect(heard).toEqual(["heartbeat "]);
    await listener.end();
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Migration, migrationOf } from "../../../catalogue/migrations";
import { applyMigrations } from "../../../schema/apply";
import { differences, inWords } from "../../../schema/description/differences";
import { describeDatabase, recordedDescription } from "../../../schema/description/record";
import { prepareSession } from "../../../schema/session";
import { schemaStatus } from "../../../schema/status";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { connected, type Fresh, freshDatabase } from "./support";

const first = migrationOf(
  1,
  "tables",
  `CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (id bigserial PRIMARY KEY, name varchar(50) NOT NULL UNIQUE, age int DEFAULT 0 CHECK (age >= 0), mood mood);
CREATE TABLE letters (id bigserial PRIMARY KEY, sender bigint REFERENCES people (id) ON DELETE CASCADE, body text NOT NULL);
CREATE INDEX idx_letters_sender ON letters (sender);
ALTER TABLE letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_letters ON letters FOR SELECT USING (sender = 1);
CREATE FUNCTION public.touched() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.body := trim(NEW.body); RETURN NEW; END$$;
CREATE TRIGGER letters_touched BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION public.touched();
CREATE VIEW senders AS SELECT DISTINCT sender FROM letters;
CREATE TABLE days (at timestamp NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE days_2024 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE PUBLICATION feed FOR TABLE people, letters;
`,
);
const second = migrationOf(
  2,
  "more",
  "ALTER TABLE people ADD COLUMN email text;\nALTER TABLE people ALTER age DROP DEFAULT;\n",
);

let server: Postgres;
let described: Fresh;
beforeAll(async () => {
  server = await startPostgres();
  described = await freshDatabase(server);
  await apply(described, [first]);
});
afterAll(() => server.stop());

const apply = (database: Fresh, migrations: readonly Migration[]) =>
  connected(database, (client) => applyMigrations({ client, database: "made_up", migrations }));

const drift = async (database: Fresh, migrations: readonly Migration[] = [first]) =>
  (await connected(database, (client) => schemaStatus({ client, database: "made_up", migrations }))).drift;

const words = async (database: Fresh, migrations?: readonly Migration[]) =>
  (await drift(database, migrations))?.differences.map(inWords);

/** What would be told of a change by hand, which is then undone: `sql` runs in a transaction that is rolled back. */
const told = (sql: string): Promise<string[]> =>
  connected(described, async (client) => {
    await prepareSession(client);
    await client.query("BEGIN");
    await client.query(sql);
    const [expected, found] = [await recordedDescription(client), await describeDatabase(client)];
    await client.query("ROLLBACK");
    return expected === undefined ? ["nothing is recorded"] : differences(expected, found).map(inWords);
  });

describe("what somebody changed by hand", () => {
  it("is nothing after a run, and nothing can be said before the first", async () => {
    const database = await freshDatabase(server);
    expect(await drift(database)).toBeNull();
    await apply(database, [first]);
    expect(await drift(database)).toEqual({ differences: [], partly: false });
  });

  it.each<[string, string[]]>([
    ["ALTER TABLE people ALTER name TYPE text", ["column public.people.name: type was character varying(50), is text"]],
    ["ALTER TABLE people ALTER name DROP NOT NULL", ["column public.people.name: nullable was no, is yes"]],
    ["ALTER TABLE people ALTER age SET DEFAULT 7", ["column public.people.age: default was 0, is 7"]],
    ["ALTER TABLE people ALTER age DROP DEFAULT", ["column public.people.age: default was 0, is not set any more"]],
    ["ALTER TABLE people ADD nickname text", ["column public.people.nickname is of no migration"]],
    [
      "ALTER TABLE people DROP age",
      ["column public.people.age is gone", "constraint people_age_check on public.people is gone"],
    ],
    ["CREATE TABLE notes (id serial PRIMARY KEY)", ["table public.notes is of no migration"]],
    ["DROP TABLE days", ["table public.days is gone"]],
    ["DROP TABLE days_2024", ["partition public.days_2024 is gone"]],
    ["DROP INDEX idx_letters_sender", ["index public.idx_letters_sender is gone"]],
    [
      "DROP INDEX idx_letters_sender; CREATE INDEX idx_letters_sender ON letters (sender DESC)",
      [
        "index public.idx_letters_sender: definition was CREATE INDEX idx_letters_sender ON public.letters USING btree (sender), is CREATE INDEX idx_letters_sender ON public.letters USING btree (sender DESC)",
      ],
    ],
    [
      "ALTER TABLE people DROP CONSTRAINT people_age_check, ADD CONSTRAINT people_age_check CHECK (age > 0)",
      ["constraint people_age_check on public.people: definition was CHECK ((age >= 0)), is CHECK ((age > 0))"],
    ],
    ["ALTER TABLE letters DISABLE ROW LEVEL SECURITY", ["table public.letters: row security was yes, is no"]],
    ["DROP POLICY own_letters ON letters", ["policy own_letters on public.letters is gone"]],
    [
      "ALTER POLICY own_letters ON letters USING (true)",
      ["policy own_letters on public.letters: condition was (sender = 1), is true"],
    ],
    [
      "CREATE OR REPLACE FUNCTION public.touched() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
      ["function public.touched(): its body was altered"],
    ],
    [
      "ALTER FUNCTION public.touched() SECURITY DEFINER",
      ["function public.touched(): security was invoker, is definer"],
    ],
    [
      "ALTER TABLE letters DISABLE TRIGGER letters_touched",
      ["trigger letters_touched on public.letters: enabled was yes, is no"],
    ],
    [
      "CREATE OR REPLACE VIEW senders AS SELECT DISTINCT sender FROM letters WHERE sender > 1",
      [expect.stringContaining("view public.senders: definition was")],
    ],
    ["ALTER TYPE mood ADD VALUE 'mixed'", ["type mood: values was 'good', 'bad', is 'good', 'bad', 'mixed'"]],
    ["ALTER PUBLICATION feed DROP TABLE letters", ["publication feed: tables was letters, people, is people"]],
    ["ALTER SEQUENCE people_id_seq INCREMENT 10", ["sequence public.people_id_seq: increment was 1, is 10"]],
    [
      "CREATE ROLE somebody; ALTER TABLE letters OWNER TO somebody",
      ["table public.letters: owner was the owner of the database, is somebody"],
    ],
  ])("%s", async (sql, expected) => {
    expect(await told(sql)).toEqual(expected);
  });

  it.each([
    [
      "a partition that maintenance made",
      "CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    ],
    ["rows", "INSERT INTO people (name) VALUES ('Ada')"],
    ["a right", "CREATE ROLE reader; GRANT SELECT ON people TO reader"],
    ["an extension", "CREATE EXTENSION pgcrypto"],
    ["statistics", "ANALYZE"],
  ])("is not %s", async (_what, sql) => {
    expect(await told(sql)).toEqual([]);
  });

  it("stays known when a migration comes after it, unless the migration changes the same thing", async () => {
    const database = await freshDatabase(server);
    await apply(database, [first]);
    await server.psql(
      "ALTER TABLE people ALTER name TYPE text; ALTER TABLE people ALTER age SET DEFAULT 7; DROP INDEX idx_letters_sender; CREATE TABLE notes (id int)",
      database.name,
    );
    await apply(database, [first, second]);
    expect(await words(database, [first, second])).toEqual([
      "column public.people.name: type was character varying(50), is text",
      "index public.idx_letters_sender is gone",
      "table public.notes is of no migration",
    ]);
    await server.psql(
      "ALTER TABLE people ALTER name TYPE varchar(50); CREATE INDEX idx_letters_sender ON letters (sender); DROP TABLE notes",
      database.name,
    );
    expect(await words(database, [first, second])).toEqual([]);
  });

  it("is not claimed after an upgrade of the server, whose texts may be written in another way", async () => {
    const database = await freshDatabase(server);
    await apply(database, [first]);
    // As if an older server had recorded it, in words of its own.
    await server.psql(
      `UPDATE ladder.description SET server = 14, objects = jsonb_set(objects, '{column public.people.age,default}', '"(0)"')`,
      database.name,
    );
    await server.psql("ALTER TABLE people ALTER name TYPE text", database.name);
    const typeOnly = ["column public.people.name: type was character varying(50), is text"];
    expect(await drift(database)).toMatchObject({ partly: true });
    expect(await words(database)).toEqual(typeOnly);
    expect(await apply(database, [first])).toEqual({ applied: [], pending: [] });
    expect(await drift(database)).toMatchObject({ partly: false });
    expect(await words(database)).toEqual(typeOnly);
  });
});

describe("a migration that fails", () => {
  const failing = async (sql: string): Promise<unknown> => {
    const database = await freshDatabase(server);
    const failed = await apply(database, [first, migrationOf(2, "bad", sql)]).then(
      () => "it succeeded",
      (error: unknown) => error,
    );
    expect(await words(database)).toEqual([]);
    return failed;
  };

  it.each<[string, string, string]>([
    [
      "names file, line and words",
      "CREATE TABLE fine (id int);\nSELECT 1;\nCREATE TABL broken (id int);\n",
      `migration 0002_bad failed at line 3 (its includes counted), "CREATE TABL broken (id int);": syntax error at or near "TABL". Nothing of this file was kept; the ones before it are applied. Mend the file`,
    ],
    [
      "shows no value of a row",
      "INSERT INTO people (name) VALUES ('Ada secret'), ('Ada secret');\n",
      `migration 0002_bad failed: duplicate key value violates unique constraint "people_name_key". Nothing`,
    ],
    [
      "says whose right is missing",
      "CREATE ROLE nobody;\nSET ROLE nobody;\nCREATE TABLE public.mine (id int);\n",
      `migration 0002_bad failed at line 3 (its includes counted), "CREATE TABLE public.mine (id int);": permission denied for schema public. Nothing of this file was kept; the ones before it are applied. Connect as the owner of the database`,
    ],
  ])("%s, and nothing of it stays", async (_what, sql, message) => {
    expect(await failing(sql)).toMatchObject({
      name: "UserError",
      exitCode: 1,
      message: expect.stringContaining(message),
    });
  });
});

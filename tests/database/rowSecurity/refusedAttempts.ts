import type { Attempt } from "./attempt";
import { ALICE, BOB, columnsOf, type Guarded, MADE, valuesOf } from "./guarded";

/** Attempts that PostgreSQL refuses, each with what it has to say. */
export interface RefusedAttempt extends Attempt {
  readonly refused: RegExp;
}

const OWNED = /must be owner of/;
const TABLE = /permission denied for table/;
const SCHEMA = /permission denied for schema/;
const DATABASE = /permission denied for database/;
const owner = ({ catalogue }: Guarded) => `${catalogue}_owner`;
const one = (what: string, refused: RegExp, sql: (table: Guarded) => string): RefusedAttempt => ({
  what,
  refused,
  sql: (table) => [sql(table)],
});

/** Becoming somebody else. */
const ROLES: readonly RefusedAttempt[] = [
  one("SET ROLE to the owner", /permission denied to set role/, (t) => `SET ROLE ${owner(t)}`),
  one(
    "SET ROLE to the replication role",
    /permission denied to set role/,
    (t) => `SET ROLE ${t.catalogue}_replication`,
  ),
  one("SET LOCAL ROLE to the superuser", /permission denied to set role/, () => "SET LOCAL ROLE postgres"),
  one(
    "SET SESSION AUTHORIZATION",
    /permission denied to set session auth/,
    (t) => `SET SESSION AUTHORIZATION ${owner(t)}`,
  ),
  one(
    "set_config of the role",
    /permission denied to set role/,
    (t) => `SELECT set_config('role', '${owner(t)}', true)`,
  ),
  one(
    "joining the owner",
    /must have admin option|permission denied to grant role/,
    (t) => `GRANT ${owner(t)} TO ${t.catalogue}`,
  ),
  one(
    "joining pg_read_all_data",
    /must have admin option|permission denied to grant role/,
    (t) => `GRANT pg_read_all_data TO ${t.catalogue}`,
  ),
  one(
    "BYPASSRLS for itself",
    /must be superuser|permission denied to alter role/,
    (t) => `ALTER ROLE ${t.catalogue} BYPASSRLS`,
  ),
  one(
    "a password for the owner",
    /permission denied|must have CREATEROLE/,
    (t) => `ALTER ROLE ${owner(t)} PASSWORD 'x'`,
  ),
  one(
    "a role of its own making",
    /permission denied to create role|must be superuser to create/,
    () => "CREATE ROLE bob BYPASSRLS LOGIN",
  ),
];

/** Changing what protects. */
const PROTECTION: readonly RefusedAttempt[] = [
  one(
    "switching row security off for itself",
    /would be affected by row-level security/,
    (t) => `SET row_security = off; SELECT * FROM ${t.table}`,
  ),
  one("disabling row security", OWNED, (t) => `ALTER TABLE ${t.table} DISABLE ROW LEVEL SECURITY`),
  one("a policy of its own", OWNED, (t) => `CREATE POLICY everything ON ${t.table} USING (true)`),
  one("a wider policy", OWNED, (t) => `ALTER POLICY ${policy(t)} ON ${t.table} USING (true)`),
  one("a dropped policy", OWNED, (t) => `DROP POLICY ${policy(t)} ON ${t.table}`),
  one("taking the table", OWNED, (t) => `ALTER TABLE ${t.table} OWNER TO ${t.catalogue}`),
  one(
    "REASSIGN OWNED",
    /permission denied to reassign objects/,
    (t) => `REASSIGN OWNED BY ${owner(t)} TO ${t.catalogue}`,
  ),
  one(
    "default privileges of the owner",
    /permission denied|must be member of role/,
    (t) => `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner(t)} GRANT ALL ON TABLES TO PUBLIC`,
  ),
  one(
    "another identity function",
    SCHEMA,
    () => "CREATE OR REPLACE FUNCTION public.current_wallet() RETURNS text LANGUAGE sql AS 'SELECT ''0x1'''",
  ),
  one(
    "replica mode, in which no trigger fires",
    /permission denied to set parameter/,
    () => "SET session_replication_role = replica",
  ),
  one(
    "an identity for the whole database",
    OWNED,
    (t) => `ALTER DATABASE ${t.catalogue} SET ${t.setting} = '${t.person(ALICE)}'`,
  ),
  one(
    "an identity as its own default",
    /permission denied to set parameter/,
    (t) => `ALTER ROLE CURRENT_USER SET ${t.setting} = '${t.person(ALICE)}'`,
  ),
  one(
    "an identity as its own default in this database",
    /permission denied to set parameter/,
    (t) => `ALTER ROLE CURRENT_USER IN DATABASE ${t.catalogue} SET ${t.setting} FROM CURRENT`,
  ),
  one(
    "an identity for another role",
    /permission denied|must have CREATEROLE/,
    (t) => `ALTER ROLE ${t.catalogue}_readonly SET ${t.setting} = '1'`,
  ),
];

const policy = ({ table }: Guarded): string =>
  table === "posts" ? "posts_visibility_policy" : '"Public agents visible"';

/** Making something that runs with more rights, or in front of what is there. */
const MAKING: readonly RefusedAttempt[] = [
  one(
    "a SECURITY DEFINER function",
    SCHEMA,
    (t) => `CREATE FUNCTION peek() RETURNS SETOF ${t.table} SECURITY DEFINER LANGUAGE sql AS 'TABLE ${t.table}'`,
  ),
  one(
    "a cheap leaky function",
    SCHEMA,
    () =>
      "CREATE FUNCTION leak(text) RETURNS bool COST 0.0001 LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'",
  ),
  one(
    "a function in pg_temp",
    /permission denied to create temporary/,
    () => "CREATE FUNCTION pg_temp.nullif(text, text) RETURNS text LANGUAGE sql AS 'SELECT 1'",
  ),
  one(
    "a temporary table in front of the real one",
    /permission denied to create temporary/,
    (t) => `CREATE TEMP TABLE ${t.table} (id int)`,
  ),
  one("a schema in front of public", DATABASE, () => "CREATE SCHEMA evil"),
  one("a schema of its own name, first in the search path", DATABASE, () => "CREATE SCHEMA AUTHORIZATION CURRENT_USER"),
  one("an operator", SCHEMA, () => "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)"),
  one("a view", SCHEMA, (t) => `CREATE VIEW everything AS TABLE ${t.table}`),
  one("a materialised view", SCHEMA, (t) => `CREATE MATERIALIZED VIEW everything AS TABLE ${t.table}`),
  one("a copy of the table", SCHEMA, (t) => `CREATE TABLE stolen AS TABLE ${t.table}`),
  one("a child table", SCHEMA, (t) => `CREATE TABLE child () INHERITS (${t.table})`),
  one("a rule", OWNED, (t) => `CREATE RULE tell AS ON UPDATE TO ${t.table} DO ALSO NOTIFY told`),
  one(
    "a trigger",
    TABLE,
    (t) => `CREATE TRIGGER tell BEFORE UPDATE ON ${t.table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  ),
  one("an index on an expression that tells", OWNED, (t) => `CREATE INDEX tell ON ${t.table} ((${t.text}::int))`),
  one("statistics of its own", OWNED, (t) => `CREATE STATISTICS told ON ${t.author}, ${t.text} FROM ${t.table}`),
  one(
    "an event trigger",
    /permission denied to create event trigger/,
    () => "CREATE EVENT TRIGGER tell ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  ),
  one(
    "a language",
    /permission denied for database|must be superuser/,
    () => "CREATE LANGUAGE plperlu HANDLER plpgsql_call_handler",
  ),
  one("a publication", DATABASE, (t) => `CREATE PUBLICATION told FOR TABLE ${t.table}`),
  one(
    "a subscription",
    /must be superuser|permission denied to create subscription/,
    () => "CREATE SUBSCRIPTION told CONNECTION '' PUBLICATION x WITH (connect = false)",
  ),
];

/** Ways past the tables, to their files and to other servers. */
const OUTSIDE: readonly RefusedAttempt[] = [
  one(
    "the extension dblink",
    /permission denied to create extension|not available|could not open/,
    () => "CREATE EXTENSION dblink",
  ),
  one(
    "the extension postgres_fdw",
    /permission denied to create extension|not available|could not open/,
    () => "CREATE EXTENSION postgres_fdw",
  ),
  one(
    "a foreign server",
    /permission denied for foreign-data wrapper|does not exist/,
    () => "CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw",
  ),
  one("COPY FROM", /COPY FROM not supported with row-level security/, (t) => `COPY ${t.table} (${t.text}) FROM STDIN`),
  one(
    "COPY to a file",
    /permission denied to COPY to a file|must be superuser/,
    (t) => `COPY ${t.table} TO '/tmp/stolen'`,
  ),
  one(
    "COPY to a program",
    /permission denied to COPY to or from an external program|must be superuser/,
    (t) => `COPY ${t.table} TO PROGRAM 'cat'`,
  ),
  one("pg_read_file", /permission denied for function pg_read_file/, () => "SELECT pg_read_file('base/1/1')"),
  one(
    "a large object out of a server's file",
    /permission denied for function lo_import/,
    () => "SELECT lo_import('/etc/passwd')",
  ),
  one(
    "a logical slot",
    /must be superuser or replication role|permission denied to use replication slots/,
    () => "SELECT pg_create_logical_replication_slot('told', 'test_decoding')",
  ),
  one(
    "the changes of a slot",
    /must be superuser or replication role|permission denied to use replication slots/,
    () => "SELECT * FROM pg_logical_slot_get_changes('any', NULL, NULL)",
  ),
  one(
    "the planner's statistics",
    /permission denied for table pg_statistic/,
    (t) => `SELECT stavalues1 FROM pg_statistic WHERE starelid = '${t.table}'::regclass`,
  ),
  one("the internal schema", SCHEMA, () => "SELECT * FROM ladder.checksums"),
  one("TRUNCATE", TABLE, (t) => `TRUNCATE ${t.table}`),
  one(
    "a sequence turned back, so that new rows collide",
    /permission denied for sequence/,
    (t) => `SELECT setval('${t.table}_id_seq', 1)`,
  ),
  one(
    "the identities of another session, by its sequence",
    /not yet defined in this session/,
    (t) => `SELECT currval('${t.table}_id_seq')`,
  ),
];

/** Writing through to rows that are hidden. */
const WRITING: readonly RefusedAttempt[] = [
  one(
    "an INSERT in another's name",
    /violates row-level security/,
    (t) => `INSERT INTO ${t.table} (${columnsOf(t)}) VALUES ${row(t, 9, ALICE)}`,
  ),
  one(
    "an UPDATE that takes effect on another's behalf",
    /violates row-level security/,
    (t) => `UPDATE ${t.table} SET ${t.author} = '${t.person(ALICE)}'`,
  ),
  one(
    "ON CONFLICT DO UPDATE on a hidden row",
    /row-level security policy \(USING expression\)/,
    (t) =>
      `INSERT INTO ${t.table} (${columnsOf(t)}, created_at) SELECT ${values(t, 2, BOB)}, '${MADE}'
     ON CONFLICT (${t.table === "posts" ? "id, created_at" : "id"}) DO UPDATE SET ${t.text} = ${t.table}.${t.text} || '!' RETURNING ${t.text}`,
  ),
  one(
    "MERGE that inserts in another's name",
    /violates row-level security/,
    (t) =>
      `MERGE INTO ${t.table} USING (VALUES (9)) AS new (n) ON ${t.table}.id = new.n
     WHEN NOT MATCHED THEN INSERT (${columnsOf(t)}) VALUES ${row(t, 9, ALICE)}`,
  ),
  one("a reference to a hidden row, which would tell that it exists", /violates foreign key constraint/, (t) =>
    t.table === "posts"
      ? `INSERT INTO interactions (user_id, post_id, type) VALUES (${BOB}, 2, 'like')`
      : "INSERT INTO ai_ideas (title, ceo_agent_id) VALUES ('x', 2)",
  ),
  { ...one("a partition by its own name", TABLE, () => "SELECT * FROM posts_2024"), only: "posts" },
  { ...one("the default partition by its own name", TABLE, () => "SELECT * FROM posts_default"), only: "posts" },
  { ...one("detaching a partition", OWNED, () => "ALTER TABLE posts DETACH PARTITION posts_2024"), only: "posts" },
  {
    ...one(
      "attaching a partition",
      OWNED,
      () => "ALTER TABLE posts ATTACH PARTITION interactions FOR VALUES FROM ('1999-01-01') TO ('2000-01-01')",
    ),
    only: "posts",
  },
];

const text = (id: number): string => `by bob ${id}`;
const row = (t: Guarded, id: number, person: number): string =>
  valuesOf(t, { id, person, shown: true, text: text(id) });
const values = (t: Guarded, id: number, person: number): string => row(t, id, person).slice(1, -1);

export const REFUSED: readonly RefusedAttempt[] = [...ROLES, ...PROTECTION, ...MAKING, ...OUTSIDE, ...WRITING];

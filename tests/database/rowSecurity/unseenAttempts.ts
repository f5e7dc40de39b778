import type { Attempt } from "./attempt";
import { BOB, columnsOf, type Guarded, MADE, ownedBy, SECRET, seenBy, valuesOf } from "./guarded";

/** Attempts that PostgreSQL answers, but with no more than one may see. */
export interface UnseenAttempt extends Attempt {
  /** What the last statement gives, each row's columns with `|` between, sorted. */
  readonly gives: (table: Guarded) => readonly string[];
  /** What the same tells the owner of the table, whom no policy holds back. Default: the hidden text. */
  readonly tells?: RegExp | "nothing";
}

const seen = () => seenBy(BOB);
const owned = () => ownedBy(BOB);
const none = () => [];
const reads = (what: string, sql: (table: Guarded) => string): UnseenAttempt => ({
  what,
  sql: (table) => [sql(table)],
  gives: seen,
});

const divides: typeof reads = (what, sql) => ({ ...reads(what, sql), tells: /division by zero/ });

/** Is 0 for what is hidden, and 1 for all else: dividing by it tells, if it is ever asked of a hidden row. */
const zeroWhenSecret = ({ text }: Guarded) => `(CASE WHEN ${text} LIKE '%${SECRET}%' THEN 0 ELSE 1 END)`;

const READING: readonly UnseenAttempt[] = [
  reads("a plain SELECT", (t) => `SELECT ${t.text} FROM ${t.table}`),
  reads(
    "whole rows out of a subquery",
    (t) => `SELECT (s.x).${t.text} FROM (SELECT ${t.table} FROM ${t.table}) AS s (x)`,
  ),
  reads("a join with itself", (t) => `SELECT DISTINCT b.${t.text} FROM ${t.table} a, ${t.table} b`),
  reads(
    "scalar subqueries for each id",
    (t) =>
      `SELECT x FROM (SELECT (SELECT ${t.text} FROM ${t.table} WHERE id = n) AS x FROM generate_series(1, 9) n) q WHERE x IS NOT NULL`,
  ),
  reads(
    "a recursive query",
    (t) =>
      `WITH RECURSIVE r (id) AS (SELECT 1::bigint UNION SELECT r.id + 1 FROM r WHERE r.id < 9)
     SELECT t.${t.text} FROM r JOIN ${t.table} t USING (id)`,
  ),
  reads(
    "a window over its neighbours",
    (t) =>
      `SELECT unnest(array_agg(${t.text}) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
     FROM ${t.table} ORDER BY id LIMIT 3`,
  ),
  reads(
    "JSON of the rows",
    (t) => `SELECT value ->> '${t.text}' FROM json_array_elements((SELECT json_agg(x) FROM ${t.table} x))`,
  ),
  reads("places in the file", (t) => `SELECT ${t.text} FROM ${t.table} WHERE ctid >= '(0,0)'`),
  reads("a sample of the file", (t) => `SELECT ${t.text} FROM ${t.table} TABLESAMPLE SYSTEM (100)`),
  reads(
    "set operations",
    (t) => `SELECT ${t.text} FROM ${t.table} EXCEPT SELECT 'nothing' UNION SELECT ${t.text} FROM ${t.table}`,
  ),
  divides(
    "a division by zero for each hidden row",
    (t) => `SELECT ${t.text} FROM ${t.table} WHERE 1 / ${zeroWhenSecret(t)} = 1`,
  ),
  reads(
    "a cast that fails with the hidden text in its message",
    (t) =>
      `SELECT ${t.text} FROM ${t.table} WHERE CASE WHEN ${t.text} LIKE '%${SECRET}%' THEN ${t.text}::int > 0 ELSE true END`,
  ),
  divides(
    "a division by zero in a join's condition",
    (t) => `SELECT a.${t.text} FROM ${t.table} a JOIN (VALUES (1)) v (n) ON v.n / ${zeroWhenSecret(t)} = 1`,
  ),
  {
    what: "a division by zero that an index would meet first",
    sql: (t) => [
      "SET LOCAL enable_seqscan = off",
      `SELECT ${t.text} FROM ${t.table} WHERE id > 0 AND 1 / ${zeroWhenSecret(t)} = 1`,
    ],
    gives: seen,
    tells: /division by zero/,
  },
];

/** Functions of PostgreSQL that run SQL or keep what it gave. */
const RUNNING: readonly UnseenAttempt[] = [
  {
    ...reads(
      "XML of a query",
      (t) => `SELECT unnest(xpath('//${t.text}/text()', query_to_xml('TABLE ${t.table}', false, false, '')))`,
    ),
  },
  {
    ...reads(
      "XML of the table",
      (t) => `SELECT unnest(xpath('//${t.text}/text()', table_to_xml('${t.table}', false, false, '')))`,
    ),
  },
  {
    ...reads(
      "statistics of words",
      (t) => `SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', ${t.text}) FROM ${t.table}')`,
    ),
    gives: () => ["alice", "bob", "own", "public"],
    tells: /secret/,
  },
  {
    what: "a cursor",
    sql: (t) => [
      `DECLARE c SCROLL CURSOR FOR SELECT ${t.text} FROM ${t.table}`,
      "FETCH LAST FROM c",
      "FETCH ABSOLUTE 1 FROM c",
      "MOVE ABSOLUTE 0 FROM c",
      "FETCH ALL FROM c",
    ],
    gives: seen,
  },
  {
    what: "a cursor WITH HOLD, read after the transaction",
    sql: (t) => [`DECLARE c CURSOR WITH HOLD FOR SELECT ${t.text} FROM ${t.table}`, "COMMIT", "FETCH ALL FROM c"],
    gives: seen,
  },
  {
    what: "a prepared statement",
    sql: (t) => [`PREPARE p AS SELECT ${t.text} FROM ${t.table}`, "EXECUTE p"],
    gives: seen,
  },
  {
    what: "a DO block that raises what it reads",
    sql: (t) => [
      `DO $$ DECLARE x text; BEGIN FOR x IN SELECT ${t.text} FROM ${t.table} LOOP RAISE NOTICE '%', x; END LOOP; END $$`,
    ],
    gives: none,
  },
  {
    what: "a large object made of the table",
    sql: (t) => [
      `SELECT lo_from_bytea(4242, convert_to(string_agg(${t.text}, '+' ORDER BY ${t.text}), 'UTF8')) FROM ${t.table}`,
      "SELECT convert_from(lo_get(4242), 'UTF8') || left(lo_unlink(4242)::text, 0)",
    ],
    gives: () => [seenBy(BOB).join("+")],
  },
  {
    what: "histograms of the columns",
    sql: (t) => [
      `SELECT coalesce(histogram_bounds, most_common_vals)::text FROM pg_stats WHERE tablename LIKE '${t.table}%' AND attname = '${t.text}'`,
    ],
    gives: none,
  },
  {
    what: "EXPLAIN ANALYZE of the table",
    sql: (t) => [
      `DO $$ DECLARE line text; BEGIN FOR line IN EXPLAIN (ANALYZE, VERBOSE) SELECT ${t.text} FROM ${t.table} LOOP RAISE NOTICE '%', line; END LOOP; END $$`,
    ],
    gives: none,
    tells: "nothing",
  },
];

const WRITING: readonly UnseenAttempt[] = [
  {
    what: "UPDATE of everything",
    sql: (t) => [`UPDATE ${t.table} SET updated_at = '2030-01-01' RETURNING ${t.text}`],
    gives: owned,
  },
  { what: "DELETE of everything", sql: (t) => [`DELETE FROM ${t.table} RETURNING ${t.text}`], gives: owned },
  {
    what: "DELETE … USING with a hidden row",
    sql: (t) => [
      `DELETE FROM ${t.table} a USING ${t.table} b WHERE a.id = 2 OR b.id = 2 RETURNING a.${t.text}, b.${t.text}`,
    ],
    gives: none,
  },
  {
    what: "UPDATE … FROM itself, which copies a hidden text into an own row",
    sql: (t) => [
      `UPDATE ${t.table} a SET ${t.text} = b.${t.text} FROM ${t.table} b WHERE a.id = 4 AND b.id = 2 RETURNING a.${t.text}`,
    ],
    gives: none,
  },
  {
    what: "INSERT … SELECT of what is hidden",
    sql: (t) => [
      `INSERT INTO ${t.table} (${columnsOf(t)}) SELECT id + 50, '${t.person(BOB)}', '${t.shown}', ${t.text} FROM ${t.table} RETURNING ${t.text}`,
    ],
    gives: seen,
  },
  {
    what: "MERGE onto hidden rows",
    sql: (t) => [
      `MERGE INTO ${t.table} USING generate_series(1, 9) AS n ON ${t.table}.id = n AND n NOT IN (1, 3) WHEN MATCHED THEN UPDATE SET ${t.text} = ${t.text} || '!'`,
      `SELECT ${t.text} FROM ${t.table}`,
    ],
    gives: () => ["alice public", "bob own!", "bob public"],
  },
  {
    what: "ON CONFLICT DO NOTHING on a hidden row",
    sql: (t) => [
      `INSERT INTO ${t.table} (${columnsOf(t)}, created_at) SELECT ${valuesOf(t, { id: 2, person: BOB, shown: true, text: "x" }).slice(1, -1)}, '${MADE}'
       ON CONFLICT DO NOTHING RETURNING ${t.text}`,
    ],
    gives: none,
    tells: "nothing",
  },
  {
    what: "SELECT FOR UPDATE of another's rows",
    sql: (t) => [`SELECT ${t.text} FROM ${t.table} FOR UPDATE`],
    gives: owned,
  },
  {
    what: "SELECT FOR KEY SHARE of another's rows",
    sql: (t) => [`SELECT ${t.text} FROM ${t.table} FOR KEY SHARE`],
    gives: owned,
  },
  {
    what: "LOCK TABLE, and a look while nobody else can",
    sql: (t) => [`LOCK TABLE ${t.table} IN SHARE ROW EXCLUSIVE MODE`, `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
  },
  {
    what: "UPDATE … WHERE CURRENT OF a cursor on another's row",
    sql: (t) => [
      `DECLARE c CURSOR FOR SELECT ${t.text} FROM ${t.table} WHERE id = 1`,
      "FETCH 1 FROM c",
      `UPDATE ${t.table} SET ${t.text} = 'taken' WHERE CURRENT OF c RETURNING ${t.text}`,
    ],
    gives: none,
    tells: "nothing",
  },
];

/** Changes of the session that ought to help. */
const SESSION: readonly UnseenAttempt[] = [
  { what: "RESET ROLE", sql: (t) => ["RESET ROLE", `SELECT ${t.text} FROM ${t.table}`], gives: seen },
  {
    what: "RESET SESSION AUTHORIZATION",
    sql: (t) => ["RESET SESSION AUTHORIZATION", `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
  },
  {
    what: "a search path with pg_temp and its own schema first",
    sql: (t) => [`SET LOCAL search_path = pg_temp, "$user", public, pg_catalog`, `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
  },
  {
    what: "GRANT to itself, which grants nothing",
    sql: (t) => [`GRANT ALL ON ${t.table} TO ${t.catalogue}`, `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
  },
  {
    what: "DROP OWNED by itself, which owns nothing and may take back no grant",
    sql: (t) => ["DROP OWNED BY CURRENT_USER", `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
    // The owner would drop everything, were it not for the extensions.
    tells: /cannot drop desired object/,
  },
  {
    what: "an identity with blanks, quotes and SQL in it",
    sql: (t) =>
      t.setting === "app.current_wallet"
        ? [`SELECT set_config('${t.setting}', ''' OR ''1''=''1', true)`, `SELECT ${t.text} FROM ${t.table}`]
        : [`SELECT set_config('${t.setting}', ' 2 ', true)`, `SELECT ${t.text} FROM ${t.table}`],
    gives: (t) => seenBy(t.setting === "app.current_wallet" ? undefined : BOB),
  },
  {
    what: "the setting of the other database",
    sql: (t) => [
      `SELECT set_config('${t.setting === "app.current_wallet" ? "app.current_user_id" : "app.current_wallet"}', '1', true)`,
      `SELECT ${t.text} FROM ${t.table}`,
    ],
    gives: seen,
  },
  {
    what: "the setting in capital letters of another schema's name",
    sql: (t) => [`SELECT set_config('application.current_user_id', '1', true)`, `SELECT ${t.text} FROM ${t.table}`],
    gives: seen,
  },
];

export const UNSEEN: readonly UnseenAttempt[] = [...READING, ...RUNNING, ...WRITING, ...SESSION];

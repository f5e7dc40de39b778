import fc from "fast-check";

const id = fc.integer({ min: 1, max: 25 });
const mail = fc.constantFrom("NULL", ..."abcdefgh".split("").map((letter) => `'${letter}'`));
const note = fc.constantFrom("NULL", "''", "'tab\t'", "'back\\slash'", "'ünï\n'", "'plain'");
const score = fc.constantFrom("NULL", "0.5", "-2.25", "1e300", "3.75");
const name = fc.constantFrom(..."pqrstu".split("").map((letter) => `'${letter}'`));
const slot = fc.integer({ min: 1, max: 5 });
const n = fc.integer({ min: 0, max: 10 });
const loud = fc.constantFrom("'x'", "'X'", "'y'", "'Y'", "'z'");
const at = fc.constantFrom("NULL", "'2024-02-29 12:00:00'", "'1999-12-31 23:59:59.5'");

/** What both databases take, by one application on SQLite and later by the same on PostgreSQL. */
const common = fc.oneof(
  fc
    .tuple(id, mail, n, score, note)
    .map(([i, m, b, s, t]) => `INSERT INTO person (id, mail, boss, score, note) VALUES (${i}, ${m}, ${b}, ${s}, ${t})`),
  fc
    .tuple(id, mail, note)
    .map(([i, m, t]) => `INSERT INTO person (id, mail) VALUES (${i}, ${m}) ON CONFLICT (id) DO UPDATE SET note = ${t}`),
  fc.tuple(id, mail).map(([i, m]) => `INSERT INTO person (id, mail) VALUES (${i}, ${m}) ON CONFLICT DO NOTHING`),
  fc.tuple(id, mail).map(([i, m]) => `UPDATE person SET mail = ${m} WHERE id = ${i}`),
  fc.tuple(id, id).map(([i, j]) => `UPDATE person SET id = ${i} WHERE id = ${j}`),
  fc.tuple(id, score).map(([i, s]) => `UPDATE person SET score = ${s} WHERE boss < ${i}`),
  id.map((i) => `DELETE FROM person WHERE id = ${i}`),
  // Two rows change places in a unique column.
  fc
    .tuple(id, id)
    .map(
      ([i, j]) =>
        `BEGIN; UPDATE person SET mail = 'hold' WHERE id = ${i}; UPDATE person SET mail = 'h' || ${i} WHERE id = ${j}; UPDATE person SET mail = 'h' || ${j} WHERE id = ${i}; COMMIT`,
    ),
  fc.tuple(name, slot, n).map(([k, s, v]) => `INSERT INTO tag (name, slot, n) VALUES (${k}, ${s}, ${v})`),
  fc.tuple(name, slot, n).map(([k, s, v]) => `UPDATE tag SET slot = ${s}, n = ${v} WHERE name = ${k}`),
  fc.tuple(name, name).map(([k, l]) => `UPDATE tag SET name = ${k} WHERE name = ${l}`),
  name.map((k) => `DELETE FROM tag WHERE name = ${k}`),
  fc.tuple(n, name).map(([a, b]) => `INSERT INTO pair (a, b) VALUES (${a}, ${b})`),
  fc.tuple(n, n, name).map(([a, c, b]) => `UPDATE pair SET a = ${a} WHERE a = ${c} AND b = ${b}`),
  fc.tuple(n, name).map(([a, b]) => `DELETE FROM pair WHERE a = ${a} OR b = ${b}`),
  fc.tuple(loud, at).map(([k, t]) => `INSERT INTO loud (name, at) VALUES (${k}, ${t})`),
  fc.tuple(loud, loud).map(([k, l]) => `UPDATE loud SET name = ${k} WHERE name = ${l}`),
  fc.tuple(loud, at).map(([k, t]) => `UPDATE loud SET at = ${t} WHERE name = ${k}`),
  loud.map((k) => `DELETE FROM loud WHERE name = ${k}`),
  fc.tuple(n, note).map(([v, t]) => `INSERT INTO line (n, text) VALUES (${v}, ${t})`),
  n.map((v) => `DELETE FROM line WHERE n = ${v}`),
  id.map((i) => `BEGIN; DELETE FROM person WHERE id < ${i}; ROLLBACK`),
);

/** A statement, or a small transaction, of an application on SQLite. Some are refused by its constraints. */
export const sqliteWrite = fc.oneof(
  { weight: 3, arbitrary: common },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.tuple(id, mail, note).map(([i, m, t]) => `REPLACE INTO person (id, mail, note) VALUES (${i}, ${m}, ${t})`),
      mail.map((m) => `REPLACE INTO person (mail) VALUES (${m})`),
      fc.tuple(id, mail).map(([i, m]) => `UPDATE OR REPLACE person SET mail = ${m} WHERE id = ${i}`),
      fc.tuple(id, id).map(([i, j]) => `UPDATE OR REPLACE person SET rowid = ${i} WHERE id = ${j}`),
      fc.tuple(id, mail).map(([i, m]) => `UPDATE OR IGNORE person SET mail = ${m} WHERE id > ${i}`),
      fc.tuple(name, slot, n).map(([k, s, v]) => `REPLACE INTO tag (name, slot, n) VALUES (${k}, ${s}, ${v})`),
      fc
        .tuple(n, name, slot)
        .map(([r, k, s]) => `REPLACE INTO tag (rowid, name, slot, n) VALUES (${r}, ${k}, ${s}, 9)`),
      fc.tuple(slot, n).map(([s, v]) => `UPDATE OR REPLACE tag SET slot = ${s}, n = 7 WHERE n = ${v}`),
      fc.tuple(n, name).map(([a, b]) => `REPLACE INTO pair (a, b, v) VALUES (${a}, ${b}, x'00ff0${a % 10}')`),
      fc.tuple(loud, at).map(([k, t]) => `REPLACE INTO loud VALUES (${k}, ${t})`),
      fc.tuple(loud, loud).map(([k, l]) => `UPDATE OR REPLACE loud SET name = ${k} WHERE name = ${l}`),
    ),
  },
);

/** A statement, or a small transaction, of an application on PostgreSQL. Some are refused by its constraints. */
export const postgresWrite = fc.oneof(
  { weight: 12, arbitrary: common },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc
        .tuple(id, mail)
        .map(
          ([i, m]) =>
            `MERGE INTO person AS p USING (SELECT ${i}::bigint AS id) AS n ON p.id = n.id WHEN MATCHED THEN UPDATE SET mail = ${m} WHEN NOT MATCHED THEN INSERT (id, mail) VALUES (n.id, ${m})`,
        ),
      mail.map((m) => `INSERT INTO person (mail) VALUES (${m})`),
      fc
        .tuple(n, name)
        .map(
          ([a, b]) =>
            `INSERT INTO pair (a, b, v) VALUES (${a}, ${b}, '\\x00ff') ON CONFLICT (a, b) DO UPDATE SET v = '\\xee'`,
        ),
      n.map(
        (a) =>
          `WITH gone AS (DELETE FROM pair WHERE a = ${a} RETURNING b) INSERT INTO pair (a, b) SELECT 99, b FROM gone ON CONFLICT DO NOTHING`,
      ),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("TRUNCATE pair", "TRUNCATE tag, loud", "DELETE FROM person") },
);

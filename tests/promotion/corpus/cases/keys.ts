import { CHECK, type CorpusCase, FOREIGN_KEY, NOT_NULL, refuses, shows, takes, typed, UNIQUE } from "../case";

export const KEYS: readonly CorpusCase[] = [
  {
    name: "numbers that AUTOINCREMENT gave out are not given again",
    awkward: "AUTOINCREMENT",
    sql: `CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); INSERT INTO counted VALUES (1, 'a'), (900, 'gone'); DELETE FROM counted WHERE id = 900;
      CREATE TABLE emptied (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO emptied VALUES (40); DELETE FROM emptied;`,
    right: [
      shows("numbers given out", "INSERT INTO counted (a) VALUES ('new') RETURNING id > 900", ["t"]),
      shows("numbers given out", "INSERT INTO emptied DEFAULT VALUES RETURNING id > 40", ["t"]),
    ],
  },
  {
    name: "a row without its number gets one",
    awkward: "INTEGER PRIMARY KEY",
    sql: "CREATE TABLE numbered (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO numbered VALUES (-5, 'a'), (7, 'b'); CREATE TABLE numbered_empty (id INTEGER PRIMARY KEY, a TEXT);",
    right: [
      typed("numbered", "id", "bigint"),
      shows("values", "SELECT id, a FROM numbered ORDER BY id", ["-5", "a"], ["7", "b"]),
      shows("the identity", "INSERT INTO numbered (a) VALUES ('new') RETURNING id > 7", ["t"]),
      shows("the identity", "INSERT INTO numbered_empty (a) VALUES ('new') RETURNING id", ["1"]),
      shows("that a number may be given", "INSERT INTO numbered VALUES (100, 'c') RETURNING id", ["100"]),
      refuses("the key", "INSERT INTO numbered VALUES (7, 'again')", UNIQUE),
      refuses("that the key is not NULL", "INSERT INTO numbered VALUES (NULL, 'x')", NOT_NULL),
    ],
  },
  {
    name: "keys of several columns, of text, without a rowid, and none",
    awkward: "other keys",
    sql: `CREATE TABLE pairs (a TEXT, b INTEGER, c REAL, PRIMARY KEY (b, a)) WITHOUT ROWID; INSERT INTO pairs VALUES ('x', 1, 0.5), ('y', 1, NULL);
      CREATE TABLE coded (code TEXT PRIMARY KEY, n INTEGER); INSERT INTO coded VALUES ('', 1), ('a', 2), ('A', 3);
      CREATE TABLE loose (a INTEGER, b TEXT); INSERT INTO loose VALUES (1, 'x'), (1, 'x'), (NULL, NULL);
      CREATE TABLE strictly (id INTEGER PRIMARY KEY, a INT, b ANY, c TEXT NOT NULL) STRICT; INSERT INTO strictly VALUES (1, 5, 'any', 'c');`,
    right: [
      shows("values", "SELECT a, b, c FROM pairs ORDER BY a", ["x", "1", "0.5"], ["y", "1", null]),
      refuses("the key", "INSERT INTO pairs VALUES ('x', 1, 9)", UNIQUE),
      shows("values", `SELECT code, n FROM coded ORDER BY code COLLATE "C"`, ["", "1"], ["A", "3"], ["a", "2"]),
      refuses("the key", "INSERT INTO coded VALUES ('a', 9)", UNIQUE),
      shows(
        "rows that are the same",
        "SELECT a, b, count(*) FROM loose GROUP BY a, b ORDER BY a",
        ["1", "x", "2"],
        [null, null, "1"],
      ),
      shows("values", "SELECT * FROM strictly", ["1", "5", "any", "c"]),
    ],
  },
  {
    name: "NULL in a key of text",
    awkward: "other keys",
    sql: "CREATE TABLE null_keys (code TEXT PRIMARY KEY, n INTEGER); INSERT INTO null_keys VALUES ('a', 1), (NULL, 2), (NULL, 3);",
    right: [
      shows("good rows", "SELECT code, n FROM null_keys", ["a", "1"]),
      refuses("that the key is not NULL", "INSERT INTO null_keys VALUES (NULL, 1)", NOT_NULL),
    ],
    aside: [
      "null_keys NULL: code is NULL, and PostgreSQL has no NULL in a key",
      "null_keys NULL: code is NULL, and PostgreSQL has no NULL in a key",
    ],
  },
  {
    name: "NOT NULL and CHECK",
    awkward: "NOT NULL, CHECK",
    sql: `CREATE TABLE checked (id INTEGER PRIMARY KEY, a TEXT NOT NULL, level INTEGER CHECK (level BETWEEN 0 AND 10), kind TEXT CONSTRAINT known CHECK (kind IN ('x', 'y')),
      low REAL, high REAL, CHECK (low <= high OR high IS NULL), CHECK (length(a) > 1 AND a <> 'no'), CHECK (a GLOB '[a-z]*'));
      INSERT INTO checked VALUES (1, 'yes', 5, 'x', 1, 2), (2, 'aa', NULL, NULL, NULL, NULL);`,
    right: [
      shows("rows", "SELECT count(*) FROM checked", ["2"]),
      refuses("NOT NULL", "INSERT INTO checked (id, a) VALUES (3, NULL)", NOT_NULL),
      refuses("CHECK (BETWEEN)", "INSERT INTO checked (id, a, level) VALUES (3, 'aa', 11)", CHECK),
      refuses("CHECK (IN)", "INSERT INTO checked (id, a, kind) VALUES (3, 'aa', 'z')", CHECK),
      refuses("CHECK of two columns", "INSERT INTO checked (id, a, low, high) VALUES (3, 'aa', 3, 2)", CHECK),
      refuses("CHECK (length)", "INSERT INTO checked (id, a) VALUES (3, 'a')", CHECK),
      refuses("CHECK (AND)", "INSERT INTO checked (id, a) VALUES (3, 'no')", CHECK),
      takes(
        "that good rows come in",
        "INSERT INTO checked (id, a, level, kind, low, high) VALUES (3, 'aa', 10, 'y', 1, 1)",
      ),
    ],
    told: ["check (a GLOB '[a-z]*') on checked"],
  },
  {
    name: "foreign keys: composite, bare, to itself, in a cycle, with actions",
    awkward: "foreign keys",
    sql: `CREATE TABLE grid (x TEXT, y INTEGER, PRIMARY KEY (y, x)); INSERT INTO grid VALUES ('a', 1);
      CREATE TABLE chicken (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES egg, up INTEGER REFERENCES chicken(id) ON DELETE CASCADE, x TEXT, y INTEGER, FOREIGN KEY (y, x) REFERENCES grid);
      CREATE TABLE egg (id INTEGER PRIMARY KEY, chicken INTEGER REFERENCES chicken ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO egg VALUES (1, 1); INSERT INTO chicken VALUES (1, 1, NULL, 'a', 1), (2, NULL, 1, NULL, NULL);`,
    right: [
      shows("rows", "SELECT (SELECT count(*) FROM grid), (SELECT count(*) FROM chicken), (SELECT count(*) FROM egg)", [
        "1",
        "2",
        "1",
      ]),
      shows(
        "five foreign keys that hold for every row",
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid IN (to_regclass('chicken'), to_regclass('egg'))",
        ["4"],
      ),
      refuses("REFERENCES t", "INSERT INTO chicken (id, egg) VALUES (9, 99)", FOREIGN_KEY),
      refuses("the composite foreign key", "INSERT INTO chicken (id, x, y) VALUES (9, 'a', 2)", FOREIGN_KEY),
      refuses("the cycle", "SET CONSTRAINTS ALL IMMEDIATE; INSERT INTO egg VALUES (9, 99)", FOREIGN_KEY),
      takes("DEFERRABLE INITIALLY DEFERRED", "INSERT INTO egg VALUES (9, 99)"),
      shows("ON DELETE", "WITH gone AS (DELETE FROM chicken WHERE id = 1 RETURNING id) SELECT id FROM gone", ["1"]),
    ],
  },
  {
    name: "rows whose parent is not there, and parents that are none",
    awkward: "foreign keys",
    sql: `CREATE TABLE parent (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO parent VALUES (1, 'a');
      CREATE TABLE orphan (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent, nowhere INTEGER REFERENCES nowhere(id), note TEXT REFERENCES parent(note));
      INSERT INTO orphan VALUES (1, 1, 5, 'x'), (2, 99, NULL, NULL), (3, 98, NULL, NULL), (4, NULL, NULL, NULL);`,
    right: [
      shows("rows", "SELECT id, parent FROM orphan ORDER BY id", ["1", "1"], ["2", "99"], ["3", "98"], ["4", null]),
      refuses("the foreign key for new rows", "INSERT INTO orphan (id, parent) VALUES (9, 97)", FOREIGN_KEY),
      takes("that good rows come in", "INSERT INTO orphan (id, parent) VALUES (9, 1)"),
    ],
    told: [
      "foreign key (nowhere) of orphan to nowhere: nowhere is not among the tables that are moved",
      "foreign key (note) of orphan to parent: parent (note) is not unique",
    ],
    orphans: ["orphan_parent_fkey 2"],
  },
];

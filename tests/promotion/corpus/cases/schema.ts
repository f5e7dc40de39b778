import { type CorpusCase, refuses, shows, takes, UNIQUE } from "../case";

/** Whether the planner has an index for it. */
const indexed = (lost: string, name: string, ...words: string[]): ReturnType<typeof shows> =>
  shows(
    lost,
    `SELECT ${words.map((word) => `pg_get_indexdef(i.indexrelid) ILIKE '%${word}%'`).join(" AND ")} FROM pg_index AS i WHERE i.indexrelid = to_regclass('public.${name}') AND i.indisvalid`,
    ["t"],
  );

export const SCHEMA: readonly CorpusCase[] = [
  {
    name: "indexes: unique, partial, on expressions, descending, NOCASE",
    awkward: "indexes",
    sql: `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, mail TEXT, born INTEGER, gone BOOLEAN, UNIQUE (mail, born));
      INSERT INTO people VALUES (1, 'Ann', 'A@x', 1980, 0), (2, 'É', 'b@x', 1990, 1), (3, 'é', NULL, NULL, NULL), (4, NULL, NULL, NULL, 1), (5, NULL, 'B@X', 1990, 1);
      CREATE INDEX people_born ON people (born DESC, mail);
      CREATE UNIQUE INDEX people_mail ON people (lower(mail)) WHERE gone = 0;
      CREATE INDEX people_glob ON people (mail) WHERE mail GLOB 'a*';`,
    right: [
      shows("rows", "SELECT count(*) FROM people", ["5"]),
      refuses("UNIQUE COLLATE NOCASE", "INSERT INTO people (id, name) VALUES (9, 'ANN')", UNIQUE),
      takes("that NOCASE knows ASCII alone", "INSERT INTO people (id, name) VALUES (9, 'ê'), (10, 'Ê')"),
      refuses("UNIQUE of two columns", "INSERT INTO people (id, mail, born) VALUES (9, 'b@x', 1990)", UNIQUE),
      takes(
        "that NULL is not the same as NULL",
        "INSERT INTO people (id, mail, born) VALUES (9, 'new', NULL), (10, 'new', NULL)",
      ),
      refuses(
        "the partial unique index on an expression",
        "INSERT INTO people (id, mail, gone) VALUES (9, 'a@X', false)",
        UNIQUE,
      ),
      takes("that a partial index is partial", "INSERT INTO people (id, mail, gone) VALUES (9, 'a@X', true)"),
      indexed("the descending index", "people_born", "DESC"),
    ],
    told: ["collation NOCASE of people.name", "index people_glob on people"],
  },
  {
    name: "views and triggers",
    awkward: "views, triggers",
    sql: `CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT, alive BOOLEAN); CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER, sold INTEGER);
      INSERT INTO authors VALUES (1, 'Ann', 1), (2, 'Bob', 0); INSERT INTO books VALUES (1, 1, 3), (2, 1, NULL), (3, 2, 5);
      CREATE VIEW living (who) AS SELECT name FROM authors WHERE alive;
      CREATE VIEW sales AS SELECT a.id, a.name, count(*) AS books, coalesce(sum(b.sold), 0) AS sold FROM authors a LEFT JOIN books b ON b.author = a.id GROUP BY a.id;
      CREATE VIEW globbed AS SELECT name FROM authors WHERE name GLOB 'A*' AND rowid = json_array_length(name);
      CREATE TRIGGER books_added AFTER INSERT ON books BEGIN UPDATE authors SET alive = 1 WHERE id = new.author; END;`,
    right: [
      shows("the view living", "SELECT who FROM living", ["Ann"]),
      shows(
        "the view sales",
        "SELECT id, name, books, sold FROM sales ORDER BY id",
        ["1", "Ann", "2", "3"],
        ["2", "Bob", "1", "5"],
      ),
    ],
    told: ["view globbed", "trigger books_added on books: triggers are written in SQLite's own SQL"],
  },
  {
    name: "generated columns, stored and virtual",
    awkward: "generated columns",
    sql: `CREATE TABLE lines (id INTEGER PRIMARY KEY, quantity INTEGER NOT NULL, price DECIMAL(6,2), name TEXT, total DECIMAL(12,2) AS (quantity * price) STORED, shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL,
      twice TEXT AS (shout || '/' || quantity) STORED, padded TEXT AS (printf('%05d', quantity)) STORED);
      INSERT INTO lines (id, quantity, price, name) VALUES (1, 3, 1.25, 'ab'), (2, 11, 99.75, 'é'), (3, 0, NULL, NULL);`,
    right: [
      shows(
        "values",
        "SELECT id, total, shout, twice, padded FROM lines ORDER BY id",
        ["1", "3.75", "AB", "AB/3", "00003"],
        ["2", "1097.25", "é", "é/11", "00011"],
        ["3", null, null, null, "00000"],
      ),
      shows(
        "the computation of new rows",
        "INSERT INTO lines (id, quantity, price, name) VALUES (9, 2, 0.5, 'x') RETURNING total, shout, twice",
        ["1.00", "X", "X/2"],
      ),
    ],
    told: ["computation of lines.padded"],
  },
  {
    name: "defaults and odd type names",
    awkward: "defaults, odd types",
    sql: `CREATE TABLE odd (id INTEGER PRIMARY KEY, a INTEGER DEFAULT (1+1), b TEXT DEFAULT 'it''s', c TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), d "FLOATING POINT" DEFAULT .5, e FLOATING MONKEY DEFAULT -7,
      f DEFAULT x'00ff', g UNSIGNED BIG INT, h NATIVE CHARACTER(70) DEFAULT "quoted", i DATETIME DEFAULT CURRENT_TIMESTAMP, j BOOLEAN DEFAULT TRUE, k DOUBLE PRECISION, l NVARCHAR(100), m DEFAULT NULL, n INTEGER DEFAULT 0x1F);
      INSERT INTO odd (id, c, e, f, g, h, i, k, l) VALUES (1, 'x', 3, x'01', 18, 'h', '2024-01-02 03:04:05', 1.5, 'ü');`,
    right: [
      shows("values", "SELECT a, b, c, d, e, f, g, h, j, k, l, m, n FROM odd", [
        ..."2|it's|x|0.5|3|\\x01|18|h|t|1.5|ü".split("|"),
        null,
        "31",
      ]),
      shows(
        "defaults",
        `INSERT INTO odd DEFAULT VALUES RETURNING id > 1, a, b, c ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', d, e, f, g, h, j, k, m, n,
          abs(extract(epoch FROM i - (clock_timestamp() AT TIME ZONE 'UTC'))) < 60`,
        ["t", "2", "it's", "t", "0.5", "-7", "\\x00ff", null, "quoted", "t", null, null, "31", "t"],
      ),
    ],
  },
  {
    name: "reserved words, mixed case, blanks, quotes, letters of elsewhere, long names",
    awkward: "names",
    sql: `CREATE TABLE "Order" ("select" INTEGER PRIMARY KEY, "From" TEXT, "two words" TEXT, "quo""te" TEXT, xmin INTEGER, "größe" INTEGER); INSERT INTO "Order" VALUES (1, 'f', 't', 'q', 5, 6);
      CREATE INDEX "Order From" ON "Order" ("From");
      CREATE TABLE a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_lose_it (a INTEGER); INSERT INTO a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_lose_it VALUES (1);
      CREATE TABLE a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_find_it (a INTEGER); INSERT INTO a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_and_find_it VALUES (2);`,
    right: [
      shows("names as they are", `SELECT "select", "From", "two words", "quo""te", "größe" FROM "Order"`, [
        "1",
        "f",
        "t",
        "q",
        "6",
      ]),
      shows("the index", `SELECT count(*) FROM pg_indexes WHERE tablename = 'Order' AND indexname = 'Order From'`, [
        "1",
      ]),
      shows(
        "tables with long names",
        `SELECT count(*), sum((xpath('//a/text()', query_to_xml('SELECT a FROM ' || oid::regclass, true, true, '')))[1]::text::int) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'a_table_whose_name%'`,
        ["2", "3"],
      ),
    ],
    told: ["name of column Order.xmin", "name of table a_table_whose"],
  },
  {
    name: "full-text search and other virtual tables",
    awkward: "virtual tables",
    sql: `CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT); INSERT INTO notes VALUES (1, 'Hello', 'the quick brown fox');
      CREATE VIRTUAL TABLE notes_search USING fts5(title, body, content='notes', content_rowid='id'); INSERT INTO notes_search (notes_search) VALUES ('rebuild');
      CREATE VIRTUAL TABLE own_search USING fts5(text); INSERT INTO own_search VALUES ('kept by itself');
      CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 2, 3);`,
    right: [
      shows("rows", "SELECT id, title FROM notes", ["1", "Hello"]),
      shows(
        "that shadow tables stay behind",
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND (relname LIKE 'notes\\_search%' OR relname LIKE 'own\\_search%' OR relname LIKE 'boxes%')",
        ["0"],
      ),
      indexed("an index for the search", "notes_search", "USING gin", "to_tsvector"),
    ],
    told: ["virtual table notes_search (fts5)", "virtual table own_search (fts5)", "virtual table boxes (rtree)"],
  },
];

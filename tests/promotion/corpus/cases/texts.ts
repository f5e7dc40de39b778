import { type CorpusCase, many, refuses, shows, typed } from "../case";

/** A family of four as one character to the eye, é in two characters, and a letter beyond 16 bits. */
const UNICODE = "👨‍👩‍👧‍👦 e\u0301 𝒳 \uFFFF ẞ\t\\N\n";

export const TEXTS: readonly CorpusCase[] = [
  {
    name: "the empty text is no NULL",
    awkward: "empty text and NULL",
    sql: `CREATE TABLE empties (id INTEGER PRIMARY KEY, a TEXT, b VARCHAR(5)); INSERT INTO empties VALUES (1, '', NULL), (2, NULL, ''), (3, '${UNICODE}', '12345');`,
    right: [shows("texts", "SELECT a, b FROM empties ORDER BY id", ["", null], [null, ""], [UNICODE, "12345"])],
  },
  {
    name: "empty texts where numbers and times are",
    awkward: "empty text and NULL",
    sql: `CREATE TABLE empty_ruled (id INTEGER PRIMARY KEY, n INTEGER); ${many("empty_ruled", "i")} INSERT INTO empty_ruled VALUES (777, '');
      CREATE TABLE empty_kept (id INTEGER PRIMARY KEY, n INTEGER); ${many("empty_kept", "i")} INSERT INTO empty_kept VALUES (777, '');`,
    rules: { empty_ruled: { columns: { n: { type: "bigint", empty: "null" } } } },
    right: [
      shows("rows", "SELECT count(*), count(n), max(id) FROM empty_ruled", ["501", "500", "777"]),
      shows("good rows", "SELECT count(*), count(n) FROM empty_kept", ["500", "500"]),
    ],
    aside: ["empty_kept 777: n is a text that is no integer"],
    told: ["empty_kept.n as INTEGER: 1 text of 501 values will be put aside"],
  },
  {
    name: "bytes that are no UTF-8: put aside",
    awkward: "invalid UTF-8",
    sql: "CREATE TABLE invalid_aside (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO invalid_aside VALUES (1, 'ä'), (2, CAST(x'61ff62' AS TEXT)), (3, 'c'), (4, CAST(x'eda080' AS TEXT));",
    right: [shows("good rows", "SELECT id, a FROM invalid_aside ORDER BY id", ["1", "ä"], ["3", "c"])],
    aside: ["invalid_aside 2: a is a text that is no UTF-8", "invalid_aside 4: a is a text that is no UTF-8"],
    told: ["invalid_aside.a as TEXT: 2 texts that are no UTF-8 will be put aside"],
  },
  {
    name: "bytes that are no UTF-8: repaired, or kept as bytes, by a ruling",
    awkward: "invalid UTF-8",
    sql: `CREATE TABLE invalid_ruled (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT); INSERT INTO invalid_ruled VALUES (1, 'ä', 'ä', 'ä'), (2, CAST(x'61ff62' AS TEXT), CAST(x'61ff62' AS TEXT), CAST(x'61ff62' AS TEXT));`,
    rules: {
      invalid_ruled: { columns: { a: { invalid: "replace" }, b: { invalid: "latin1" }, c: { type: "bytea" } } },
    },
    right: [
      typed("invalid_ruled", "c", "bytea"),
      shows(
        "values",
        "SELECT a, b, c FROM invalid_ruled ORDER BY id",
        ["ä", "ä", "\\xc3a4"],
        ["a\uFFFDb", "aÿb", "\\x61ff62"],
      ),
    ],
  },
  {
    name: "NUL characters: put aside",
    awkward: "NUL in TEXT",
    sql: "CREATE TABLE nul_aside (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO nul_aside VALUES (1, 'ab'), (2, 'a' || char(0) || 'b'), (3, char(0));",
    right: [shows("good rows", "SELECT id, a FROM nul_aside ORDER BY id", ["1", "ab"])],
    aside: ["nul_aside 2: a has a NUL character", "nul_aside 3: a has a NUL character"],
    told: ["nul_aside.a as TEXT: 2 texts with a NUL character will be put aside"],
  },
  {
    name: "NUL characters: stripped, or kept as bytes, by a ruling",
    awkward: "NUL in TEXT",
    sql: "CREATE TABLE nul_ruled (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO nul_ruled VALUES (1, 'ab', 'ab'), (2, 'a' || char(0) || 'b', 'a' || char(0) || 'b');",
    rules: { nul_ruled: { columns: { a: { nul: "strip" }, b: { type: "bytea" } } } },
    right: [shows("values", "SELECT a, b FROM nul_ruled ORDER BY id", ["ab", "\\x6162"], ["ab", "\\x610062"])],
  },
  {
    name: "bytes, and texts in a BLOB column",
    awkward: "BLOB",
    sql: "CREATE TABLE bytes (id INTEGER PRIMARY KEY, a BLOB); INSERT INTO bytes VALUES (1, x'00ff5c0a'), (2, x''), (3, NULL), (4, 'aGVsbG8='), (5, 'ä');",
    right: [
      typed("bytes", "a", "bytea"),
      shows(
        "values",
        "SELECT a FROM bytes ORDER BY id",
        ["\\x00ff5c0a"],
        ["\\x"],
        [null],
        ["\\x614756736247383d"],
        ["\\xc3a4"],
      ),
    ],
  },
  {
    name: "JSON",
    awkward: "JSON",
    sql: `CREATE TABLE documents (id INTEGER PRIMARY KEY, a JSON); INSERT INTO documents VALUES (1, '{"a": [1, 2.50, null], "é": "\\ud83d\\ude00"}'), (2, 'null'), (3, '[]'), (4, NULL);`,
    right: [
      typed("documents", "a", "jsonb"),
      shows(
        "values",
        "SELECT a FROM documents ORDER BY id",
        ['{"a": [1, 2.50, null], "é": "😀"}'],
        ["null"],
        ["[]"],
        [null],
      ),
      refuses("that only JSON comes in", "INSERT INTO documents VALUES (99, '{oops')", "22P02"),
    ],
  },
  {
    name: "JSON that is none, and JSON with a NUL",
    awkward: "JSON",
    sql: `CREATE TABLE no_documents (id INTEGER PRIMARY KEY, a JSON, b JSON); INSERT INTO no_documents VALUES (1, '{}', '{}'), (2, '{oops', '"a\\u0000b"');`,
    right: [
      typed("no_documents", "a", "text"),
      typed("no_documents", "b", "text"),
      shows("values", "SELECT a, b FROM no_documents ORDER BY id", ["{}", "{}"], ["{oops", '"a\\u0000b"']),
    ],
    told: [
      "no_documents.a as JSON: declared JSON, but 1 of 2 texts are no valid JSON",
      "no_documents.b as JSON: declared JSON, but 1 documents hold \\u0000",
    ],
  },
  {
    name: "rows of megabytes",
    awkward: "huge rows",
    sql: `CREATE TABLE huge (id INTEGER PRIMARY KEY, a TEXT, b BLOB); INSERT INTO huge VALUES (1, printf('%.*c', 5000000, 'x'), zeroblob(3000000)), (2, 'small', NULL);
      INSERT INTO huge WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i, printf('%.*c', 600000, 'y'), x'00' FROM n;`,
    right: [
      shows(
        "bytes",
        "SELECT id, md5(a) = md5(repeat('x', 5000000)), length(b), b = decode(repeat('00', 3000000), 'hex') FROM huge WHERE id < 3 ORDER BY id",
        ["1", "t", "3000000", "t"],
        ["2", "f", null, null],
      ),
      shows("rows", "SELECT count(*), sum(length(a)) FROM huge WHERE id > 2", ["10", "6000000"]),
    ],
  },
];

import { type CorpusCase, many, refuses, shows, typed } from "../case";

export const NUMBERS: readonly CorpusCase[] = [
  {
    name: "one text among 500 integers",
    awkward: "another class in an INTEGER column",
    sql: `CREATE TABLE class_few (id INTEGER PRIMARY KEY, n INTEGER); ${many("class_few", "i * 2")} INSERT INTO class_few VALUES (777, 'x'), (778, '12x');`,
    right: [
      typed("class_few", "n", "bigint"),
      shows("good rows", "SELECT count(*), sum(n), max(id) FROM class_few", ["500", "250500", "500"]),
    ],
    aside: ["class_few 777: n is a text that is no integer", "class_few 778: n is a text that is no integer"],
    told: ["class_few.n as INTEGER: 2 texts of 502 values will be put aside"],
  },
  {
    name: "texts in an INTEGER column",
    awkward: "another class in an INTEGER column",
    sql: "CREATE TABLE class_text (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO class_text VALUES (1, 1), (2, 'x'), (3, -9223372036854775808), (4, NULL);",
    right: [
      typed("class_text", "n", "text"),
      shows(
        "values",
        "SELECT id, n FROM class_text ORDER BY id",
        ["1", "1"],
        ["2", "x"],
        ["3", "-9223372036854775808"],
        ["4", null],
      ),
    ],
    told: ["class_text.n as INTEGER: declared INTEGER, but it holds 1 text"],
  },
  {
    name: "reals in an INTEGER column",
    awkward: "another class in an INTEGER column",
    sql: "CREATE TABLE class_real (id INTEGER PRIMARY KEY, n INTEGER, big INTEGER); INSERT INTO class_real VALUES (1, 1, 9223372036854775807), (2, 2.5, 2.5);",
    right: [
      typed("class_real", "n", "double precision"),
      typed("class_real", "big", "numeric"),
      shows("values", "SELECT n, big FROM class_real ORDER BY id", ["1", "9223372036854775807"], ["2.5", "2.5"]),
    ],
    told: ["class_real.n as INTEGER: declared INTEGER, but it holds 1 real", "class_real.big as INTEGER"],
  },
  {
    name: "bytes in an INTEGER column",
    awkward: "another class in an INTEGER column",
    sql: "CREATE TABLE class_blob (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO class_blob VALUES (1, 1), (2, x'00ff'), (3, 3);",
    rules: { class_blob: { columns: { n: { type: "bigint" } } } },
    asked: ["class_blob.n: it holds 2 integers, 1 blob, which no one type of PostgreSQL takes"],
    right: [
      typed("class_blob", "n", "bigint"),
      shows("good rows", "SELECT id, n FROM class_blob ORDER BY id", ["1", "1"], ["3", "3"]),
    ],
    aside: ["class_blob 2: n is no number, but a BLOB or a text that is no UTF-8"],
    told: ["class_blob.n as INTEGER: 1 blob will be put aside: rules.yaml says bigint"],
  },
  {
    name: "booleans",
    awkward: "boolean",
    sql: "CREATE TABLE flags (id INTEGER PRIMARY KEY, a BOOLEAN, b BOOL DEFAULT 1); INSERT INTO flags VALUES (1, 0, 'true'), (2, 1, 'NO'), (3, NULL, 0), (4, 1, 't');",
    right: [
      typed("flags", "a", "boolean"),
      typed("flags", "b", "boolean"),
      shows("values", "SELECT a, b FROM flags ORDER BY id", ["f", "t"], ["t", "f"], [null, "f"], ["t", "t"]),
      shows("the default", "INSERT INTO flags (id) VALUES (99) RETURNING b", ["t"]),
    ],
  },
  {
    name: "a boolean that is 2",
    awkward: "boolean",
    sql: "CREATE TABLE flag_two (id INTEGER PRIMARY KEY, a BOOLEAN); INSERT INTO flag_two VALUES (1, 0), (2, 2), (3, 1);",
    right: [
      typed("flag_two", "a", "smallint", "integer", "bigint"),
      shows("values", "SELECT a FROM flag_two ORDER BY id", ["0"], ["2"], ["1"]),
    ],
    told: ["flag_two.a as BOOLEAN: declared BOOLEAN, but it holds other numbers than 0 and 1"],
  },
  {
    name: "integers beyond 32 and 53 bits",
    awkward: "large integers",
    sql: `CREATE TABLE large (id INTEGER PRIMARY KEY, a INT, b SMALLINT);
      INSERT INTO large VALUES (1, 2147483648, 70000), (2, 9007199254740993, -9007199254740993), (3, 9223372036854775807, -9223372036854775808), (9223372036854775806, -2147483649, 0);`,
    right: [
      typed("large", "a", "bigint"),
      typed("large", "b", "bigint"),
      shows(
        "values",
        "SELECT id, a, b FROM large ORDER BY id",
        ["1", "2147483648", "70000"],
        ["2", "9007199254740993", "-9007199254740993"],
        ["3", "9223372036854775807", "-9223372036854775808"],
        ["9223372036854775806", "-2147483649", "0"],
      ),
    ],
  },
  {
    name: "doubles to the last digit",
    awkward: "REAL",
    sql: `CREATE TABLE doubles (id INTEGER PRIMARY KEY, a REAL, b FLOAT);
      INSERT INTO doubles VALUES (1, 0.1, 16777217), (2, 0.1 + 0.2, 1.0 / 3), (3, 1.7976931348623157e308, 5e-324), (4, -2.2250738585072014e-308, 123456789.123456789), (5, 9007199254740993, 1e15);`,
    right: [
      typed("doubles", "a", "double precision"),
      typed("doubles", "b", "double precision"),
      shows(
        "digits",
        "SELECT a, b FROM doubles ORDER BY id",
        ["0.1", "16777217"],
        ["0.30000000000000004", "0.3333333333333333"],
        ["1.7976931348623157e+308", "5e-324"],
        ["-2.2250738585072014e-308", "123456789.12345679"],
        ["9.007199254740992e+15", "1e+15"],
      ),
    ],
  },
  {
    name: "infinity",
    awkward: "Infinity",
    sql: "CREATE TABLE endless (id INTEGER PRIMARY KEY, a REAL); INSERT INTO endless VALUES (1, 9e999), (2, -9e999), (3, 9e999 - 9e999), (4, 1.5);",
    right: [shows("values", "SELECT a FROM endless ORDER BY id", ["Infinity"], ["-Infinity"], [null], ["1.5"])],
  },
  {
    name: "decimals, and what a float made of them",
    awkward: "DECIMAL",
    sql: `CREATE TABLE money (id INTEGER PRIMARY KEY, price DECIMAL(10,2) CHECK (price >= 0), rate NUMERIC);
      INSERT INTO money VALUES (1, 12.5, 0.1), (2, 99999999.99, 3), (3, 0.1 + 0.2, '7.25'), (4, '19.99', 1234567.891);`,
    right: [
      typed("money", "price", "numeric(10,2)"),
      typed("money", "rate", "numeric"),
      shows(
        "values",
        "SELECT price, trim_scale(rate) FROM money ORDER BY id",
        ["12.50", "0.1"],
        ["99999999.99", "3"],
        ["0.30", "7.25"],
        ["19.99", "1234567.891"],
      ),
      refuses("the check", "INSERT INTO money VALUES (9, -0.01, 1)", "23514"),
    ],
    told: ["money.price as DECIMAL(10,2): 1 of 4 reals carry the rounding of a floating point number"],
  },
  {
    name: "decimals that do not fit, and infinite ones",
    awkward: "DECIMAL",
    sql: "CREATE TABLE money_wide (id INTEGER PRIMARY KEY, a DECIMAL(4,2), b DECIMAL(8,2)); INSERT INTO money_wide VALUES (1, 12.25, 9e999), (2, 1234.5, 1.25);",
    right: [
      typed("money_wide", "a", "numeric"),
      shows("values", "SELECT trim_scale(a), b FROM money_wide ORDER BY id", ["12.25", "Infinity"], ["1234.5", "1.25"]),
    ],
    told: [
      "money_wide.a as DECIMAL(4,2): values do not fit DECIMAL(4,2): numeric without limits instead",
      "money_wide.b as DECIMAL(8,2): declared DECIMAL(8,2), but 1 values are infinite",
    ],
  },
  {
    name: "more decimals than declared",
    awkward: "DECIMAL",
    sql: "CREATE TABLE money_fine (id INTEGER PRIMARY KEY, a DECIMAL(10,2), b DECIMAL(10,2)); INSERT INTO money_fine VALUES (1, 1.25, 2.345), (2, 2.345, 1.25), (3, 3, 3);",
    rules: { money_fine: { columns: { b: { type: "numeric", precision: 10, scale: 2, round: true } } } },
    right: [
      shows("values", "SELECT id, a, b FROM money_fine ORDER BY id", ["1", "1.25", "2.35"], ["3", "3.00", "3.00"]),
    ],
    aside: ["money_fine 2: a has more than 2 decimals"],
  },
];

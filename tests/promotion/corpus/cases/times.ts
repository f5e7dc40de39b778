import { type CorpusCase, shows, typed } from "../case";

/** A time as the seconds since 1970, whether its type has a zone or not. */
const at = (column: string): string => `trim_scale(extract(epoch FROM ${column}))`;

export const TIMES: readonly CorpusCase[] = [
  {
    name: "seconds, milliseconds, microseconds and Julian days",
    awkward: "numbers for times",
    sql: `CREATE TABLE number_times (id INTEGER PRIMARY KEY, s DATETIME, ms DATETIME, us TIMESTAMP, julian DATETIME);
      INSERT INTO number_times VALUES (1, 1704189845, 1704189845678, 1704189845678901, 2460311.9171875), (2, 1704189845.5, 1704189845000, 1704189845000000, 2460311.5), (3, NULL, NULL, NULL, NULL);`,
    right: [
      typed("number_times", "s", "timestamp with time zone", "timestamp without time zone"),
      shows(
        "moments",
        `SELECT ${at("s")}, ${at("ms")}, ${at("us")}, ${at("julian")} FROM number_times ORDER BY id`,
        ["1704189845", "1704189845.678", "1704189845.678901", "1704189645"],
        ["1704189845.5", "1704189845", "1704189845", "1704153600"],
        [null, null, null, null],
      ),
    ],
  },
  {
    name: "seconds among milliseconds, numbers among texts",
    awkward: "numbers for times",
    sql: `CREATE TABLE mixed_times (id INTEGER PRIMARY KEY, a DATETIME, b DATETIME);
      INSERT INTO mixed_times VALUES (1, 1704189845, '2024-01-02 10:04:05'), (2, 1704189845678, 1704189845);`,
    rules: { mixed_times: { columns: { a: { type: "bigint" }, b: { type: "timestamptz", from: "seconds" } } } },
    asked: [
      "mixed_times.a: it holds 1 number like seconds, 1 number like milliseconds",
      "mixed_times.b: it holds 1 text, 1 number: texts and numbers for times",
    ],
    right: [
      shows(
        "values",
        `SELECT a, ${at("b")} FROM mixed_times ORDER BY id`,
        ["1704189845", "1704189845"],
        ["1704189845678", "1704189845"],
      ),
    ],
  },
  {
    name: "times without a zone",
    awkward: "naive date text",
    sql: `CREATE TABLE text_times (id INTEGER PRIMARY KEY, a DATETIME, b TIMESTAMP, c DATE);
      INSERT INTO text_times VALUES (1, '2024-03-31 02:30:00', '2024-01-02T10:04:05.678901', '2024-02-29'), (2, '2024-07-01', '0001-01-01 00:00', '9999-12-31');`,
    right: [
      typed("text_times", "a", "timestamp without time zone", "timestamp with time zone"),
      typed("text_times", "c", "date"),
      shows(
        "moments in UTC",
        `SELECT ${at("a")}, ${at("b")}, c FROM text_times ORDER BY id`,
        ["1711852200", "1704189845.678901", "2024-02-29"],
        ["1719792000", "-62135596800", "9999-12-31"],
      ),
    ],
  },
  {
    name: "times with an offset, and dates with a time",
    awkward: "naive date text",
    sql: `CREATE TABLE zone_times (id INTEGER PRIMARY KEY, a DATETIME, b DATE);
      INSERT INTO zone_times VALUES (1, '2024-01-02 10:04:05+02:00', '2024-01-02 11:00'), (2, '2024-01-02T10:04:05Z', '2024-01-02');`,
    right: [
      typed("zone_times", "a", "timestamp with time zone"),
      shows(
        "moments",
        `SELECT ${at("a")}, ${at("b")} FROM zone_times ORDER BY id`,
        ["1704182645", "1704193200"],
        ["1704189845", "1704153600"],
      ),
    ],
    told: ["zone_times.b as DATE: declared DATE, but texts carry a time of day: timestamp instead"],
  },
  {
    name: "texts with and without an offset",
    awkward: "naive date text",
    sql: "CREATE TABLE half_zoned (id INTEGER PRIMARY KEY, a DATETIME); INSERT INTO half_zoned VALUES (1, '2024-01-02 10:04:05+02:00'), (2, '2024-01-02 10:04:05');",
    rules: { half_zoned: { columns: { a: { type: "timestamptz", from: "text" } } } },
    asked: ["half_zoned.a: it holds 1 text with an offset and 1 text without one"],
    right: [shows("moments", `SELECT ${at("a")} FROM half_zoned ORDER BY id`, ["1704182645"], ["1704189845"])],
  },
];

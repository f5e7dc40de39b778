import { describe, expect, it } from "vitest";
import type { ColumnProfile, ColumnRule, StorageClass } from "../../../../promotion/model";
import { affinityOf } from "../../../../promotion/source/affinity";
import { propose } from "../../../../promotion/translate/propose";

type Texts = NonNullable<ColumnProfile["texts"]>;
type Numbers = NonNullable<ColumnProfile["numbers"]>;
interface Data {
  readonly classes?: Partial<Record<StorageClass, number>>;
  readonly integers?: readonly [bigint, bigint];
  readonly reals?: Partial<NonNullable<ColumnProfile["reals"]>>;
  readonly texts?: Partial<Texts>;
  readonly numbers?: Partial<Numbers>;
}

const NO_TEXTS: Texts = {
  empty: 0,
  nul: 0,
  invalid: 0,
  integer: 0,
  decimal: 0,
  time: 0,
  withOffset: 0,
  json: 0,
  jsonDocuments: 0,
  jsonNul: 0,
  words: 0,
  longestBytes: 0,
  longestCharacters: 0,
  escapes: 0,
};
const NO_NUMBERS: Numbers = {
  zeroOrOne: 0,
  seconds: 0,
  milliseconds: 0,
  microseconds: 0,
  julian: 0,
  other: 0,
  rounded: 0,
};

function profile({ classes, integers, reals, texts, numbers }: Data): ColumnProfile {
  return {
    column: "c",
    classes: { null: 0, integer: 0, real: 0, text: 0, blob: 0, ...classes },
    ...(integers ? { integers: { minimum: integers[0], maximum: integers[1] } } : {}),
    ...(reals ? { reals: { minimum: 0, maximum: 0, infinite: 0, whole: 0, ...reals } } : {}),
    ...(texts ? { texts: { ...NO_TEXTS, ...texts } } : {}),
    ...(numbers ? { numbers: { ...NO_NUMBERS, ...numbers } } : {}),
  };
}

function proposed(declared: string, data?: Data, rule?: ColumnRule) {
  const column = { name: "c", declared, affinity: affinityOf(declared), notNull: false, collation: "BINARY" };
  return propose({ table: { name: "t" }, column, profile: data && profile(data), rule });
}

const int = { kind: "integer", bits: 64 };
const text = { kind: "text" };

describe("C-22: the type of a column follows its declaration and its values:", () => {
  const cases: readonly [string, string, Data, object][] = [
    ["integers have 64 bits whatever the name says", "INT", { classes: { integer: 5 } }, int],
    ["also SMALLINT's", "SMALLINT", { classes: { integer: 5 } }, int],
    ["few texts leave an INTEGER what it is", "INTEGER", { classes: { integer: 1000, text: 2 } }, int],
    ["many texts make it a text", "INTEGER", { classes: { integer: 10, text: 2 } }, { kind: "text", numbers: true }],
    ["many reals make it a float", "INTEGER", { classes: { integer: 10, real: 2 } }, { kind: "double" }],
    [
      "or a decimal, where an integer would lose digits",
      "INTEGER",
      { classes: { integer: 10, real: 2 }, integers: [0n, 2n ** 60n] },
      { kind: "numeric" },
    ],
    ["0 and 1 are booleans", "BOOLEAN", { classes: { integer: 9 }, numbers: { zeroOrOne: 9 } }, { kind: "boolean" }],
    [
      "words are booleans too",
      "bool",
      { classes: { integer: 9, text: 3 }, numbers: { zeroOrOne: 9 }, texts: { words: 3 } },
      { kind: "boolean" },
    ],
    [
      "a single 2 is no boolean",
      "BOOLEAN",
      { classes: { integer: 999 }, numbers: { zeroOrOne: 998 }, integers: [0n, 2n] },
      { kind: "integer", bits: 16 },
    ],
    ["a REAL has 8 bytes", "FLOAT", { classes: { real: 9 } }, { kind: "double" }],
    ["FLOATING POINT is no integer", "FLOATING POINT", { classes: { real: 9 } }, { kind: "double" }],
    [
      "a DECIMAL keeps its size",
      "DECIMAL(10,2)",
      { classes: { real: 9 }, reals: { minimum: -1, maximum: 99_999_999.99 } },
      { kind: "numeric", precision: 10, scale: 2 },
    ],
    [
      "unless a value does not fit",
      "DECIMAL(10,2)",
      { classes: { integer: 9 }, integers: [0n, 100_000_000n] },
      { kind: "numeric" },
    ],
    ["infinity needs a float", "NUMERIC", { classes: { real: 9 }, reals: { infinite: 1 } }, { kind: "double" }],
    [
      "a VARCHAR keeps its length",
      "VARCHAR(5)",
      { classes: { text: 9 }, texts: { longestCharacters: 5 } },
      { kind: "text", length: 5 },
    ],
    ["unless a text is longer", "VARCHAR(5)", { classes: { text: 9 }, texts: { longestCharacters: 6 } }, text],
    ["valid JSON is jsonb", "JSON", { classes: { text: 9 }, texts: { json: 9 } }, { kind: "json" }],
    ["invalid JSON is text", "JSON", { classes: { text: 9 }, texts: { json: 8 } }, text],
    ["JSON with \\u0000 is text", "JSON", { classes: { text: 9 }, texts: { json: 9, jsonNul: 1 } }, text],
    ["JSON in a TEXT column stays text", "TEXT", { classes: { text: 9 }, texts: { json: 9, jsonDocuments: 9 } }, text],
    [
      "naive times are UTC",
      "DATETIME",
      { classes: { text: 9 }, texts: { time: 9, longestCharacters: 19 } },
      { kind: "timestamp", from: "text", zone: false },
    ],
    [
      "times with an offset keep the moment",
      "DATETIME",
      { classes: { text: 9 }, texts: { time: 9, withOffset: 9 } },
      { kind: "timestamp", from: "text", zone: true },
    ],
    [
      "dates are dates",
      "DATE",
      { classes: { text: 9 }, texts: { time: 9, longestCharacters: 10 } },
      { kind: "date", from: "text" },
    ],
    [
      "dates with a time of day are not",
      "DATE",
      { classes: { text: 9 }, texts: { time: 9, longestCharacters: 19 } },
      { kind: "timestamp", from: "text", zone: false },
    ],
    ...(["seconds", "milliseconds", "microseconds", "julian"] as const).map((form): [string, string, Data, object] => [
      `numbers are times in ${form}`,
      "TIMESTAMP",
      { classes: { integer: 9 }, numbers: { [form]: 9 } },
      { kind: "timestamp", from: form, zone: true },
    ]),
    ["TIME is text", "TIME", { classes: { text: 9 } }, text],
    ["UUID is text", "UUID", { classes: { text: 9 } }, text],
    ["UUIDs of digits too", "UUID", { classes: { text: 9, integer: 1 } }, { kind: "text", numbers: true }],
    ["a BLOB is bytea", "BLOB", { classes: { blob: 9, text: 3 } }, { kind: "bytea" }],
    ["without a type the values say", "", { classes: { integer: 9 } }, int],
    ["and floats", "", { classes: { real: 9 } }, { kind: "double" }],
    ["and bytes with texts", "", { classes: { text: 9, blob: 1 } }, { kind: "bytea" }],
    ["and texts with numbers", "", { classes: { text: 9, integer: 1 } }, { kind: "text", numbers: true }],
  ];
  it.each(cases)("%s (%s)", (_title, declared, data, codec) => {
    const proposal = proposed(declared, data);
    expect(proposal.codec).toEqual(codec);
    expect(proposal.question).toBeUndefined();
  });
});

describe("C-22: only the user can tell", () => {
  const cases: readonly [string, string, Data, RegExp][] = [
    ["texts from numbers", "DATETIME", { classes: { text: 5, integer: 3 } }, /it holds 5 texts, 3 numbers/],
    [
      "seconds from milliseconds",
      "DATETIME",
      { classes: { integer: 8 }, numbers: { seconds: 7, milliseconds: 1 } },
      /7 numbers like seconds, 1 number like milliseconds/,
    ],
    ["a 0 among seconds", "DATETIME", { classes: { integer: 8 }, numbers: { seconds: 7, other: 1 } }, /1 other number/],
    [
      "offsets from none",
      "DATETIME",
      { classes: { text: 5 }, texts: { time: 5, withOffset: 2 } },
      /2 texts with an offset and 3 texts without one/,
    ],
    ["bytes from numbers", "", { classes: { blob: 5, integer: 2 } }, /2 integers, 5 blobs/],
  ];
  it.each(cases)("%s", (_title, declared, data, words) => {
    const { question } = proposed(declared, data);
    expect(question).toMatch(words);
    expect(question).toContain("in rules.yaml, under tables: t: columns: c:");
  });

  it("and a rule settles it", () => {
    const data: Data = { classes: { text: 5, integer: 3 } };
    expect(proposed("DATETIME", data, { type: "timestamptz", from: "seconds" })).toEqual({
      codec: { kind: "timestamp", from: "seconds", zone: true },
      why: "rules.yaml says timestamptz",
      warning: "5 texts will be put aside: rules.yaml says timestamptz",
    });
    expect(proposed("DATETIME", data, { from: "text" })).toMatchObject({ codec: { kind: "timestamp", from: "text" } });
    expect(proposed("DATETIME", data, { from: "text" }).question).toBeUndefined();
    expect(proposed("DATETIME", data, { rename: "d" }).question).toBeDefined();
  });
});

describe("C-22: a rule", () => {
  it("wins over the values, and says what they are worth", () => {
    const { codec, warning } = proposed("INTEGER", { classes: { integer: 5, text: 1 } }, { type: "smallint" });
    expect(codec).toEqual({ kind: "integer", bits: 16 });
    expect(warning).toBe("1 text will be put aside: rules.yaml says smallint");
  });

  it("refines without naming a type", () => {
    const nul: Data = { classes: { text: 5 }, texts: { nul: 2, invalid: 1 } };
    expect(proposed("TEXT", nul).warning).toMatch(/2 texts with a NUL.*1 texts? that/);
    expect(proposed("TEXT", nul, { nul: "strip", invalid: "latin1" })).toEqual({
      codec: { kind: "text", nul: "strip", invalid: "latin1" },
      why: "text",
    });
    expect(proposed("DECIMAL(4,2)", {}, { round: true }).codec).toMatchObject({ precision: 4, scale: 2, round: true });
    const empty: Data = { classes: { text: 5 }, texts: { empty: 2, time: 3, longestCharacters: 19 } };
    expect(proposed("DATETIME", empty, { empty: "null" })).toMatchObject({
      codec: { kind: "timestamp", from: "text", zone: false, empty: "null" },
    });
    expect(proposed("DATETIME", empty).warning).toMatch(/holds 2 texts/);
  });
});

it("tells of values that will be put aside, and of decimals that were rounded to floats", () => {
  expect(proposed("INTEGER", { classes: { integer: 1000, blob: 1 } }).warning).toBe(
    "1 blob of 1001 values will be put aside",
  );
  expect(proposed("DECIMAL(10,2)", { classes: { real: 9 }, numbers: { rounded: 4 } }).warning).toBe(
    "4 of 9 reals carry the rounding of a floating point number",
  );
});

it("believes the declaration where there are no values", () => {
  const codecs = ["INTEGER", "BOOLEAN", "DATETIME", "DATE", "JSON", "DECIMAL(5,1)", "VARCHAR(7)", "BLOB", ""].map(
    (declared) => proposed(declared).codec,
  );
  expect(codecs).toEqual([
    int,
    { kind: "boolean" },
    { kind: "timestamp", from: "text", zone: false },
    { kind: "date", from: "text" },
    { kind: "json" },
    { kind: "numeric", precision: 5, scale: 1 },
    { kind: "text", length: 7 },
    { kind: "bytea" },
    { kind: "text", numbers: true },
  ]);
});

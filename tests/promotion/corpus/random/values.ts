import fc from "fast-check";

/** Bytes that are stored as a TEXT, UTF-8 or not. */
export interface Bytes {
  readonly text: Buffer;
}

/** A value as it is given to SQLite. */
export type Given = null | bigint | number | string | Buffer | Bytes;

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

const integers = fc.oneof(
  { arbitrary: fc.bigInt({ min: -20n, max: 200n }), weight: 4 },
  fc.bigInt({ min: LEAST, max: MOST }),
  fc.constantFrom(LEAST, MOST, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 32_768n, 2_147_483_648n),
);

const doubles = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    0.1 + 0.2,
    1 / 3,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    1e15,
    1e16,
    1e17,
    1e21,
  ),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 9007199254740992, 123456789.12345679, 1e-5, 1e-7),
);

/** Money: two decimals, sums of such with their noise, and integers. */
const decimals = fc.oneof(
  fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
  fc.integer({ min: 0, max: 99 }).map((cents) => cents * 0.01 + 0.1),
  fc.bigInt({ min: -100n, max: 100n }),
);

const NASTY = [
  "",
  " ",
  "a\tb\\N\nc\r",
  "\\.",
  "NULL",
  "0",
  "1",
  "007",
  " 5",
  "1e3",
  "-0",
  "NaN",
  "infinity",
  "true",
  "é",
  "e\u0301",
  "😀",
  "👨‍👩‍👧",
  "𝒳",
  "\uFFFD",
  "\uFEFFx",
  "İıß",
  "a'b\"c$1%s",
  "9223372036854775808",
  "A",
  "a",
  "a ",
];
const text = fc.oneof(
  { arbitrary: fc.constantFrom(...NASTY), weight: 2 },
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 6 }).filter((one) => !one.includes("\0")),
);
/** What PostgreSQL takes for no text. */
const odd = fc.oneof(
  fc.constantFrom("\0", "a\0b", "\0\0x"),
  fc
    .constantFrom("ff", "61ff62", "c3", "eda080", "f4908080", "c080", "61c3a4ff")
    .map((hex): Bytes => ({ text: Buffer.from(hex, "hex") })),
);
const huge = fc.constantFrom("x", "é", "😀").map((unit) => unit.repeat(100_000));
const blobs = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(Buffer.from("aGVsbG8="), Buffer.from([0]), Buffer.from("\\x00")),
);

const two = (number: number): string => String(number).padStart(2, "0");
const day = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([y, m, d]) => `${String(y).padStart(4, "0")}-${two(m)}-${two(d)}`);
const dates = fc.oneof(day, fc.constantFrom("2024-02-29", "9999-12-31", "0001-01-01", "2024-02-30", "2024-13-01"));
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.constantFrom("", ".5", ".678", ".678901", ".6789015", ".999999"))
  .map(([h, m, s, fraction]) => `${two(h)}:${two(m)}:${two(s)}${fraction}`);
const times = fc
  .tuple(dates, fc.constantFrom(" ", "T"), fc.oneof(clock, fc.constantFrom("10:04", "00:00:00", "24:00:00")))
  .map((parts) => parts.join(""));
const zoned = fc.tuple(times, fc.constantFrom("Z", "+02:00", "-0330", "+05")).map((parts) => parts.join(""));
const unix = (least: number, most: number, unit: number) =>
  fc.oneof(
    fc.bigInt({ min: BigInt(least), max: BigInt(most) }),
    fc.integer({ min: least / unit, max: most / unit }).map((whole) => whole * unit + 0.5),
  );
const julian = fc.double({ min: 2_400_001, max: 2_499_999, noNaN: true });

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.constantFrom("{}", "[1, 2.50]", '{"a": 1, "a": 2}', '"\\ud83d\\ude00"', "null", ' {"b":1,"a":[]} ', "1e2"),
);
const noJson = fc.constantFrom('"\\u0000"', "{oops", "{'a':1}", '"\\ud800"', "[1,]");

/** What the values of a column mostly are. */
export const THEMES: Readonly<Record<string, fc.Arbitrary<Given>>> = {
  integers,
  doubles,
  decimals,
  text,
  words: fc.constantFrom("x", "y", "A", "a", "ä", ""),
  booleans: fc.oneof(fc.constantFrom<Given>(0n, 1n), fc.constantFrom("true", "no", "T", "off")),
  blobs,
  dates,
  times,
  zoned,
  seconds: unix(100_000_000, 4_000_000_000, 4),
  milliseconds: unix(100_000_000_000, 4_000_000_000_000, 4_000),
  microseconds: fc.bigInt({ min: 100_000_000_000_000n, max: 4_000_000_000_000_000n }),
  julian,
  json,
  noJson: fc.oneof(json, noJson),
  odd: fc.oneof(text, odd),
  huge: fc.oneof({ arbitrary: text, weight: 8 }, huge),
  any: fc.oneof(integers, doubles, text, odd, blobs, times, json, fc.constant(null)),
};

/** Of `theme`, with NULL now and then, and with something else where the column is not kept clean. */
export function valuesOf(theme: string, clean: boolean): fc.Arbitrary<Given> {
  const usual = THEMES[theme] ?? text;
  return fc.oneof(
    { arbitrary: usual, weight: 12 },
    { arbitrary: fc.constant(null), weight: 1 },
    ...(clean ? [] : [{ arbitrary: THEMES.any ?? text, weight: 2 }]),
  );
}

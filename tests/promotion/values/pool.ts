import fc from "fast-check";
import { InvalidText, type SqliteValue } from "../../../promotion/model";

const two = (number: number): string => String(number).padStart(2, "0");

/** Dates and times as programs write them, some of them none. */
const timeText = fc
  .record({
    year: fc.oneof(fc.integer({ min: 1960, max: 2040 }), fc.integer({ min: 0, max: 9999 })),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 25 }),
    minute: fc.integer({ min: 0, max: 60 }),
    second: fc.integer({ min: 0, max: 60 }),
    fraction: fc.oneof(
      fc.constant(""),
      fc.stringMatching(/^[0-9]{1,9}$/),
      fc.constantFrom("1234565", "999999500", "9999995", "100", "000000"),
    ),
    shape: fc.constantFrom("d", "d h:m", "dTh:m:s", "d h:m:s", "d h:m:s.f", "dTh:m:s.fz", "d h:m:sz", "d  h:m:s z"),
    zone: fc.constantFrom("Z", "z", "+00:00", "+02:00", "-11:30", "+14", "-0530", "+15:59", "+16:00"),
  })
  .map((part) =>
    part.shape.replace(/[dhmsfz]/g, (letter) => {
      if (letter === "d") return `${String(part.year).padStart(4, "0")}-${two(part.month)}-${two(part.day)}`;
      if (letter === "f") return part.fraction;
      if (letter === "z") return part.zone;
      return two(letter === "h" ? part.hour : letter === "m" ? part.minute : part.second);
    }),
  );

const decimalText = fc.oneof(
  fc.stringMatching(/^[+-]?[0-9]{0,25}\.?[0-9]{0,25}$/),
  fc.stringMatching(/^[+-]?[0-9]{1,5}(\.[0-9]{1,5})?[eE][+-]?[0-9]{1,3}$/),
  fc.constantFrom(
    "-0",
    "-0.00",
    "007",
    "+5",
    ".5",
    "5.",
    "1e400",
    "1e-400",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x1F",
    "1_000",
    " 1",
    "1e5000000",
  ),
);

const jsonText = fc.oneof(
  fc.json({ depthSize: "small" }),
  fc
    .array(fc.tuple(fc.string({ unit: "binary", maxLength: 6 }), fc.jsonValue({ maxDepth: 1 })), { maxLength: 8 })
    .map(
      (pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)} : ${JSON.stringify(value)}`).join(" ,\n")}}`,
    ),
  decimalText.map((number) => `[${number}, {"n":${number}}]`),
  fc.constantFrom(
    '{"b":1,"a":2,"b":3}',
    '{"bb":1,"c":2,"a":{"z":[],"":{}}}',
    '{"é":1,"zz":2,"z":3}',
    '"\\u00e9\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\\u0000"',
    '"\\\\u0000"',
    '"a\tb"',
    '"\\b\\f\\n\\r\\t\\/\\u001f\\u007f"',
    "[1.10,1e5,1E-7,-0,-0.0,1e400]",
    "[1e131071]",
    "[1e131072]",
    "[1e-16383]",
    "[1e-16384]",
    "{a:1}",
    "[1,]",
    "nul",
    "",
    " ",
    "[",
    "01",
    "1.",
    "- 1",
    "true false",
    "'a'",
    "[NaN]",
    "\ufeff1",
    '{"a"}',
    '{"a":}',
    '{"__proto__":1}',
    '{"1":1,"0":2,"10":3}',
  ),
);

const invalidBytes = fc
  .tuple(
    fc.uint8Array({ maxLength: 6 }),
    fc.constantFrom([0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]),
  )
  .map(([bytes, end]) => new InvalidText(Buffer.from([...bytes.map((byte) => byte & 0x7f), ...end])));

/** Doubles that lie where the shortest decimal is just between two of them, and other hard ones. */
const hardDouble = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 22 }), fc.bigInt({ min: 0n, max: 2n ** 54n }), fc.integer({ min: 0, max: 60 }))
    .map(([power, seed, shift]) => {
      // A decimal of few digits that is an odd number of 54 bits, shifted: the middle between two doubles.
      const five = 5n ** BigInt(power);
      const odd = ((2n ** 53n + (seed % 2n ** 53n)) / five) * five;
      return Number((odd | 1n) % five === 0n ? odd | 1n : odd + five) * 2 ** shift;
    }),
  fc
    .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 0, max: 40 }))
    .map(([digits, power]) => Number(`${digits}e${power}`)),
  fc.integer({ min: -10_000_000, max: 10_000_000 }).map((cents) => cents / 100),
  fc
    .integer({ min: 1, max: 1_000 })
    .map((count) => Array.from({ length: count }, () => 0.1).reduce((a, b) => a + b, 0)),
  fc.constantFrom(
    5e-324,
    1.7976931348623157e308,
    2 ** 53,
    2 ** 53 + 2,
    1e15,
    1e16,
    1e21,
    1e22,
    1e23,
    1e-5,
    1e-4,
    123456789012345680,
    0.1 + 0.2,
    12.345,
    2.675,
    1.005,
  ),
);

const seconds = fc.integer({ min: -62_135_596_801, max: 253_402_300_800 });

/** Values of every storage class, each class with what is hard for some codec. */
export const anyValue: fc.Arbitrary<SqliteValue> = fc.oneof(
  fc.constantFrom<SqliteValue>(
    null,
    0n,
    1n,
    2n,
    -1n,
    0,
    -0,
    1,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    "",
    "0",
    "1",
    "TRUE",
    "f",
    "On",
    "yes",
    "maybe",
    "infinity",
    "a\0b",
    "\0",
  ),
  fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -70_000n, max: 70_000n })),
  fc.constantFrom(
    -(2n ** 63n),
    2n ** 63n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 31n,
    -(2n ** 31n),
    32_767n,
    32_768n,
    -32_768n,
    10n ** 8n,
    999_999_99n,
  ),
  fc.double({ noNaN: true }),
  hardDouble,
  seconds.map(BigInt),
  seconds.map((second) => BigInt(second) * 1_000n + 7n),
  seconds.map((second) => BigInt(second) * 1_000_000n + 70n),
  seconds.map((second) => BigInt(Math.floor(second / 86_400)) * 86_400n),
  fc.double({ min: -1e10, max: 4e12, noNaN: true }),
  fc.double({ min: 1_721_000, max: 5_373_500, noNaN: true }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("\\", "\t", "\n", "\r", "\b", "\f", "\v", "\0", "N", ".", "é", "😀"),
    maxLength: 6,
  }),
  timeText,
  decimalText,
  jsonText,
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  invalidBytes,
);

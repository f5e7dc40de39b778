import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CodecSpec, InvalidText, Refusal, type SqliteValue } from "../../../../promotion/model";
import { codecOf } from "../../../../promotion/values/codec";
import { copyField } from "../../../../promotion/values/copyText";

const encoded = (spec: CodecSpec, value: SqliteValue): string | null => {
  const text = codecOf(spec).encode(value);
  return text instanceof Refusal ? `refused: ${text.reason}` : text;
};

// What PostgreSQL makes of them is shown in tests/promotion/values; here is what the field's tools get wrong, for a reader.
describe("values that others lose (field-notes: awkward cases)", () => {
  it.each<[string, CodecSpec, SqliteValue, string | null]>([
    ["the largest integer", { kind: "integer", bits: 64 }, 2n ** 63n - 1n, "9223372036854775807"],
    ["an integer beyond 2^53", { kind: "integer", bits: 64 }, 2n ** 53n + 1n, "9007199254740993"],
    ["a text in an integer column", { kind: "integer", bits: 64 }, "abc", "refused: is a text that is no integer"],
    ["2 as a boolean", { kind: "boolean" }, 2n, "refused: is a number that is neither 0 nor 1"],
    ["'true' as a boolean", { kind: "boolean" }, "True", "t"],
    [
      "a word that JavaScript's objects know",
      { kind: "boolean" },
      "constructor",
      "refused: is a text that is no boolean",
    ],
    ["a double in full", { kind: "double" }, 0.1 + 0.2, "0.30000000000000004"],
    ["Infinity", { kind: "double" }, Number.POSITIVE_INFINITY, "Infinity"],
    ["a double that lies between two decimals", { kind: "double" }, 9.5367431640625e17, "9.5367431640625e+17"],
    ["noise of REALs in money", { kind: "numeric", precision: 10, scale: 2 }, 0.1 + 0.2, "0.30"],
    [
      "12.345 as money (C-23)",
      { kind: "numeric", precision: 10, scale: 2 },
      12.345,
      "refused: has more than 2 decimals",
    ],
    [
      "12.345 as money, rounded by rule (C-23)",
      { kind: "numeric", precision: 10, scale: 2, round: true },
      12.345,
      "12.35",
    ],
    ["a decimal too large", { kind: "numeric", precision: 4, scale: 2 }, 99.999, "refused: has more than 2 decimals"],
    ["an empty text in a text column", { kind: "text" }, "", ""],
    ["an empty text by rule", { kind: "integer", bits: 32, empty: "null" }, "", null],
    [
      "an empty text elsewhere",
      { kind: "date", from: "text" },
      "",
      "refused: is no date or time as SQLite writes them",
    ],
    ["a NUL", { kind: "text" }, "a\0b", "refused: has a NUL character"],
    ["a NUL by rule", { kind: "text", nul: "strip" }, "a\0b", "ab"],
    ["broken UTF-8", { kind: "text" }, new InvalidText(Buffer.from([0xe9])), "refused: is a text that is no UTF-8"],
    ["Latin-1 by rule", { kind: "text", invalid: "latin1" }, new InvalidText(Buffer.from([0xe9])), "é"],
    ["a text of 5 characters in 10 bytes", { kind: "text", length: 5 }, "éé😀éé", "éé😀éé"],
    ["a BLOB in a text column", { kind: "text" }, Buffer.from("x"), "refused: is a BLOB"],
    ["a text in a BLOB column", { kind: "bytea" }, "YWJj", "\\x59574a6a"],
    ["JSON with a NUL", { kind: "json" }, '{"a":"\\u0000"}', "refused: has \\u0000 in its JSON"],
    [
      "JSON of 6,001 levels",
      { kind: "json" },
      "[".repeat(6_001) + "]".repeat(6_001),
      "refused: is JSON of more than 6000 levels",
    ],
    [
      "seconds since 1970",
      { kind: "timestamp", from: "seconds", zone: true },
      1_700_000_000n,
      "2023-11-14 22:13:20+00",
    ],
    [
      "milliseconds before 1970",
      { kind: "timestamp", from: "milliseconds", zone: false },
      -1n,
      "1969-12-31 23:59:59.999",
    ],
    ["a Julian day", { kind: "timestamp", from: "julian", zone: false }, 2_460_263.5, "2023-11-15 00:00:00"],
    [
      "a time with an offset",
      { kind: "timestamp", from: "text", zone: false },
      "2024-01-01T00:30:00+02:00",
      "2023-12-31 22:30:00",
    ],
    [
      "a day that is none",
      { kind: "date", from: "text" },
      "2023-02-29",
      "refused: is no date or time as SQLite writes them",
    ],
    [
      "a number among dates",
      { kind: "date", from: "text" },
      20_240_101n,
      "refused: is no date or time as SQLite writes them",
    ],
  ])("%s", (_what, spec, value, expected) => {
    expect(encoded(spec, value)).toBe(expected);
  });
});

describe("a field of COPY", () => {
  it("is one line's, and reads back as it was", () => {
    expect(copyField(null)).toBe("\\N");
    expect(copyField("\\N")).toBe("\\\\N");
    const unescaped: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("\\", "\n", "\t", "\r", "N", ".", "é") }), (text) => {
        const field = copyField(text);
        expect(field).not.toMatch(/[\n\t\r]/);
        expect(field.replace(/\\(.)/g, (_, character: string) => unescaped[character] ?? "?")).toBe(text);
      }),
    );
  });
});

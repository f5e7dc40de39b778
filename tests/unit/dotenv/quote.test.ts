import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote } from "../../../local/dotenv/block";

/** Text with many of the characters that some reader of `.env` files takes for its own. */
const awkward = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."'\"`$\\# =!~*?[]{}()<>|&;%@:,+-./_aZ0\t\u00e9\u20ac\u2028\ufeff😀") }),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
);

function quoted(value: string): string | undefined {
  try {
    return quote(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

describe("a quoted value", () => {
  it("is read back by dotenv as the same text, whatever stands in the lines around it", () => {
    fc.assert(
      fc.property(fc.array(awkward, { minLength: 1, maxLength: 6 }), (values) => {
        const written = values.flatMap((value, index) => {
          const text = quoted(value);
          return text === undefined ? [] : [{ key: `V${index}`, value, line: `V${index}=${text}` }];
        });
        const file = `${written.map(({ line }) => line).join("\n")}\n`;
        expect(parse(file)).toEqual(Object.fromEntries(written.map(({ key, value }) => [key, value])));
      }),
      { numRuns: 2_000 },
    );
  });

  it("stays on one line", () => {
    fc.assert(
      fc.property(awkward, (value) => {
        expect(quoted(value) ?? "").not.toMatch(/[\r\n\0]/);
      }),
    );
  });

  it.each([
    ["", ""],
    ["/home/ada/db.sqlite", "/home/ada/db.sqlite"],
    ["/home/my files/db", "'/home/my files/db'"],
    ['$HOME `x` "y" \\n', "'$HOME `x` \"y\" \\n'"],
    ["it's", '"it\'s"'],
  ])("of %j is %j", (value, text) => {
    expect(quote(value)).toBe(text);
  });

  it.each([
    ["both ' and $", "'$", "both ' and one of \" $"],
    ["both kinds of quotes", "'\"", "both '"],
    ["a backslash at the end", "C:\\data\\", "ends with a backslash"],
    ["two lines", "a\nb", "a line break"],
    ["a carriage return", "a\rb", "a line break"],
    ["a NUL", "a\0b", "a line break"],
  ])("is refused with a reason when it holds %s", (_what, value, reason) => {
    expect(() => quote(value)).toThrow(RangeError);
    expect(() => quote(value)).toThrow(reason);
  });

  it("is refused for nothing else", () => {
    fc.assert(
      fc.property(awkward, (value) => {
        const carried = !/[\0\r\n]|\\$/.test(value) && !(value.includes("'") && /["$`\\]/.test(value));
        expect(quoted(value) !== undefined).toBe(carried);
      }),
    );
  });
});

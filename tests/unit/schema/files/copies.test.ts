import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../../../../schema/files/base64";
import { checkRows } from "../../../../schema/files/checkRows";
import { fieldsOf, linesOf } from "../../../../schema/files/copyText";

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

describe("Base64 of a file", () => {
  it("is read with and without line breaks, padding and the head of a data URL", () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom("", "data:image/png;base64,", "DATA:text/plain;charset=utf-8;base64,"),
        fc.boolean(),
        fc.integer({ min: 1, max: 76 }),
        fc.constantFrom("\n", "\r\n", ""),
        (contents, head, padded, width, ending) => {
          const plain = contents.toString("base64");
          const digits = padded ? plain : plain.replace(/=+$/, "");
          const text = head + (digits.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join(ending);
          expect(decodeBase64(text)).toEqual(contents);
        },
      ),
    );
  });

  it.each([
    "a",
    "QUJD!",
    "QUJD*",
    "-_-_",
    "=",
    "QQ=",
    "QR==",
    "Zg===",
    "Zg==Zg==",
    "data:text/plain,hello",
    "ÄÖÜ=",
    "QUJDRA=",
    "two words",
    "QUJD ",
  ])("is refused, and never read as something else: %s", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

const escaped = (value: string | null): string =>
  value === null
    ? "\\N"
    : value.replace(
        /[\\\b\f\n\r\t\v]/g,
        (character) =>
          `\\${{ "\\": "\\", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v" }[character]}`,
      );

/** A stream in pieces of any size. */
async function* cut(copy: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < copy.length; at += size) yield copy.subarray(at, at + size);
}

const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")),
  fc.constantFrom("\\N", "\\", "\t", "a\r\nb", "\u2028", ""),
);

describe("what COPY writes", () => {
  it("is read back, wherever the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(value, { minLength: 2, maxLength: 3 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const copy = Buffer.from(rows.map((row) => `${row.map(escaped).join("\t")}\n`).join(""));
          const read: (string | null)[][] = [];
          for await (const line of linesOf(cut(copy, size))) read.push(fieldsOf(line));
          expect(read).toEqual(rows);
        },
      ),
    );
  });

  it("is compared file by file, and counted", async () => {
    const sha256 = (contents: Buffer) => createHash("sha256").update(contents).digest("hex");
    const contents = Buffer.from("the contents");
    const rows = [
      ["good", sha256(contents), contents.toString("base64")],
      ["other contents", sha256(contents), Buffer.from("others").toString("base64")],
      ["no checksum", null, contents.toString("base64")],
      ["no Base64", sha256(contents), "%%%"],
    ];
    const copy = Buffer.from(rows.map((row) => `${row.map(escaped).join("\t")}\n`).join(""));
    const told: number[] = [];
    expect(await checkRows(cut(copy, 7), (count) => told.push(count))).toEqual({
      rows: 4,
      sha256: sha256(copy),
      bytes: copy.length,
      wrong: 3,
      wrongIds: ["other contents", "no checksum", "no Base64"],
    });
    expect(told).toEqual([1, 2, 3, 4]);
  });
});

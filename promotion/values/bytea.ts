import { type Codec, InvalidText, Refusal, type SqliteValue } from "../model";

/** A string of JavaScript has at most 2^29 - 24 characters, two for each byte here. */
const LARGEST = 2 ** 28 - 16;

/** Bytes: of a BLOB, and of a TEXT in UTF-8. */
export const byteaCodec: Codec = {
  type: "bytea",
  encode(value) {
    if (value === null) return null;
    const bytes = bytesOf(value);
    if (bytes === undefined) return new Refusal("is a number, not bytes");
    if (bytes.length > LARGEST) return new Refusal("is larger than 256 MB");
    return `\\x${bytes.toString("hex")}`;
  },
  decode: (text) => (text === null ? null : Buffer.from(text.slice(2), "hex")),
  sql: (expression) => ({
    // hex(NULL) is an empty text.
    text: `CASE WHEN ${expression} IS NOT NULL THEN '\\x' || lower(hex(${expression})) END`,
    // A text is left to JavaScript: hex() shows it in the encoding of the database.
    clean: `(typeof(${expression}) IN ('blob', 'null') AND ifnull(octet_length(${expression}), 0) <= ${LARGEST})`,
    canonical: true,
    escapes: true,
  }),
};

function bytesOf(value: Exclude<SqliteValue, null>): Buffer | undefined {
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof InvalidText) return value.bytes;
  return Buffer.isBuffer(value) ? value : undefined;
}

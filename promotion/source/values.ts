import { isUtf8 } from "node:buffer";
import { InvalidText, type SqliteValue } from "../model";

/** A text's class by the encoding of the database: constant for a statement, so SQLite computes it once. */
const TEXT_CLASS = "CASE hex(CAST('a' AS BLOB)) WHEN '61' THEN 'text' WHEN '6100' THEN 'text16le' ELSE 'text16be' END";

/** True for every text in which a character or a broken byte beyond ASCII, or a NUL, may stand. GLOB ends at a NUL, and so does length(). */
const notPlain = (expression: string): string =>
  `(octet_length(${expression}) <> length(${expression}) OR ${expression} GLOB '*[^' || char(1) || '-' || char(127) || ']*')`;

/**
 * SQL of two result columns for one value: its class for `readValue`, and the value. A text comes as the bytes that SQLite stores
 * where they might be more than ASCII: better-sqlite3 would silently make U+FFFD of what is no UTF-8. Bytes of a plain text would be right
 * too, but cost twice the time. The statement must be run with `.raw().safeIntegers()`.
 */
export const valueColumns = (expression: string): string =>
  `CASE typeof(${expression}) WHEN 'text' THEN ${TEXT_CLASS} ELSE typeof(${expression}) END, ` +
  `CASE WHEN typeof(${expression}) = 'text' AND ${notPlain(expression)} THEN CAST(${expression} AS BLOB) ELSE ${expression} END`;

/** Makes the value of the two columns that `valueColumns` selects. */
export function readValue(storage: unknown, raw: unknown): SqliteValue {
  if (raw === null || typeof raw === "bigint" || typeof raw === "number" || typeof raw === "string") return raw;
  if (!Buffer.isBuffer(raw)) throw new Error(`SQLite gave a value of the unknown kind ${typeof raw}.`);
  if (storage === "blob") return raw;
  if (storage === "text16le" || storage === "text16be") return fromUtf16(raw, storage === "text16be");
  return isUtf8(raw) ? raw.toString("utf8") : new InvalidText(raw);
}

/** Half a surrogate pair is a character in UTF-16 databases only: it is handed on as the three bytes that it would be in UTF-8. */
function fromUtf16(bytes: Buffer, bigEndian: boolean): SqliteValue {
  const whole = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  const text = (bigEndian ? whole.swap16() : whole).toString("utf16le");
  const broken = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
  return broken.test(text) ? new InvalidText(Buffer.concat([...text].map(utf8Of))) : text;
}

function utf8Of(character: string): Buffer {
  const code = character.charCodeAt(0);
  if (character.length > 1 || code < 0xd800 || code > 0xdfff) return Buffer.from(character, "utf8");
  return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}

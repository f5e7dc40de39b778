import { type Codec, InvalidText, Refusal } from "../model";
import { canonicalJson } from "./jsonText";

/** What a jsonb, and a text in it, may have in bytes. */
const LARGEST = 2 ** 28 - 1;

/** JSON texts, and numbers, which are JSON too. */
export const jsonCodec: Codec = {
  type: "jsonb",
  encode(value) {
    if (value === null) return null;
    if (value instanceof InvalidText) return new Refusal("is a text that is no UTF-8");
    if (Buffer.isBuffer(value)) return new Refusal("is a BLOB, not a JSON text");
    if (typeof value === "number" && !Number.isFinite(value))
      return new Refusal("is infinite, which JSON has no number for");
    const text = String(value);
    return text.length > LARGEST ? new Refusal("is larger than a jsonb may be") : canonicalJson(text);
  },
  decode: (text) => text,
  sql: (expression) => ({
    text: `CAST(${expression} AS TEXT)`,
    // PostgreSQL takes no \u0000 and no half of a surrogate pair; whole ones are left to JavaScript too.
    clean: `CASE typeof(${expression}) WHEN 'null' THEN 1 WHEN 'integer' THEN 1
      WHEN 'text' THEN instr(${expression}, char(0)) = 0 AND instr(${expression}, '\\u0000') = 0 AND instr(${expression}, '\\ud') = 0
        AND instr(${expression}, '\\uD') = 0 AND json_valid(${expression}) ELSE 0 END`,
    canonical: false,
    escapes: true,
  }),
};

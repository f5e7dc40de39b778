import { type Codec, Refusal } from "../model";

const TRUE: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "on", "1"]);
const FALSE: ReadonlySet<string> = new Set(["false", "f", "no", "n", "off", "0"]);

/** 0 and 1, and the words that PostgreSQL takes for a boolean, in letters of either case. */
export const booleanCodec: Codec = {
  type: "boolean",
  encode(value) {
    if (value === null) return null;
    if (typeof value === "bigint" || typeof value === "number") {
      const number = Number(value);
      return number === 1 ? "t" : number === 0 ? "f" : new Refusal("is a number that is neither 0 nor 1");
    }
    if (typeof value !== "string") return new Refusal("is no boolean, but a BLOB or a text that is no UTF-8");
    const word = value.toLowerCase();
    if (TRUE.has(word)) return "t";
    return FALSE.has(word) ? "f" : new Refusal("is a text that is no boolean");
  },
  decode: (text) => (text === null ? null : text === "t" ? 1n : 0n),
  sql: (expression) => ({
    text: `CASE ${expression} WHEN 1 THEN 't' WHEN 0 THEN 'f' END`,
    clean: `((typeof(${expression}) = 'integer' AND ${expression} IN (0, 1)) OR ${expression} IS NULL)`,
    canonical: true,
    escapes: false,
  }),
};

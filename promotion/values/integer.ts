import { type Codec, Refusal } from "../model";

const TYPES = { 16: "smallint", 32: "integer", 64: "bigint" } as const;

/** Beyond it, a REAL may stand for several integers. */
const EXACT = 2 ** 53;

/** Whole numbers: INTEGER, REAL without a fraction up to 2^53, and texts of digits. */
export function integerCodec(bits: 16 | 32 | 64): Codec {
  const limit = 1n << BigInt(bits - 1);
  const shown = (value: bigint): string | Refusal =>
    value >= -limit && value < limit ? value.toString() : new Refusal(`is an integer beyond ${TYPES[bits]}`);
  return {
    type: TYPES[bits],
    encode(value) {
      if (value === null) return null;
      if (typeof value === "bigint") return shown(value);
      if (typeof value === "number")
        return Number.isInteger(value) && Math.abs(value) <= EXACT
          ? shown(BigInt(value))
          : new Refusal("is a REAL that is no integer");
      if (typeof value !== "string") return new Refusal("is no number, but a BLOB or a text that is no UTF-8");
      const [, sign, digits] = /^([+-]?)0*(\d+)$/.exec(value) ?? [];
      if (digits === undefined) return new Refusal("is a text that is no integer");
      if (digits.length > 19) return new Refusal(`is an integer beyond ${TYPES[bits]}`);
      return shown(BigInt(sign === "-" ? `-${digits}` : digits));
    },
    decode: (text) => (text === null ? null : BigInt(text)),
    sql(expression) {
      const fits = bits === 64 ? "" : ` AND ${expression} BETWEEN ${-limit} AND ${limit - 1n}`;
      return {
        text: `CAST(${expression} AS TEXT)`,
        // What most rows are is asked first.
        clean: `((typeof(${expression}) = 'integer'${fits}) OR ${expression} IS NULL)`,
        canonical: true,
        escapes: false,
      };
    },
  };
}

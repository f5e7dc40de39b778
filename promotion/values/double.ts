import { type Codec, Refusal } from "../model";

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["infinity", "Infinity"],
  ["-infinity", "-Infinity"],
  ["nan", "NaN"],
]);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** REAL, integers that a double holds exactly, and texts of decimal numbers. */
export const doubleCodec: Codec = {
  type: "double precision",
  encode(value) {
    if (value === null) return null;
    if (typeof value === "number") return doubleText(value);
    if (typeof value === "bigint")
      return BigInt(Number(value)) === value
        ? doubleText(Number(value))
        : new Refusal("is an integer that double precision does not hold exactly");
    if (typeof value !== "string") return new Refusal("is no number, but a BLOB or a text that is no UTF-8");
    const special = SPECIAL.get(value.toLowerCase());
    if (special !== undefined) return special;
    if (!DECIMAL.test(value)) return new Refusal("is a text that is no number");
    const number = Number(value);
    const vanished = number === 0 && /[1-9]/.test(value.replace(/e.*/i, ""));
    return Number.isFinite(number) && !vanished
      ? doubleText(number)
      : new Refusal("is a number beyond double precision");
  },
  // SQLite has no NaN: as a text it comes back to PostgreSQL as it was.
  decode: (text) => (text === null ? null : text === "NaN" ? text : Number(text)),
  sql: (expression) => ({
    text: `CAST(${expression} AS TEXT)`,
    clean: `CASE typeof(${expression}) WHEN 'null' THEN 1
      WHEN 'integer' THEN ${expression} BETWEEN ${-(2 ** 53)} AND ${2 ** 53}
      WHEN 'real' THEN ${expression} <> 0.0 OR atan2(${expression}, -1.0) > 0 ELSE 0 END`,
    canonical: false,
    escapes: false,
  }),
};

/** A double as PostgreSQL shows it: the shortest decimal that is nearer to it than to any other. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e15) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (!Number.isFinite(value)) return String(value);
  const [mantissa, exponent] = shortest(value).split("e");
  const power = Number(exponent);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** In here the shortest decimal may lie just between two doubles: JavaScript takes it for the even one of them, PostgreSQL never does. */
const BETWEEN = { from: 2 ** 53, to: 1e41 };

function shortest(value: number): string {
  const text = value.toExponential();
  const size = Math.abs(value);
  if (size < BETWEEN.from || size >= BETWEEN.to) return text;
  const [mantissa = "", exponent] = text.replace("-", "").split("e");
  const digits = mantissa.replace(".", "");
  const exact = BigInt(size);
  const [below, above] = neighbours(size);
  const inside = (decimal: bigint): boolean => 2n * decimal > exact + below && 2n * decimal < exact + above;
  const power = Number(exponent);
  if (inside(BigInt(digits) * 10n ** BigInt(power + 1 - digits.length))) return text;
  // Of the double itself: its shortest decimal may be a power of ten above it.
  const places = exact.toString().length;
  for (let count = digits.length; count <= 17; count++) {
    const unit = 10n ** BigInt(places - count);
    const down = exact / unit;
    const rest = 2n * (exact - down * unit);
    const nearest = rest > unit || (rest === unit && down % 2n === 1n) ? down + 1n : down;
    if (inside(nearest * unit)) return `${value < 0 ? "-" : ""}${scientific(nearest, places - count)}`;
  }
  return text;
}

/** So many tens of a whole number. */
function scientific(number: bigint, tens: number): string {
  const text = number.toString();
  const digits = text.replace(/0+$/, "");
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${tens + text.length - 1}`;
}

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** The doubles next to one from 2^53 on, which are integers. */
function neighbours(value: number): [bigint, bigint] {
  const at = (step: bigint): bigint => {
    double[0] = value;
    bits[0] = (bits[0] ?? 0n) + step;
    return BigInt(double[0] ?? 0);
  };
  return [at(-1n), at(1n)];
}

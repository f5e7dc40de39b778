import { type Codec, type CodecSpec, Refusal, type SqliteValue } from "../model";
import { type Decimal, decimalText, parseDecimal, withScale } from "./decimal";

/** PostgreSQL's limits of a numeric without a precision: digits before the point, and after it. */
const WHOLE = 131_072;
const FRACTION = 16_383;
/** The greatest precision that can be declared. */
const PRECISION = 1_000;

type Spec = Extract<CodecSpec, { readonly kind: "numeric" }>;

/**
 * Decimal numbers: INTEGER, REAL by its shortest decimal, and texts. A `scale` alone has PostgreSQL's greatest precision, a precision alone
 * the scale 0.
 */
export function numericCodec({ precision, scale, round = false }: Spec): Codec {
  const limited = precision !== undefined || scale !== undefined;
  const most = precision ?? PRECISION;
  const decimals = scale ?? 0;

  function fitted(decimal: Decimal, value: SqliteValue): string | Refusal {
    if (!limited) return unlimited(decimal);
    // What rounding drops would not bring it back into range; and no text of a billion zeros is made.
    if (decimal.digits !== "" && decimal.digits.length - decimal.scale > most + 1) return beyond();
    const rounded = withScale(decimal, decimals);
    const text = decimalText(rounded.decimal);
    if (!rounded.exact && !round && !isNoise(value, Number(text)))
      return new Refusal(`has more than ${decimals} decimals`);
    return rounded.decimal.digits.length <= most ? text : beyond();
  }
  const beyond = (): Refusal => new Refusal(`is a number beyond ${type}`);
  const type = limited ? `numeric(${most},${decimals})` : "numeric";

  function encode(value: SqliteValue): string | null | Refusal {
    if (value === null) return null;
    if (typeof value === "number" && !Number.isFinite(value))
      return limited ? new Refusal(`is infinite, and ${type} is not`) : String(value);
    if (typeof value === "object") return new Refusal("is no number, but a BLOB or a text that is no UTF-8");
    if (value === "NaN" || (!limited && (value === "Infinity" || value === "-Infinity"))) return value;
    const decimal = parseDecimal(String(value));
    return decimal === undefined ? new Refusal("is a text that is no number") : fitted(decimal, value);
  }

  return {
    type,
    encode,
    decode(text) {
      if (text === null || text === "NaN") return text;
      // A number when it is one to SQLite without a loss; else the digits.
      const number =
        /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? BigInt(text) : Number(text);
      return encode(number) === text ? number : text;
    },
    sql(expression) {
      const zeros = limited && decimals > 0 ? ` || '.${"0".repeat(decimals)}'` : "";
      // Adding 0.0 makes zero of a negative zero, which numeric does not know.
      const real = limited
        ? `printf('%.${decimals}f', ${expression} + 0.0)`
        : `rtrim(rtrim(printf('%!.15g', ${expression} + 0.0), '0'), '.')`;
      // Up to 15 digits, a decimal and its REAL are one to one.
      const short = `CAST(printf('%!.15g', ${expression}) AS REAL) = ${expression}`;
      const room = Math.max(0, most - decimals);
      const size = limited
        ? `round(${expression}, ${decimals}) = ${expression} AND abs(${expression}) < 1e${Math.min(room, 15 - decimals)}`
        : `(abs(${expression}) BETWEEN 1e-4 AND 9e14 OR ${expression} = 0.0)`;
      const largest = 10n ** BigInt(Math.min(room, 19)) - 1n;
      const whole = limited && room < 19 ? `${expression} BETWEEN ${-largest} AND ${largest}` : "1";
      return {
        text: `CASE typeof(${expression}) WHEN 'integer' THEN CAST(${expression} AS TEXT)${zeros} WHEN 'real' THEN ${real} END`,
        clean: `CASE typeof(${expression}) WHEN 'null' THEN 1 WHEN 'integer' THEN ${whole} WHEN 'real' THEN ${short} AND ${size} ELSE 0 END`,
        canonical: true,
        escapes: false,
      };
    },
  };
}

function unlimited(decimal: Decimal): string | Refusal {
  const { digits, scale } = decimal;
  if (scale > FRACTION) return new Refusal(`has more than ${FRACTION} decimals`);
  if (digits.length - scale > WHOLE && digits !== "") return new Refusal(`has more than ${WHOLE} digits`);
  return decimalText(withScale(decimal, Math.max(0, scale)).decimal);
}

/** Arithmetic with REALs leaves such differences: 0.1 + 0.2 is 0.30000000000000004. */
const NOISE = 4;

function isNoise(value: SqliteValue, rounded: number): boolean {
  if (typeof value !== "number") return false;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
  return Math.abs(value - rounded) <= NOISE * unit;
}

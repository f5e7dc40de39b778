/** A decimal number as it was written, its exponent taken in. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty for zero. */
  readonly digits: string;
  /** How many of the digits stand after the point; more than there are for 0.001, negative for 1e3. */
  readonly scale: number;
}

/** Reads `-12.50e3`. Undefined for what is no decimal number, Infinity and NaN among it. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = found;
  if (whole === "" && fraction === "") return undefined;
  return {
    negative: sign === "-",
    digits: withoutZeros(whole + fraction),
    scale: fraction.length - Number(exponent),
  };
}

/** The number with exactly so many decimals, rounded half away from zero as PostgreSQL does, and whether that changed it. */
export function withScale(decimal: Decimal, scale: number): { readonly decimal: Decimal; readonly exact: boolean } {
  const { negative, digits } = decimal;
  const more = scale - decimal.scale;
  if (more >= 0) return { decimal: { negative, digits: digits && digits + "0".repeat(more), scale }, exact: true };
  const kept = digits.slice(0, Math.max(0, digits.length + more));
  const dropped = digits.slice(kept.length);
  // Where more is dropped than there is, it begins with zeros.
  const up = dropped.length === -more && dropped >= "5";
  return {
    decimal: { negative, digits: up ? (BigInt(kept) + 1n).toString() : kept, scale },
    exact: !/[1-9]/.test(dropped),
  };
}

/** The number with a point and no exponent, as PostgreSQL shows a numeric. `scale` is not negative. */
export function decimalText({ negative, digits, scale }: Decimal): string {
  const padded = digits.padStart(scale + 1, "0");
  const whole = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  return negative && digits !== "" ? `-${whole}` : whole;
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/, "");

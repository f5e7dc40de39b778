import { Unsure } from "../sql/unsure";
import { integer, quoteText, type Typed } from "./typed";

const INT4 = 2n ** 31n;
const INT8 = 2n ** 63n;
const SAFE = 2n ** 53n;

/** A number as SQLite reads it. @throws Unsure for integers beyond 64 bits, which SQLite turns into floats. */
export function numberLiteral(written: string): Typed {
  if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(written)) return doubleLiteral(Number(written));
  return integerLiteral(BigInt(written));
}

export function integerLiteral(value: bigint): Typed {
  const size = value < 0n ? -value : value;
  if (size >= INT8) throw new Unsure(`${value} does not fit 64 bits`);
  return integer(String(value), { literal: String(value), atom: value >= 0n, wide: size >= INT4, small: size <= SAFE });
}

/** The shortest decimal that is the same float. */
export function doubleLiteral(value: number): Typed {
  if (!Number.isFinite(value)) throw new Unsure("it has a number beyond a float's range");
  const small = Math.abs(value) <= Number(SAFE);
  return { sql: String(value), kind: "double", atom: value >= 0, literal: String(value), small };
}

export const stringLiteral = (value: string): Typed => ({
  sql: quoteText(value),
  kind: "text",
  atom: true,
  literal: value,
});

/**
 * What lower() or upper() makes of a text, of whose letters both sides fold those of ASCII. PostgreSQL must not be asked: in a generated
 * column it computes that before it has looked for a collation, and fails.
 */
export const foldedLiteral = (value: string, to: "lower" | "upper"): Typed =>
  stringLiteral(
    to === "lower"
      ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      : value.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  );

export const blobLiteral = (hex: string): Typed => ({
  sql: `'\\x${hex.toLowerCase()}'::bytea`,
  kind: "bytea",
  atom: true,
});

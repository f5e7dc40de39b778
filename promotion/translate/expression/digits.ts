import { Unsure } from "../sql/unsure";
import type { Typed } from "./typed";

/** Digits that a double holds exactly. */
export const EXACT_DIGITS = 15;

/** The most digits that the value can have; Infinity where nobody knows. */
export function digitsOf(typed: Typed): number {
  if (typed.literal !== undefined) return typed.literal.replace(/\D/g, "").length;
  if (typed.digits !== undefined) return typed.digits;
  return typed.kind === "integer" && !typed.wide ? 10 : Number.POSITIVE_INFINITY;
}

/** A float that is right only as far as floats are exact, where SQLite goes on with integers. */
export const isRough = (typed: Typed): boolean => typed.mixed === true && digitsOf(typed) > EXACT_DIGITS;

/** @throws Unsure */
export function refuseRough(typed: Typed): void {
  if (isRough(typed)) throw new Unsure("it calculates with products of decimals and large integers");
}

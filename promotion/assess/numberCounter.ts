import type { ColumnProfile } from "../model";

/** Borders between what a number could be as a time: field notes, and the years 1973 to 5138. */
const JULIAN = { from: 2.4e6, to: 2.5e6 };
const SECONDS = 1e8;
const MILLISECONDS = 1e11;
const MICROSECONDS = 1e14;
const BEYOND = 1e17;

/** A double holds every decimal of 15 digits; one with more was rounded when it became a double. */
const DIGITS = 15;
const EXACT = 10 ** DIGITS;

/** True when the shortest decimal of a finite number has more than 15 digits. Money and the like is told apart without a text. */
export function isRounded(value: number): boolean {
  for (const scale of [1, 100, 1e4, 1e6]) {
    const shifted = Math.round(value * scale);
    if (Math.abs(shifted) < EXACT && shifted / scale === value) return false;
  }
  return Number(value.toPrecision(DIGITS)) !== value;
}

/** Counts the integers and reals of one column. */
export class NumberCounter {
  private integers = 0;
  private reals = 0;
  private least = 0n;
  private most = 0n;
  private lowest = 0;
  private highest = 0;
  private infinite = 0;
  private whole = 0;
  private zeroOrOne = 0;
  private seconds = 0;
  private milliseconds = 0;
  private microseconds = 0;
  private julian = 0;
  private other = 0;
  private rounded = 0;

  integer(value: bigint): void {
    if (this.integers === 0) this.least = this.most = value;
    else if (value < this.least) this.least = value;
    else if (value > this.most) this.most = value;
    this.integers += 1;
    this.kind(Number(value));
  }

  real(value: number): void {
    this.reals += 1;
    this.kind(value);
    if (!Number.isFinite(value)) {
      this.infinite += 1;
      return;
    }
    const first = this.reals - this.infinite === 1;
    if (first || value < this.lowest) this.lowest = value;
    if (first || value > this.highest) this.highest = value;
    if (Number.isInteger(value)) this.whole += 1;
    if (isRounded(value)) this.rounded += 1;
  }

  private kind(value: number): void {
    if (value === 0 || value === 1) this.zeroOrOne += 1;
    if (value >= SECONDS && value < BEYOND) {
      if (value < MILLISECONDS) this.seconds += 1;
      else if (value < MICROSECONDS) this.milliseconds += 1;
      else this.microseconds += 1;
    } else if (value >= JULIAN.from && value <= JULIAN.to) this.julian += 1;
    else this.other += 1;
  }

  counted(): Pick<ColumnProfile, "integers" | "reals" | "numbers"> {
    const { zeroOrOne, seconds, milliseconds, microseconds, julian, other, rounded } = this;
    return {
      ...(this.integers === 0 ? {} : { integers: { minimum: this.least, maximum: this.most } }),
      ...(this.reals === 0
        ? {}
        : { reals: { minimum: this.lowest, maximum: this.highest, infinite: this.infinite, whole: this.whole } }),
      ...(this.integers + this.reals === 0
        ? {}
        : { numbers: { zeroOrOne, seconds, milliseconds, microseconds, julian, other, rounded } }),
    };
  }
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MoneySum } from "../../../../promotion/once/moneySum";

const sumOf = (texts: readonly (string | null)[]): string => {
  const sum = new MoneySum();
  for (const text of texts) sum.add(text);
  return String(sum);
};

describe("MoneySum", () => {
  it("is exact where floats are not, and has the decimals of the number that has most", () => {
    expect(sumOf(["0.10", "0.20", null])).toBe("0.30");
    expect(sumOf(["99999999.99", "-100000000"])).toBe("-0.01");
    expect(sumOf(["1", "0.000000000000000000001"])).toBe("1.000000000000000000001");
    expect(sumOf([])).toBe("0");
  });

  it("property: is the sum of cents, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })), (cents) => {
        const text = (value: bigint) => {
          const digits = String(value < 0n ? -value : value).padStart(3, "0");
          return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        };
        const total = cents.reduce((sum, value) => sum + value, 0n);
        expect(sumOf(cents.map(text))).toBe(cents.length === 0 ? "0" : text(total));
        expect(sumOf(cents.map(text).reverse())).toBe(sumOf(cents.map(text)));
      }),
    );
  });
});

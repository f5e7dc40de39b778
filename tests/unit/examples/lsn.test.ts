import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acknowledgeable, lsnValue } from "../../../examples/notifications/lsn";

describe("positions in the write-ahead log", () => {
  it("are numbers of 64 bits, written as two of 32", () => {
    expect(lsnValue("0/0")).toBe(0n);
    expect(lsnValue("16/B374D848")).toBe(0x16b374d848n);
    expect(lsnValue("1/0") - lsnValue("0/FFFFFFFF")).toBe(1n);
    expect(() => lsnValue("12")).toThrow("12 is no position in a write-ahead log");
  });

  it("are acknowledged exactly, by a library that adds one", () => {
    expect(acknowledgeable("0/15CF7E8")).toBe("0/15CF7E7");
    expect(acknowledgeable("2/0")).toBe("1/FFFFFFFF");
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (end) => {
        const text = `${(end >> 32n).toString(16)}/${(end % 2n ** 32n).toString(16)}`;
        expect(lsnValue(acknowledgeable(text)) + 1n).toBe(end);
      }),
    );
  });
});

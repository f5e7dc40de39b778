import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TablePlan } from "../../../../promotion/model";
import { Checksum } from "../../../../promotion/verify/checksum";
import { differenceText, shownKey } from "../../../../promotion/verify/difference";
import { RowHash } from "../../../../promotion/verify/hash";
import { HashList, onlyIn } from "../../../../promotion/verify/hashList";
import { rowText } from "../../../../promotion/verify/rowText";

const hash64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const high = (hash: bigint): number => Number(hash >> 32n);
const low = (hash: bigint): number => Number(hash & 0xffffffffn);

describe("a row's hash", () => {
  // SELECT hashtextextended('…', 0) of PostgreSQL 15.
  it.each([
    ["", "-6939563903564495251"],
    ["a", "3591986179850072241"],
    ["abc", "-6747756470228489321"],
    ["abcd", "-1038429303365892052"],
    ["abcdefg", "-6158032784613548338"],
    ["abcdefgh", "-8882191227074733005"],
    ["abcdefghi", "-3278210106038014113"],
    ["abcdefghijk", "3112909444737856467"],
    ["abcdefghijkl", "-7556637188122330412"],
    ["abcdefghijklm", "8871624171452417744"],
    ["é😀 and twenty-five bytes!", "4834905825435067480"],
  ])("is PostgreSQL's: of %j", (text, expected) => {
    const hash = new RowHash();
    const bytes = Buffer.from(`xx${text}yy`);
    hash.of(bytes, 2, bytes.length - 2);
    expect(BigInt.asIntN(64, hash.unsigned)).toBe(BigInt(expected));
  });
});

describe("a checksum", () => {
  it("is the sum of signed numbers, in any order", () => {
    fc.assert(
      fc.property(fc.array(hash64), (hashes) => {
        const sum = new Checksum();
        for (const hash of hashes) sum.add(high(hash), low(hash));
        expect(sum.sum).toBe(hashes.reduce((all, hash) => all + BigInt.asIntN(64, hash), 0n));
        expect(sum.rows).toBe(hashes.length);
      }),
    );
  });

  it("stays exact over more rows than a number of JavaScript could add up", () => {
    const sum = new Checksum();
    for (let row = 0; row < 3_000_000; row++) sum.add(0x7fffffff, 0xffffffff);
    expect(sum.sum).toBe(3_000_000n * (2n ** 63n - 1n));
  });
});

describe("lists of hashes", () => {
  it("tell what each has for itself, as often as it has it", () => {
    const few = fc.array(fc.oneof(hash64, fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 64n - 1n)), { maxLength: 40 });
    fc.assert(
      fc.property(few, few, (ours, theirs) => {
        const only = onlyIn(listOf(ours), listOf(theirs), 1_000);
        const without = (from: readonly bigint[], taken: readonly bigint[]): bigint[] => {
          const rest = [...from];
          for (const hash of taken) if (rest.includes(hash)) rest.splice(rest.indexOf(hash), 1);
          return rest.sort(ascending);
        };
        expect(only).toEqual({ ours: without(ours, theirs), theirs: without(theirs, ours), more: false });
      }),
    );
  });

  it("stop when too much differs", () => {
    const many = Array.from({ length: 100 }, (_, at) => BigInt(at));
    const only = onlyIn(listOf(many), listOf([]), 10);
    expect(only.more).toBe(true);
    expect(only.ours.length).toBeLessThan(12);
  });
});

describe("a row's text", () => {
  const table: TablePlan = {
    source: "t",
    target: "t",
    sourceKey: ["a"],
    targetKey: ["a", "b"],
    uniques: [],
    columns: [
      { select: 's."a"', target: "a", codec: { kind: "text" } },
      { select: 's."b"', target: "b", codec: { kind: "text" } },
      { select: 's."n"', target: "n", codec: { kind: "integer", bits: 64 } },
      { select: 's."m"', target: "m", codec: { kind: "integer", bits: 64 } },
    ],
  };

  it("is another one for every other row", () => {
    const text = fc.option(fc.string({ unit: fc.constantFrom(":", "1", "0", "\u001f", "é", "n"), maxLength: 4 }));
    const number = fc.option(fc.integer().map(String));
    const row = fc.tuple(text, text, number, number);
    fc.assert(
      fc.property(row, row, (one, other) => {
        const same = one.every((field, at) => field === other[at]);
        expect(rowText(table, one) === rowText(table, other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is told of by its key alone", () => {
    expect(shownKey(table, ["x", null])).toBe("a = x, b = NULL");
    const one = { table: "t", key: [], shown: "a = x", columns: [] } as const;
    expect(differenceText({ ...one, kind: "missing" })).toBe("t, a = x: is not in PostgreSQL");
    expect(differenceText({ ...one, shown: "", kind: "differs" })).toBe("a row of t: differs");
  });
});

function listOf(hashes: readonly bigint[]): BigUint64Array {
  const list = new HashList();
  for (const hash of hashes) list.add(high(hash), low(hash));
  return list.sorted();
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

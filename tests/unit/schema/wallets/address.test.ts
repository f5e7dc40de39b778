import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWalletAddress, normaliseWallet } from "../../../../schema/wallets/address";
import { binaryCopy } from "../../../../schema/wallets/keyTable";

const wallet = fc.stringMatching(/^0x[0-9a-f]{40}$/);
const cased = fc.tuple(wallet, fc.array(fc.boolean(), { minLength: 42, maxLength: 42 })).map(([address, upper]) => ({
  address,
  typed: [...address].map((character, at) => (upper[at] ? character.toUpperCase() : character)).join(""),
}));

describe("a wallet address", () => {
  it("has one spelling, in whatever case it is typed", () => {
    fc.assert(
      fc.property(cased, ({ address, typed }) => {
        expect(isWalletAddress(typed)).toBe(true);
        expect(normaliseWallet(typed)).toBe(address);
        expect(normaliseWallet(normaliseWallet(typed))).toBe(address);
      }),
    );
  });

  it("is never something else, and what is refused is not repeated", () => {
    const near = fc
      .tuple(wallet, fc.nat(41), fc.string({ maxLength: 2 }))
      .map(([address, at, put]) => address.slice(0, at) + put + address.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        fc.pre(!/^0[xX][0-9a-fA-F]{40}$/.test(text));
        expect(isWalletAddress(text)).toBe(false);
        expect(() => normaliseWallet(text)).toThrow(`it has ${text.length} characters`);
      }),
    );
    expect(() => normaliseWallet(`0x${"a".repeat(39)}g`)).toThrow(/^(?!.*aaaa)/);
    expect(isWalletAddress(`0x${"a".repeat(40)}\n`)).toBe(false);
  });
});

describe("the binary form of COPY", () => {
  it("has signature, rows with lengths before their fields, and an end", () => {
    expect(binaryCopy([[Buffer.from("ab"), Buffer.from([1])]]).toString("hex")).toBe(
      ["5047434f50590aff0d0a00", "00000000", "00000000", "0002", "00000002", "6162", "00000001", "01", "ffff"].join(""),
    );
    expect(binaryCopy([]).length).toBe(21);
  });
});

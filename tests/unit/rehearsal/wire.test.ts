import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../rehearsal/model";
import { close, holdsUnknown, open } from "../../../rehearsal/wire";
import { leaf, name, secretOf, UNKNOWN_STRING, value, values } from "./arbitraries";

describe("what travels between engine and provider", () => {
  it("is the same after it was written and read, secrets and unknown values among it", () => {
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.boolean()), (plain, coins) => {
        const secrets = new Set(Object.keys(plain).filter(() => coins.next().value));
        const read = open(close(plain, secrets));
        expect(read.values).toEqual(plain);
        expect(read.secrets).toEqual(secrets);
      }),
    );
  });

  it("marks a name as secret when a secret is anywhere below it", () => {
    const nested = fc.letrec((again) => ({
      holder: fc.oneof(
        { maxDepth: 4 },
        leaf.map(secretOf),
        fc.tuple(value, again("holder")).map((both) => [...both]),
        fc.tuple(name, again("holder")).map(([key, inner]) => ({ [key]: inner, other: 1 })),
      ),
    })).holder;
    fc.assert(
      fc.property(name, nested, (key, holder) => {
        expect(open({ [key]: holder }).secrets).toEqual(new Set([key]));
      }),
    );
  });

  it("opens a secret inside an output, and keeps it secret", () => {
    const output = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(open({ a: { ...output, value: { b: secretOf("x") } } })).toEqual({
      values: { a: { b: "x" } },
      secrets: new Set(["a"]),
    });
    expect(open({ a: { ...output, secret: true } })).toEqual({ values: { a: UNKNOWN }, secrets: new Set(["a"]) });
  });

  it("reads every kind of unknown value as the one, wherever it stands", () => {
    const read = open({ a: UNKNOWN_STRING, b: [{ c: UNKNOWN_STRING }], d: "known" });
    expect(read.values).toEqual({ a: UNKNOWN, b: [{ c: UNKNOWN }], d: "known" });
    expect(["a", "b", "d"].map((key) => holdsUnknown(read.values[key]))).toEqual([true, true, false]);
  });

  it("leaves out what is null or undefined, as the engine does", () => {
    expect(open({ a: null, b: { c: null, d: 1 } }).values).toEqual({ b: { d: 1 } });
    expect(close({ a: undefined, b: { c: undefined } }, new Set())).toEqual({ b: {} });
  });
});

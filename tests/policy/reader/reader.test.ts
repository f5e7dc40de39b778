import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaves, read, readCount, readList, readText } from "../../../policy/reading/reader";
import { Secret, toValue, UNKNOWN } from "../../../policy/reading/value";

const UNKNOWN_TEXTS = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const sdk: { unknownCheckingProxy(value: unknown): object } & Record<string, unknown> =
  createRequire(__filename)("@pulumi/policy/proxy");
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("the reader", () => {
  const props = toValue({ a: { b: [1, { c: "x" }] }, none: null, later: UNKNOWN_TEXTS[0], hush: secret({ d: 5 }) });

  test("tells known, unknown and absent apart", () => {
    expect(read(props, "a", "b", 1, "c")).toEqual({ state: "known", value: "x", secret: false });
    expect(read(props, "later")).toEqual({ state: "unknown", secret: false });
    expect(read(props, "later", "deeper", 3)).toEqual({ state: "unknown", secret: false });
    expect(read(props, "none")).toEqual({ state: "absent" });
    expect(read(props, "none", "deeper")).toEqual({ state: "absent" });
    expect(read(props, "a", "b", 7)).toEqual({ state: "absent" });
    expect(read(props, "toString")).toEqual({ state: "absent" });
  });

  test("says that what is read is secret, also inside a secret structure", () => {
    expect(read(props, "hush", "d")).toEqual({ state: "known", value: 5, secret: true });
    expect(read(toValue({ x: secret(UNKNOWN_TEXTS[2]) }), "x")).toEqual({ state: "unknown", secret: true });
    expect(read(toValue(secret(secret(1))))).toEqual({ state: "known", value: 1, secret: true });
  });

  test("takes a value of another type for none of the three", () => {
    expect(read(props, "a", 0)).toEqual({ state: "mistyped" });
    expect(read(props, "a", "b", "c")).toEqual({ state: "mistyped" });
    expect(readText(props, "hush", "d")).toEqual({ state: "mistyped" });
    expect(readList(props, "a")).toEqual({ state: "mistyped" });
    for (const wrong of ["5", -1, 1.5, true, [], 2 ** 60]) {
      expect(readCount(toValue({ n: wrong }), "n")).toEqual({ state: "mistyped" });
    }
    expect(readCount(toValue({ n: 0 }), "n")).toEqual({ state: "known", value: 0, secret: false });
  });

  test("lists all ends of a structure", () => {
    expect(leaves(props)).toEqual([
      { path: ["a", "b", 0], value: 1, secret: false, markedItself: false },
      { path: ["a", "b", 1, "c"], value: "x", secret: false, markedItself: false },
      { path: ["later"], value: UNKNOWN, secret: false, markedItself: false },
      { path: ["hush", "d"], value: 5, secret: true, markedItself: false },
    ]);
    expect(leaves(toValue({ p: secret("x") }))).toEqual([
      { path: ["p"], value: "x", secret: true, markedItself: true },
    ]);
  });
});

describe("values of the SDK", () => {
  test("every unknown of the installed SDK is one here", () => {
    const ofSdk = Object.entries(sdk).flatMap(([name, value]) => (/^unknown\w+Value$/.test(name) ? [value] : []));
    expect(ofSdk.sort()).toEqual([...UNKNOWN_TEXTS].sort());
    for (const text of ofSdk) expect(toValue(text)).toBe(UNKNOWN);
  });

  test("an unknown behind the SDK's proxy, which throws when it is touched, is read without harm", () => {
    const proxied = sdk.unknownCheckingProxy({ a: { b: UNKNOWN_TEXTS[1], list: [UNKNOWN_TEXTS[2], 1] } }) as {
      a: { b: unknown };
    };
    expect(() => proxied.a.b).toThrow("can't be known during preview");
    expect(read(toValue(proxied), "a", "b")).toEqual({ state: "unknown", secret: false });
    expect(read(toValue(proxied), "a", "list", 1)).toEqual({ state: "known", value: 1, secret: false });
    expect(read(toValue(proxied.a), "b")).toEqual({ state: "unknown", secret: false });
  });

  test("secrets keep their mark and their content", () => {
    expect(toValue({ p: secret(["x"]) })).toEqual({ p: new Secret(["x"]) });
  });

  test("never throws on any JSON, and JSON without marks comes through unchanged", () => {
    const path = fc.array(fc.oneof(fc.string(), fc.nat(3)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.jsonValue(), path, (json, keys) => {
        const value = toValue(JSON.parse(JSON.stringify(json)));
        expect(JSON.stringify(value)).toBe(JSON.stringify(json));
        read(value, ...keys);
        readCount(value, ...keys);
        leaves(value);
        read(toValue(sdk.unknownCheckingProxy(json)), ...keys);
      }),
      { numRuns: 500 },
    );
  });

  test("what JSON does not have becomes null", () => {
    expect(toValue([undefined, () => 1, Symbol("x"), 1n])).toEqual([null, null, null, null]);
  });
});

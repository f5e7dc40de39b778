import { createHmac, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyRing } from "../../../../schema/wallets/parseKeyRing";
import { UserError } from "../../../../settings";

const key = (): string => randomBytes(32).toString("base64");
const [k1, k2, h1, h2] = [key(), key(), key(), key()];
const RING = { current: "k2", keys: { k1, k2 }, hmac: { current: "h1", keys: { h1, h2 } } };
const parse = (value: unknown) => parseKeyRing(JSON.stringify(value), "keys.json");
const refusal = (text: string): string => {
  try {
    parseKeyRing(text, "keys.json");
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error("was accepted");
};

const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,39}$/);
const randomKey = fc
  .uint8Array({ minLength: 32, maxLength: 64 })
  .filter((bytes) => new Set(bytes).size >= 16)
  .map((bytes) => Buffer.from(bytes).toString("base64"));

describe("a key ring", () => {
  it("reads every ring of the documented form", () => {
    const set = fc.dictionary(id, randomKey, { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(set, set, fc.nat(), fc.nat(), (keys, hmac, a, b) => {
        const values = [...Object.values(keys), ...Object.values(hmac)];
        fc.pre(new Set(values).size === values.length);
        const current = Object.keys(keys)[a % Object.keys(keys).length] ?? "";
        const hmacCurrent = Object.keys(hmac)[b % Object.keys(hmac).length] ?? "";
        const ring = parse({ current, keys, hmac: { current: hmacCurrent, keys: hmac } });
        expect(ring.current).toBe(`${current}/${hmacCurrent}`);
        expect(ring.labels).toContain(ring.current);
        expect(ring.labels).toHaveLength(Object.keys(keys).length * Object.keys(hmac).length);
        const first = createHmac("sha256", Buffer.from(hmac[hmacCurrent] ?? "", "base64"));
        const wallet = `0x${"aB".repeat(20)}`;
        expect(ring.hashes(wallet)[0]).toEqual(first.update(wallet.toLowerCase()).digest());
      }),
    );
  });

  it.each([
    ["", "there is nothing in it"],
    ["{", "this is no JSON"],
    ["[]", "the text is no object"],
    ["null", "the text is no object"],
    [JSON.stringify({ ...RING, extra: 1 }), "has a member that is not known; allowed are current, keys, hmac"],
    [JSON.stringify({ ...RING, hmac: undefined }), "hmac is no object"],
    [JSON.stringify({ ...RING, keys: {} }), "keys is empty"],
    [JSON.stringify({ ...RING, keys: [k1] }), "keys is no object"],
    [JSON.stringify({ ...RING, current: "k3" }), "current names none of keys; there are k1, k2"],
    [JSON.stringify({ ...RING, hmac: { ...RING.hmac, current: 1 } }), "hmac.current names none of hmac.keys"],
    [JSON.stringify({ ...RING, keys: { k2: "encryption_key" } }), "keys.k2 is no base64"],
    [JSON.stringify({ ...RING, keys: { k2: ` ${k2}` } }), "keys.k2 is no base64"],
    [JSON.stringify({ ...RING, keys: { k2: k2.replace("=", "") } }), "keys.k2 is no base64"],
    [JSON.stringify({ ...RING, keys: { k2: 7 } }), "keys.k2 is no base64"],
    [JSON.stringify({ ...RING, keys: { k2: randomBytes(31).toString("base64") } }), "keys.k2 has 31 bytes"],
    [JSON.stringify({ ...RING, keys: { k2: Buffer.alloc(32).toString("base64") } }), "keys.k2 is not random"],
    [JSON.stringify({ ...RING, keys: { k1: k2, k2 } }), "the same key stands there twice"],
    [JSON.stringify({ ...RING, keys: { k1, k2: h1 } }), "encryption and HMAC share none"],
    [JSON.stringify({ ...RING, keys: { [k1]: k1, k2 } }), "an id in keys is wrong"],
  ])("refuses %j", (text, says) => {
    const message = refusal(text);
    expect(message).toContain("The wallet keys in keys.json cannot be used: ");
    expect(message).toContain(says);
  });

  it("shows no piece of a key, whatever is wrong with the text", () => {
    const text = JSON.stringify(RING, null, 1);
    const secrets = [k1, k2, h1, h2];
    const pieces = (message: string): string[] =>
      secrets.flatMap((secret) =>
        Array.from({ length: secret.length - 5 }, (_, at) => secret.slice(at, at + 6)).filter((piece) =>
          message.includes(piece),
        ),
      );
    const broken = fc.oneof(
      // A piece cut out, and some characters put in: what editors and shells do to a file.
      fc
        .tuple(fc.nat(text.length), fc.nat(60), fc.string({ maxLength: 3 }))
        .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut)),
      // Keys and ids in each other's place.
      fc.constantFrom(...secrets).map((secret) => JSON.stringify({ ...RING, current: secret })),
      fc.constantFrom(...secrets).map((secret) => JSON.stringify({ ...RING, [secret]: "k1" })),
      fc.constantFrom(...secrets).map((secret) => JSON.stringify(secret)),
    );
    fc.assert(
      fc.property(broken, (wrong) => {
        try {
          parseKeyRing(wrong, "keys.json");
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect(pieces(String(error))).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is shown without its keys", () => {
    const ring = parse(RING);
    expect(inspect(ring, { depth: 9, showHidden: true })).toBe("KeyRing { k2/h1 }");
    expect(JSON.parse(JSON.stringify(ring))).toEqual({
      current: "k2/h1",
      labels: ["k1/h1", "k1/h2", "k2/h1", "k2/h2"],
    });
    expect(Object.values(ring)).toEqual([]);
  });
});

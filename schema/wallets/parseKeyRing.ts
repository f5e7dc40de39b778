import { UserError } from "../../settings";
import { KeyRing, type KeySet } from "./keyRing";

/** Bytes that a key has at least: those of AES-256. */
export const KEY_BYTES = 32;

/** 32 random bytes have about 30 different values; a phrase or a row of zeros has few. The odds against a random one: under 1e-15. */
const DIFFERENT_BYTES = 16;

/** Short, and in small letters, so that a key that was put in the place of an id is never taken for one, nor shown. */
const ID = /^[a-z0-9][a-z0-9._-]{0,39}$/;

const FORM =
  '{"current": "<id>", "keys": {"<id>": "<base64>"}, "hmac": {"current": "<id>", "keys": {"<id>": "<base64>"}}}';

/**
 * Reads a key ring: JSON of the form `{"current": "<id>", "keys": {"<id>": "<base64>"}, "hmac": {"current": …, "keys": …}}`.
 * A key is at least 32 random bytes. Keys that are not current are older ones, which rows may still name.
 * @param source what messages call the place that it was read from.
 * @throws UserError that tells what is wrong, and never a part of the text: the wrong text may be a key.
 */
export function parseKeyRing(text: string, source: string): KeyRing {
  const refuse: Refuse = (problem) => {
    throw new UserError(
      `The wallet keys in ${source} cannot be used: ${problem} Their form: ${FORM}. One key: openssl rand -base64 ${KEY_BYTES}.`,
    );
  };
  const ring = members(parseJson(text, refuse), "the text", ["current", "keys", "hmac"], refuse);
  const hmac = members(ring.get("hmac"), "hmac", ["current", "keys"], refuse);
  const encryptionKeys = keySet(ring, "", refuse);
  const hmacKeys = keySet(hmac, "hmac.", refuse);
  const all = [...encryptionKeys.keys.values(), ...hmacKeys.keys.values()];
  if (new Set(all).size !== all.length)
    refuse("the same key stands there twice; each id has a key of its own, and encryption and HMAC share none.");
  return new KeyRing(encryptionKeys, hmacKeys);
}

type Refuse = (problem: string) => never;

function parseJson(text: string, refuse: Refuse): unknown {
  if (text.trim() === "") return refuse("there is nothing in it.");
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats a part of the text.
    return refuse("this is no JSON.");
  }
}

/** A JSON object with these members and no others. */
function members(
  value: unknown,
  where: string,
  allowed: readonly string[],
  refuse: Refuse,
): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(`${where} is no object.`);
  const entries = new Map<string, unknown>(Object.entries(value));
  if ([...entries.keys()].some((name) => !allowed.includes(name)))
    return refuse(`${where} has a member that is not known; allowed are ${allowed.join(", ")}.`);
  return entries;
}

function keySet(holder: ReadonlyMap<string, unknown>, prefix: "" | "hmac.", refuse: Refuse): KeySet {
  const where = `${prefix}keys`;
  const value = holder.get("keys");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(`${where} is no object.`);
  const entries = Object.entries(value);
  if (entries.length === 0) refuse(`${where} is empty.`);
  const keys = new Map<string, string>();
  for (const [id, key] of entries) {
    if (!ID.test(id))
      refuse(`an id in ${where} is wrong; an id has 1 to 40 small letters, digits, dots, dashes and underscores.`);
    keys.set(id, checkKey(key, `${where}.${id}`, refuse));
  }
  const current = holder.get("current");
  if (typeof current !== "string" || !keys.has(current))
    return refuse(`${prefix}current names none of ${where}; there are ${[...keys.keys()].join(", ")}.`);
  return { current, keys };
}

function checkKey(key: unknown, where: string, refuse: Refuse): string {
  const bytes = typeof key === "string" ? Buffer.from(key, "base64") : Buffer.alloc(0);
  // PostgreSQL takes the base64 text as the password: another spelling of the same bytes would be another key.
  if (typeof key !== "string" || bytes.toString("base64") !== key)
    return refuse(`${where} is no base64 in its plain form, without blanks and with its "=".`);
  if (bytes.length < KEY_BYTES)
    return refuse(`${where} has ${bytes.length} bytes; a key has at least ${KEY_BYTES} random ones.`);
  if (new Set(bytes).size < DIFFERENT_BYTES) return refuse(`${where} is not random: few of its bytes differ.`);
  return key;
}

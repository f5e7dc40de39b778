import { randomBytes } from "node:crypto";
import type { KeyRing } from "../../../schema/wallets/keyRing";
import { parseKeyRing } from "../../../schema/wallets/parseKeyRing";

/** A key as a ring has it: base64 of 32 random bytes. */
export const newKey = (): string => randomBytes(32).toString("base64");

/** The JSON of a ring, with keys by id; the last of each kind is the current one unless told. */
export interface RingText {
  readonly keys: Readonly<Record<string, string>>;
  readonly hmac: Readonly<Record<string, string>>;
  readonly current?: string;
  readonly hmacCurrent?: string;
}

const last = (keys: Readonly<Record<string, string>>): string | undefined => Object.keys(keys).at(-1);

export const ringText = ({ keys, hmac, current = last(keys), hmacCurrent = last(hmac) }: RingText): string =>
  JSON.stringify({ current, keys, hmac: { current: hmacCurrent, keys: hmac } });

export const ring = (text: RingText): KeyRing => parseKeyRing(ringText(text), "the test");

/** The wallet of user n of `makeUsers`, with small letters. */
export const walletOf = (n: number): string => `0x${n.toString(16).padStart(40, "0")}`;

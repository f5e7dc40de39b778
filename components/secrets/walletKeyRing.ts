/** The key ring of the wallets as `schema/wallets/parseKeyRing.ts` reads it. Pure. */

/** Keys of one kind, by their ids. */
export interface KeyIds {
  /** Every key that a row may name. One that is taken out is gone for good. */
  readonly ids: readonly string[];
  /** The one that new values are written under; one of `ids`. */
  readonly current: string;
}

/** As `parseKeyRing` takes them. */
const ID = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/** @throws Error for ids that the ring could not be read with. */
export function checkKeyIds(kind: string, { ids, current }: KeyIds): void {
  const wrong = ids.find((id) => !ID.test(id));
  if (wrong !== undefined)
    throw new Error(`${kind}: id ${wrong}: allowed are 1 to 40 small letters, digits, dots, dashes and underscores`);
  if (new Set(ids).size !== ids.length) throw new Error(`${kind}: an id stands there twice: ${ids.join(", ")}`);
  if (!ids.includes(current)) throw new Error(`${kind}: ${current} is to be current, and there are ${ids.join(", ")}`);
}

/** JSON of the ring. The values are letters and digits; base64 is the form of a ring, whatever the bytes. */
export function walletKeyRing(
  keys: { readonly current: string; readonly values: Readonly<Record<string, string>> },
  hmac: { readonly current: string; readonly values: Readonly<Record<string, string>> },
): string {
  const encoded = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([id, value]) => [id, Buffer.from(value).toString("base64")]));
  return JSON.stringify({
    current: keys.current,
    keys: encoded(keys.values),
    hmac: { current: hmac.current, keys: encoded(hmac.values) },
  });
}

import { createHash } from "node:crypto";
import { codeOf } from "../../../schema/connectionErrors";
import { explained } from "./failure";
import type { Store } from "./store";

const ATTEMPTS = 3;

/** SHA-256 (hex) and bytes of an object, read from the store; undefined when there is none. */
export async function hashOf(
  store: Store,
  key: string,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number } | undefined> {
  let hash = createHash("sha256");
  const bytes = await readObject(store, key, signal, async (part, at) => {
    if (at === 0) hash = createHash("sha256");
    hash.update(part);
    return true;
  });
  return bytes === undefined ? undefined : { sha256: hash.digest("hex"), bytes };
}

/** Whether an object has these contents, read from the store and compared byte by byte. */
export const hasContents = async (
  store: Store,
  key: string,
  { bytes, has }: { readonly bytes: number; has(part: Buffer, at: number): Promise<boolean> },
  signal?: AbortSignal,
): Promise<boolean> => (await readObject(store, key, signal, has)) === bytes;

/**
 * Reads an object, and again from its beginning when the connection is lost on the way.
 * @param take gets each part and where it begins; false ends the reading.
 * @returns the bytes that were taken; undefined when there is no such object, or `take` says no.
 */
async function readObject(
  store: Store,
  key: string,
  signal: AbortSignal | undefined,
  take: (part: Buffer, at: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (let attempt = 1; ; attempt++) {
    const object = await store.get(key, signal);
    if (object === undefined) return undefined;
    let at = 0;
    try {
      for await (const chunk of object.body) {
        const part: Buffer = chunk;
        if (!(await take(part, at))) return undefined;
        at += part.length;
      }
      return at;
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt === ATTEMPTS || codeOf(error) === "") throw explained(error, store.settings, "s3:GetObject");
    }
  }
}

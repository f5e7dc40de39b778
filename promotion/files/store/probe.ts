import { createHash, randomUUID } from "node:crypto";
import { ExitCode, UserError } from "../../../settings";
import { hashOf } from "./contents";
import { placeOf } from "./settings";
import type { Store } from "./store";

/** Keys of objects that only try what a store allows; one that a killed probe left is taken away by the next. */
export const PROBE = ".ladder-probe-";

/**
 * Tries the four actions with a small object, before anything is moved: lists, stores, reads back and removes it. Also that the store
 * refuses to replace an object when it is told so, for else two writers could lose each other's files.
 * @throws UserError that names the action that is not allowed, or the settings that are wrong.
 */
export async function probeStore(store: Store, signal?: AbortSignal): Promise<void> {
  for await (const page of store.list({ prefix: PROBE, signal }))
    for (const { key } of page) await store.remove(key, signal);
  const body = Buffer.from(randomUUID());
  const object = {
    key: `${PROBE}${randomUUID()}`,
    bytes: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
    body,
    contentType: "text/plain",
    metadata: {},
  };
  const place = placeOf(store.settings);
  await store.put(object, signal);
  const found = await hashOf(store, object.key, signal);
  const replaced = await store.put(object, signal);
  await store.remove(object.key, signal);
  if (found?.sha256 !== object.sha256)
    throw new UserError(
      `${place} gave back other contents than were stored, so no file was moved. Look at what is between this machine and the store.`,
      ExitCode.failed,
    );
  if (replaced !== "taken")
    throw new UserError(
      `${place} replaces objects although it is asked not to (If-None-Match), so files of others would not be safe there; no file was moved. Use a newer release of that store.`,
      ExitCode.refused,
    );
}

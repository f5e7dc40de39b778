import { createHash } from "node:crypto";
import { contentType, lookup } from "mime-types";
import type { Client } from "pg";
import { type FileContents, filesToMove, markMoved, readFile } from "../../../schema/files/move";
import { ExitCode, UserError } from "../../../settings";
import type { Progress } from "../../model";
import { pool } from "../parallel";
import { type Left, leftCollector } from "../pass";
import { hashOf } from "../store/contents";
import { probeStore } from "../store/probe";
import { placeOf } from "../store/settings";
import type { Store } from "../store/store";
import { type Connect, openSessions } from "./sessions";
import { shownReader } from "./table";

/** The files that the database 4g3n7db has as Base64, and the store that they go to (S3-02). */
export interface RowsMove {
  readonly connect: Connect;
  readonly store: Store;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What `moveRows` did. */
export interface RowsMoved {
  /** Rows that say now that their contents are in the store. */
  readonly moved: number;
  /** Of their contents. */
  readonly bytes: number;
  /** Rows that still have their contents in the database, and why. */
  readonly left: Left;
}

/** Works at once; each has a session of its own. One more lists, and one of the five that an owner may have is left to others. */
export const SESSIONS = 3;
/** Characters of Base64 in memory at once, unless one file alone has more. */
const ROOM = 32 * 1024 ** 2;
const PAGE = 500;
const ATTEMPTS = 4;

/**
 * Moves every file that is in the database: stores its contents under a key of its own, reads the object back, and notes that only if
 * the row was not changed meanwhile. Can be called again after a kill, and several times at once. `"data"` stays as it is.
 * @throws UserError when the database or the store fails.
 */
export async function moveRows({ connect, store, signal, onProgress = () => undefined }: RowsMove): Promise<RowsMoved> {
  await probeStore(store, signal);
  const lister = await connect();
  const sessions = await openSessions(connect, SESSIONS);
  const left = leftCollector();
  let [moved, bytes] = [0, 0];
  const moving = pool(ROOM);
  try {
    const shownOf = await shownReader(lister);
    let after: string | undefined;
    try {
      do {
        const page = await filesToMove(lister, { limit: PAGE, ...(after === undefined ? {} : { after }) });
        after = page.at(-1)?.id;
        for (const { id, characters } of page) {
          signal?.throwIfAborted();
          await moving.add(Math.max(characters, ROOM / sessions.count), () =>
            sessions.use(async (client) => {
              const done = await moveRow(client, store, id, async () => typeOf(await shownOf(client, id)), signal);
              if (typeof done === "string") left.add({ path: id, why: done });
              else if (done !== undefined) {
                moved++;
                bytes += done;
              }
              onProgress({ phase: "files of the database", done: moved, unit: "files" });
            }),
          );
        }
      } while (after !== undefined);
    } finally {
      await moving.end();
    }
    return { moved, bytes, left: left.left };
  } finally {
    await sessions.end();
    await lister.end().catch(() => undefined);
  }
}

/** @returns the bytes of what was moved; undefined when somebody else has moved it; else why it was left. */
async function moveRow(
  client: Client,
  store: Store,
  id: string,
  type: () => Promise<string>,
  signal: AbortSignal | undefined,
): Promise<number | string | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const file = await readFile(client, id);
    if (file === "damaged") return "its data is no Base64";
    if (file === undefined) return await whyUnread(client, id);
    const key = keyOf(id, file.contentSha256);
    if (!(await stored(store, key, file, await type(), signal))) return `another object has its key ${key}`;
    const { contentSha256, textSha256 } = file;
    if (await markMoved(client, { id, filePath: key, storageType: "s3", contentSha256, textSha256 }))
      return file.contents.length;
  }
  return "it was written again and again while it was moved";
}

/** A row without contents stays in the database; one that was moved or deleted meanwhile is no business of ours any more. */
async function whyUnread(client: Client, id: string): Promise<string | undefined> {
  const rows = await client.query(
    `SELECT FROM public."File" f WHERE f."id" = $1 AND f."data" IS NULL AND coalesce(f."storageType", 'database') = 'database'`,
    [id],
  );
  return rows.rowCount === 0 ? undefined : "it has no data";
}

/**
 * The key of an object is never used for other contents: who reads the row and then the object always gets what belongs together. An id
 * that would be another path, or too long a key, goes by its hash.
 */
export function keyOf(id: string, contentSha256: string): string {
  const name = /^[\w-]{1,200}$/.test(id) ? id : createHash("sha256").update(id).digest("hex");
  return `files/${name}/${contentSha256}`;
}

const typeOf = ({ name = "", mimeType = "" }: { readonly name?: string; readonly mimeType?: string }): string =>
  (mimeType !== "" && contentType(mimeType) ? mimeType : lookup(name)) || "application/octet-stream";

/** @returns whether the store has the contents under the key, read back. */
async function stored(
  store: Store,
  key: string,
  { contents, contentSha256 }: FileContents,
  type: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const answer = await store.put(
    {
      key,
      bytes: contents.length,
      sha256: contentSha256,
      body: contents,
      contentType: type,
      metadata: { sha256: contentSha256 },
    },
    signal,
  );
  if ((await hashOf(store, key, signal))?.sha256 === contentSha256) return true;
  if (answer === "taken") return false;
  throw new UserError(
    `${placeOf(store.settings)} gives back other contents than were stored, for ${key}. The file was not noted as moved. Look at what is between this machine and the store, and run this again.`,
    ExitCode.failed,
  );
}

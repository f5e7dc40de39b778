import { lookup } from "mime-types";
import { ExitCode, UserError } from "../../settings";
import { isSame, type ReadFile, readFile, Shrunk, stampOf, type Unread } from "./folder/read";
import type { FoundFile } from "./folder/walk";
import type { Journal } from "./journal";
import { hasContents, hashOf } from "./store/contents";
import { Unreached } from "./store/failure";
import type { Head } from "./store/object";
import { placeOf } from "./store/settings";
import type { Store } from "./store/store";

/** What became of a file. */
export type Copied =
  | { readonly outcome: "copied" | "same"; readonly bytes: number }
  /** `changing`: written again and again while it was copied; the next pass looks at it. */
  | { readonly outcome: "gone" | "changing" }
  /** It cannot be moved, or its key is another's. */
  | { readonly outcome: "left"; readonly why: string };

export interface CopyContext {
  readonly store: Store;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 4;
/** Of contents that come back from the store otherwise than they were sent. */
const READ_BACK = 2;

/** Names of what an object says of its file: as rclone has it, and ours. */
const METADATA = { sha256: "sha256", mtime: "mtime", id: "ladder" } as const;

/** Copies a file to the store, reads the object back, and looks whether the file is still the same; only then it is noted. */
export async function copyFile(context: CopyContext, file: FoundFile): Promise<Copied> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    context.signal?.throwIfAborted();
    const read = await readFile(file.real, context.signal);
    if (read === "changed") continue;
    if (typeof read === "string") return UNREAD[read];
    try {
      const copied = await copyRead(context, file, read);
      if (copied !== undefined) return copied;
    } catch (error) {
      // The SDK asks again by itself, but not with a stream, whose beginning is gone; and a store hangs up on contents that have changed.
      if (!(error instanceof Unreached) || Buffer.isBuffer(read.body) || attempt === ATTEMPTS) throw error;
    } finally {
      read.close();
    }
  }
  return { outcome: "changing" };
}

const left = (why: string): Copied => ({ outcome: "left", why });
const UNREAD = {
  gone: { outcome: "gone" },
  denied: left("it may not be read"),
  "no file": left("it is no file"),
} as const satisfies Record<Exclude<Unread, "changed">, Copied>;

/** @returns undefined when the file was changed since it was read. */
async function copyRead(context: CopyContext, file: FoundFile, read: ReadFile): Promise<Copied | undefined> {
  const { journal } = context;
  const { bytes, sha256, settled, stats } = read;
  const known = journal.find(file.path);
  const same = known?.sha256 === sha256 && known.bytes === bytes;
  const etag = same ? known.etag : await store(context, file, read);
  if (etag === "another's") return left("another object has its key, with other contents");
  if (etag === "blocked") return left("this store has an object where its folder would be");
  if (etag === "changed" || !isSame(file.real, read)) return undefined;
  journal.note({ path: file.path, stamp: stampOf(stats), bytes, sha256, etag, settled });
  return { outcome: same ? "same" : "copied", bytes };
}

/** @returns the ETag of the object that has the contents, read back. */
async function store(context: CopyContext, { path: key, real }: FoundFile, read: ReadFile): Promise<string> {
  const { store: to, journal, signal } = context;
  let known = journal.find(key)?.etag;
  for (let attempt = 1; attempt <= READ_BACK; attempt++) {
    const etag = await put(context, key, read, known);
    if (etag === "another's" || etag === "blocked" || etag === "changed") return etag;
    if (await hasContents(to, key, read, signal)) return etag;
    if (!isSame(real, read)) return "changed";
    known = etag;
  }
  throw new UserError(
    `${placeOf(to.settings)} gives back other contents than were stored, for ${JSON.stringify(key)}. It was not counted as moved. Look at what is between this machine and the store, and run this again.`,
    ExitCode.failed,
  );
}

/** Puts the object where there is none, or one of ours. @param known the ETag of the object that was ours last. */
async function put(context: CopyContext, key: string, read: ReadFile, known: string | undefined): Promise<string> {
  const { store: to, journal, signal } = context;
  const { sha256, bytes, body, stats } = read;
  const seconds = `${stats.mtimeNs / 1_000_000_000n}.${String(stats.mtimeNs % 1_000_000_000n).padStart(9, "0")}`;
  const object = {
    key,
    bytes,
    sha256,
    body,
    contentType: lookup(key) || "application/octet-stream",
    metadata: { [METADATA.sha256]: sha256, [METADATA.mtime]: seconds, [METADATA.id]: journal.id },
  };
  // Not every store knows If-Match: so what is to be replaced is looked at before, too; and what is large is not sent for nothing.
  let there = known === undefined && Buffer.isBuffer(body) ? undefined : await to.head(key, signal);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (there !== undefined) {
      const answer = there.etag === known ? undefined : await standing(context, key, there, sha256);
      if (answer !== undefined) return answer;
      journal.intend(key, sha256);
    }
    const replaces = there === undefined ? {} : { replaces: there.etag };
    const answer = await to.put({ ...object, ...replaces }, signal).catch(whenShrunk);
    if (typeof answer === "object") return answer.etag;
    if (answer !== "taken") return answer;
    there = await to.head(key, signal);
  }
  return "changed";
}

/**
 * What an object that stands at a key is to this move. @returns its ETag when it has the wanted contents already; `another's`; undefined
 * when it is ours, and may be replaced: its contents are noted, or were put by a killed run that could not note them. Some stores keep what
 * an object said of itself when it is replaced: so its contents have to agree with that.
 */
async function standing(
  { store, journal, signal }: CopyContext,
  key: string,
  { etag, metadata }: Head,
  sha256: string,
): Promise<string | undefined> {
  const found = (await hashOf(store, key, signal))?.sha256;
  if (found === sha256) return etag;
  if (found === undefined) return undefined;
  const told = metadata[METADATA.id] === journal.id && metadata[METADATA.sha256] === found;
  if (!told && journal.find(key)?.sha256 !== found && !journal.isIntended(key, found)) return "another's";
  // Some stores still finish the request of a run that was killed: these contents may come again.
  journal.intend(key, found);
  return undefined;
}

function whenShrunk(error: unknown): "changed" {
  if (error instanceof Shrunk) return "changed";
  throw error;
}

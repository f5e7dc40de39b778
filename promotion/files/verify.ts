import { readFile, stampOf } from "./folder/read";
import { type FoundFile, type LeftEntry, walkFolder } from "./folder/walk";
import { type Journal, type Noted, openJournal } from "./journal";
import type { FolderMove } from "./move";
import { pool } from "./parallel";
import { type Left, leftCollector } from "./pass";
import { hashOf } from "./store/contents";
import { placeOf } from "./store/settings";

/** Whether folder and store are the same. */
export interface FolderVerdict {
  /** Nothing differs; what cannot be moved is in `left`, and not a difference. */
  readonly agrees: boolean;
  /** Whether every file and every object was read and hashed, and not only their sizes, times and ETags compared with what was noted. */
  readonly full: boolean;
  readonly folder: string;
  readonly store: string;
  /** In the folder. */
  readonly files: number;
  readonly bytes: number;
  /** In the store, those of others left aside. */
  readonly objects: number;
  readonly objectBytes: number;
  /** Objects in the bucket that are not of this move. */
  readonly others: number;
  readonly differences: Left;
  readonly left: Left;
}

export interface VerifyOptions extends FolderMove {
  /** Reads and hashes both sides. Default: false; every object was read back and hashed when it was moved. */
  readonly full?: boolean;
}

const ROOM = 16;

/**
 * Compares folder and store: every file has its object with the size and ETag that were noted when it was read back, every object of
 * ours has its file, and no file was changed since; with `full`, both are read and hashed. Changes nothing but the journal's list of
 * objects.
 */
export async function verifyFolder(options: VerifyOptions): Promise<FolderVerdict> {
  const { folder, store, signal, full = false, onProgress = () => undefined } = options;
  const place = placeOf(store.settings);
  const journal = openJournal(options.journal, folder, place);
  try {
    const differences = leftCollector();
    const left = leftCollector();
    const listed = await compareObjects(options, journal, differences.add);
    let [files, bytes, done] = [0, 0n, 0];
    const reading = pool(ROOM);
    journal.beginPass();
    try {
      for await (const batch of walkFolder(folder)) {
        signal?.throwIfAborted();
        for (const entry of batch.left) left.add(entry);
        journal.notKnown(batch.files);
        for (const file of batch.files) {
          files++;
          bytes += file.stats.size;
          await reading.add(1, async () => {
            const why = await difference(options, journal.find(file.path), file, full);
            if (why !== undefined) differences.add({ path: file.path, why });
            onProgress({ phase: "verify files", done: ++done, unit: "files" });
          });
        }
      }
    } finally {
      await reading.end();
    }
    for (const { path } of journal.gone())
      differences.add({ path, why: "the file is gone, its object is still there" });
    const agrees = differences.left.count === 0;
    const counts = { files, bytes: Number(bytes), ...listed };
    return { agrees, full, folder, store: place, ...counts, differences: differences.left, left: left.left };
  } finally {
    journal.close();
  }
}

/** The listing of the bucket against what was noted. */
async function compareObjects(
  { store, signal }: VerifyOptions,
  journal: Journal,
  differs: (entry: LeftEntry) => void,
): Promise<Pick<FolderVerdict, "objects" | "objectBytes" | "others">> {
  let [objects, objectBytes, others] = [0, 0, 0];
  journal.beginListing();
  for await (const page of store.list({ signal })) {
    for (const object of page) {
      const noted = journal.find(object.key);
      if (noted === undefined) {
        others++;
        continue;
      }
      objects++;
      objectBytes += object.bytes;
      if (noted.etag === object.etag && noted.bytes === object.bytes) continue;
      differs({ path: object.key, why: "the object is not the one that was copied" });
    }
    journal.listed(page);
  }
  for (const { path } of journal.unlisted()) differs({ path, why: "there is no object" });
  return { objects, objectBytes, others };
}

async function difference(
  { store, signal }: VerifyOptions,
  noted: Noted | undefined,
  file: FoundFile,
  full: boolean,
): Promise<string | undefined> {
  if (noted === undefined) return "the file was not copied";
  if (noted.stamp !== stampOf(file.stats)) return "the file was changed since it was copied";
  if (noted.settled && !full) return undefined;
  const read = await readFile(file.real, signal);
  if (typeof read === "string") return `the file cannot be read: ${read}`;
  read.close();
  if (read.sha256 !== noted.sha256) return "the file has other contents than were copied";
  if (full && (await hashOf(store, file.path, signal))?.sha256 !== noted.sha256)
    return "the object has other contents than the file";
  return undefined;
}

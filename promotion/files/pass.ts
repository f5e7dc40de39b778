import { ExitCode, UserError } from "../../settings";
import type { Progress } from "../model";
import { type Copied, type CopyContext, copyFile } from "./copyFile";
import { SMALL } from "./folder/read";
import { type FoundFile, type LeftEntry, walkFolder } from "./folder/walk";
import { pool } from "./parallel";

export interface PassContext extends CopyContext {
  readonly folder: string;
  readonly onProgress: (progress: Progress) => void;
}

/** What one walk of the folder found and did. */
export interface Pass {
  /** In the folder, those left aside. */
  readonly files: number;
  readonly copied: number;
  readonly copiedBytes: number;
  /** Objects whose files are gone. */
  readonly removed: number;
  /** Files that another pass has to look at: written or removed while they were copied. */
  readonly open: number;
  readonly left: Left;
}

/** What cannot be moved: how many, and the first of them. */
export interface Left {
  readonly count: number;
  readonly first: readonly LeftEntry[];
}

const NAMED = 100;
/** Files under way at once; a large one counts for four. */
const ROOM = 16;
const LARGE = 4;

/** Collects what cannot be moved, without keeping a million names. */
export function leftCollector(): { add(entry: LeftEntry): void; readonly left: Left } {
  const first: LeftEntry[] = [];
  let count = 0;
  return {
    add(entry) {
      count++;
      if (first.length < NAMED) first.push(entry);
    },
    get left() {
      return { count, first };
    },
  };
}

/** Walks the folder once: copies what is new or changed, and takes away the objects whose files are gone. */
export async function movePass(context: PassContext, total?: number): Promise<Pass> {
  const { journal, folder, onProgress, signal } = context;
  const collected = leftCollector();
  let [files, done, copied, copiedBytes, open] = [0, 0, 0, 0, 0];
  const report = () => onProgress({ phase: "files", done, unit: "files", ...(total === undefined ? {} : { total }) });
  const count = (file: FoundFile, result: Copied): void => {
    done++;
    report();
    if (result.outcome === "left") collected.add({ path: file.path, why: result.why });
    else if (result.outcome === "gone" || result.outcome === "changing") open++;
    else if (result.outcome === "copied") {
      copied++;
      copiedBytes += result.bytes;
    }
  };
  const copying = pool(ROOM);
  journal.beginPass();
  try {
    for await (const batch of walkFolder(folder)) {
      for (const entry of batch.left) collected.add(entry);
      files += batch.files.length;
      const changed = journal.notKnown(batch.files);
      done += batch.files.length - changed.length;
      report();
      for (const file of changed) {
        signal?.throwIfAborted();
        const weight = file.stats.size > SMALL ? LARGE : 1;
        await copying.add(weight, async () => count(file, await copyFile(context, file)));
      }
    }
  } finally {
    await copying.end();
  }
  const removed = await removeGone(context, files);
  return { files, copied, copiedBytes, removed, open, left: collected.left };
}

async function removeGone({ store, journal, folder, signal }: PassContext, files: number): Promise<number> {
  let removed = 0;
  const removing = pool(ROOM);
  try {
    for (const { path, etag } of journal.gone()) {
      if (files === 0)
        throw new UserError(
          `${folder} is empty, but ${journal.total().files} files were copied from it; no object was removed. Is its disk mounted? If the files were removed on purpose, empty the bucket and move the journal away.`,
          ExitCode.refused,
        );
      signal?.throwIfAborted();
      await removing.add(1, async () => {
        // Whoever has written there since has made it theirs.
        if ((await store.head(path, signal))?.etag === etag) await store.remove(path, signal);
        journal.forget(path);
        removed++;
      });
    }
  } finally {
    await removing.end();
  }
  return removed;
}

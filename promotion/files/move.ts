import { stat } from "node:fs/promises";
import { ExitCode, UserError } from "../../settings";
import type { Progress } from "../model";
import { folderFailure } from "./folder/failure";
import { type LeftEntry, walkFolder } from "./folder/walk";
import { type Journal, openJournal } from "./journal";
import { type Left, leftCollector, movePass } from "./pass";
import { PROBE, probeStore } from "./store/probe";
import { placeOf } from "./store/settings";
import type { Store } from "./store/store";

/** A folder of files, the store that they go to, and where is noted what was done. */
export interface FolderMove {
  /** Absolute path. */
  readonly folder: string;
  readonly store: Store;
  /** Absolute path of the journal: `.ladder/promotions/<stack>/files.db`. Made when it is not there. */
  readonly journal: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What is in a folder. */
export interface FolderSurvey {
  readonly files: number;
  readonly bytes: number;
  /** What cannot become an object. */
  readonly left: Left;
}

/** What `moveFolder` did. */
export interface FolderMoved {
  /** In the folder, and in the store now. */
  readonly files: number;
  readonly bytes: number;
  readonly copied: number;
  readonly copiedBytes: number;
  readonly removed: number;
  readonly passes: number;
  /** Files that were written again in the last pass: the next call moves them. */
  readonly open: number;
  /** What stayed behind, and why. */
  readonly left: Left;
}

const MOST_PASSES = 10;

/** Looks at a folder; writes nothing. @throws UserError when it cannot be read. */
export async function surveyFolder(folder: string, signal?: AbortSignal): Promise<FolderSurvey> {
  await refuseNoFolder(folder);
  const collected = leftCollector();
  let [files, bytes] = [0, 0n];
  for await (const batch of walkFolder(folder)) {
    signal?.throwIfAborted();
    for (const entry of batch.left) collected.add(entry);
    for (const { stats } of batch.files) {
      files++;
      bytes += stats.size;
    }
  }
  return { files, bytes: Number(bytes), left: collected.left };
}

/**
 * Makes the store what the folder is, while an application goes on writing there: walks until a walk finds nothing new (at most ten
 * times), and takes up what an earlier call, killed or not, has left. Called once more when nobody writes, it makes the rest right.
 * Objects of others are neither replaced nor removed; a file whose key one of them has is `left`.
 * @throws UserError when the folder or the store fails, or another process moves these files.
 */
export async function moveFolder(move: FolderMove): Promise<FolderMoved> {
  const { folder, store, signal, onProgress = () => undefined } = move;
  const survey = await surveyFolder(folder, signal);
  await probeStore(store, signal);
  const journal = openJournal(move.journal, folder, placeOf(store.settings));
  try {
    await takeStock(store, journal, signal);
    const context = { store, journal, folder, onProgress, signal };
    let [copied, copiedBytes, removed] = [0, 0, 0];
    for (let passes = 1; ; passes++) {
      const pass = await movePass(context, survey.files);
      copied += pass.copied;
      copiedBytes += pass.copiedBytes;
      removed += pass.removed;
      if (pass.copied + pass.removed + pass.open > 0 && passes < MOST_PASSES) continue;
      return { ...journal.total(), copied, copiedBytes, removed, passes, open: pass.open, left: pass.left };
    }
  } finally {
    journal.close();
  }
}

/**
 * Looks what is in the bucket: what was there before the first move is of others; what the application has written since is not, and comes
 * back with `moveBack`; a file whose object was removed is copied again.
 */
async function takeStock(store: Store, journal: Journal, signal: AbortSignal | undefined): Promise<void> {
  const first = !journal.knowsOthers();
  journal.beginListing();
  for await (const page of store.list({ signal })) {
    journal.listed(page);
    if (first) journal.noteOthers(page.filter(({ key }) => !key.startsWith(PROBE)));
  }
  journal.othersAreKnown();
  for (const { path } of journal.unlisted()) journal.forget(path);
}

/** One line for each thing that stays behind, of which at most ten are named. */
export const describeLeft = ({ count, first }: Left): string[] => [
  ...first.slice(0, 10).map(({ path, why }: LeftEntry) => `  - ${JSON.stringify(path)}: ${why}`),
  ...(count > 10 ? [`  and ${count - 10} more`] : []),
];

/** @throws UserError when it is not there, or no folder. */
export async function refuseNoFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    throw folderFailure(error, folder);
  });
  if (!found.isDirectory())
    throw new UserError(`${folder} is no folder. Name the folder with the files.`, ExitCode.usage);
}

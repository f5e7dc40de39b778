import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withScratch } from "../../local/backup/scratch";
import { ExitCode, UserError } from "../../settings";
import type { SourceFile } from "../model";
import { openSource } from "../source/open";

export interface SnapshotOptions {
  readonly source: SourceFile;
  /** Where the copy is made; it goes when the work is done. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

const PAGES = 1_000;

/** A copy of one moment of a SQLite file. */
export interface Snapshot {
  readonly copy: SourceFile;
  /** @throws UserError (refused) when the file was written since: what was written is not in the copy. */
  readonly refuseWritten: () => void;
}

/** Works on a copy: a mapping may add its tables there, and the file itself is only read. The copy goes when the work is done. */
export async function withSnapshot<T>(
  { source, folder, signal }: SnapshotOptions,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = openSource(source, { readonly: true });
  const version = () => db.pragma("data_version", { simple: true });
  try {
    return await withScratch(folder, async (scratch) => {
      const path = join(scratch, "source.sqlite");
      const before = version();
      await db.backup(path, {
        progress() {
          signal?.throwIfAborted();
          return PAGES;
        },
      });
      const refuseWritten = () => {
        if (version() !== before) throw written(source.path);
      };
      return await work({ copy: { ...source, path }, refuseWritten });
    });
  } finally {
    db.close();
  }
}

const written = (path: string): UserError =>
  new UserError(
    `${path} was written while it was read, and the two sides would differ; nothing was written into the target. Stop the application (scale it to 0) and run this again; a database that must go on serving is moved by: ladder promote.`,
    ExitCode.refused,
  );

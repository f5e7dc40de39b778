import { createBackup } from "../../local/backup/create";
import { readLastDrill } from "../../local/backup/drill";
import { newestBackup } from "../../local/backup/list";
import { databaseName } from "../../local/backup/names";
import { verifyBackup } from "../../local/backup/verify";
import { ExitCode, UserError } from "../../settings/errors";
import type { Progress } from "../model";
import type { Tell } from "./work";

const FRESH_MS = 24 * 60 * 60 * 1000;

export interface SafetyExport {
  readonly file: string;
  readonly tables: number;
  readonly rows: number;
}

interface Request {
  readonly database: string;
  /** Where the stack's backups are. */
  readonly folder: string;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The complete export that is made before anything is changed: an online backup, restored into a scratch place and compared with what the
 * file held at that moment.
 * @throws UserError when the backup cannot be made, or the drill finds a difference.
 */
export async function safetyExport({ database, folder, onProgress, signal }: Request): Promise<SafetyExport> {
  const linked = signal === undefined ? {} : { signal };
  const { file } = await createBackup({
    database,
    folder,
    ...linked,
    onProgress: ({ phase, done, total }) =>
      onProgress({
        phase: `backup: ${phase}`,
        done,
        ...(total > 0 ? { total } : {}),
        unit: phase === "contents" ? "rows" : "bytes",
      }),
  });
  const drill = await verifyBackup({ folder, backup: file, database: databaseName(database), ...linked });
  if (!drill.ok)
    throw new UserError(
      `The backup ${file} does not hold what the database holds: ${drill.failures.join("; ")}. Nothing was changed. Look at the disk, and run again.`,
      ExitCode.refused,
    );
  return { file, tables: drill.tables, rows: drill.rows };
}

/**
 * With `--no-export`: the newest backup, when it was proven and is younger than a day.
 * @throws UserError `refused` when there is none.
 */
async function demandFreshBackup({ database, folder }: Pick<Request, "database" | "folder">): Promise<SafetyExport> {
  const name = databaseName(database);
  const newest = await newestBackup(folder, name);
  const drill = await readLastDrill(folder, name);
  const age = newest === undefined ? Number.POSITIVE_INFINITY : Date.now() - newest.created.getTime();
  if (newest === undefined || age > FRESH_MS || drill?.file !== newest.file || !drill.ok)
    throw new UserError(
      `--no-export needs a backup of ${database} that is younger than 24 hours and was proven (ladder backup create, then ladder backup verify), and ${folder} has none. Leave --no-export out, and one is made.`,
      ExitCode.refused,
    );
  return { file: newest.file, tables: drill.tables ?? 0, rows: drill.rows ?? 0 };
}

/** Before anything is changed: makes and proves a backup, or demands one where that was asked for. */
export async function backUp(
  {
    export: make,
    tell,
    signal,
  }: { readonly export: boolean; readonly tell: Tell; readonly signal?: AbortSignal | undefined },
  { source, backups: folder }: { readonly source: { readonly path: string }; readonly backups: string },
): Promise<SafetyExport> {
  const made = make
    ? await safetyExport({ database: source.path, folder, onProgress: tell.progress, signal })
    : await demandFreshBackup({ database: source.path, folder });
  tell.say(`Backup that was proven: ${made.file} (${made.tables} tables, ${made.rows} rows)`);
  return made;
}

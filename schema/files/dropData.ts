import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings";
import { changedSince, changeMark } from "../columns/changes";
import { columnDependents } from "../columns/dependents";
import { dropColumn, refuseHeld } from "../columns/dropColumn";
import { inTransaction } from "../columns/transaction";
import { backUpData, checkData, type FileBackup } from "./backup";
import type { CheckedRows } from "./checkRows";
import { countFiles, DATA, FILE, type FileStatus, fileTable, IN_DATABASE, refuseUnmoved } from "./fileTable";

export interface DropDataOptions {
  /** Where the backup goes. Undefined: nothing is written or removed, all else is done (a dry run). */
  readonly backupFolder?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What phase 3 found and did. */
export interface DropDataResult {
  readonly dropped: boolean;
  /** Undefined when the column had been removed before. */
  readonly status?: FileStatus;
  readonly checked?: CheckedRows;
  readonly backup?: FileBackup;
}

/**
 * Phase 3 (S3-05, C-28): removes `"File"."data"` once every file is elsewhere. All data is read in one snapshot, written to a backup,
 * read back from there and compared with the checksums that phase 2 noted; under the table's lock, files that were written since are
 * looked at once more.
 * @throws UserError, with the column left as it is, when one file is in the database, has no path, disagrees with its checksum, or was
 * written meanwhile with data; when the backup fails; when something stands on the column.
 */
export async function dropFileData(client: Client, options: DropDataOptions = {}): Promise<DropDataResult> {
  const { backupFolder, signal } = options;
  if (!(await fileTable(client)).dataColumn) return { dropped: false };
  refuseHeld(FILE, DATA, await columnDependents(client, FILE, DATA));
  const mark = await changeMark(client);
  const found = await inTransaction(client, () => compareAndBackUp(client, options), { snapshot: true });
  if (backupFolder === undefined) return { dropped: false, ...found };
  await dropColumn({
    client,
    table: FILE,
    column: DATA,
    signal,
    check: () => refuseWritten(client, mark, found.backup?.file ?? ""),
  });
  return { dropped: true, ...found };
}

async function compareAndBackUp(
  client: Client,
  { backupFolder, onProgress, signal }: DropDataOptions,
): Promise<Omit<DropDataResult, "dropped">> {
  const status = await countFiles(client);
  refuseUnmoved(status);
  const options = { accept: refuseWrong, onRow: (done: number) => onProgress?.(done, status.withData), signal };
  if (backupFolder === undefined) return { status, checked: await checkData(client, options) };
  const { rows } = await client.query<{ database: string }>("SELECT current_database() AS database");
  const database = rows[0]?.database ?? "";
  const place = { database, folder: backupFolder, rows: status.withData };
  return { status, backup: await backUpData(client, { ...place, ...options }) };
}

function refuseWrong({ wrong, wrongIds }: CheckedRows): void {
  if (wrong > 0)
    throw new UserError(
      `"File"."data" was left as it is: the data of ${wrong} files does not agree with their contentSha256: ${wrongIds.join(", ")}${wrong > wrongIds.length ? ", …" : ""}. It was changed after it was moved, or is no Base64. Set their storageType to database and move them again (docs/file-evacuation.md, phase 2).`,
      ExitCode.refused,
    );
}

/** While the table is locked: a file that came back into the database, or data that the backup may not have. */
async function refuseWritten(client: Client, mark: string, backup: string): Promise<void> {
  refuseUnmoved(await countFiles(client));
  const { rows } = await client.query<{ id: string }>(
    `SELECT f."id" FROM ${FILE} f WHERE (f."${DATA}" IS NOT NULL AND ${changedSince("f", 1)}) OR ${IN_DATABASE} ORDER BY 1 LIMIT 5`,
    [mark],
  );
  if (rows.length > 0)
    throw new UserError(
      `"File"."data" was left as it is: files were written while the backup was made (${rows.map(({ id }) => id).join(", ")}), which it may lack. The backup ${backup} was kept. Run this again when no transaction is open that writes files.`,
      ExitCode.refused,
    );
}

import { ExitCode, UserError } from "../../settings/errors";

/** The code of a system or SQLite error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What was being read and written when something failed. */
export interface Scene {
  /** The database or backup that is read. */
  source: string;
  /** The folder that is written to. */
  folder: string;
}

const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL"]);
const NOT_ALLOWED = new Set(["EACCES", "EPERM", "EROFS"]);

/** The message for a full disk; also used before any work when the free space is known to be too small. */
export const noRoom = (folder: string, detail: string): UserError =>
  new UserError(
    `There is not enough room in ${folder} (${detail}). Nothing was kept. Free some space or name another folder, then run it again.`,
    ExitCode.failed,
  );

/** Stopped by the user or a signal. */
export const interrupted = (): UserError =>
  new UserError("Interrupted. Nothing half-done was left behind; run it again when you like.", ExitCode.interrupted);

function fromSqlite(code: string, message: string, scene: Scene): UserError | undefined {
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new UserError(
      `${scene.source} is locked by another program, and stayed so while this one waited. Close that program or end its transaction, then run it again.`,
      ExitCode.refused,
    );
  if (code.startsWith("SQLITE_NOTADB"))
    return new UserError(`${scene.source} is not a SQLite database (or it is encrypted). Name the database's file.`);
  if (code.startsWith("SQLITE_CORRUPT"))
    return new UserError(
      `${scene.source} is damaged: ${message}. It was left untouched, and existing backups are kept. Restore the last good backup with \`ladder restore\`.`,
      ExitCode.failed,
    );
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY"))
    return new UserError(
      `${scene.source} cannot be opened: ${message}. Check that this user may read the file and write in its folder (SQLite keeps its -wal and -shm files there).`,
      ExitCode.failed,
    );
  if (code.startsWith("SQLITE_IOERR"))
    return new UserError(
      `Reading ${scene.source} or writing in ${scene.folder} failed: ${message}. Check the disk and its free space, then run it again.`,
      ExitCode.failed,
    );
  return undefined;
}

/** Turns the failures that a user can mend into a message for them; anything else comes back as it is. */
export function explainFailure(error: unknown, scene: Scene): unknown {
  const code = errorCode(error);
  if (error instanceof Error && error.name === "AbortError") return interrupted();
  if (error instanceof UserError || !(error instanceof Error) || code === undefined) return error;
  if (NO_ROOM.has(code)) return noRoom(scene.folder, error.message);
  if (NOT_ALLOWED.has(code))
    return new UserError(
      `${scene.folder} cannot be written to (${error.message}). Give this user the right to write there, or name another folder.`,
      ExitCode.failed,
    );
  return fromSqlite(code, error.message, scene) ?? error;
}

import { open, stat } from "node:fs/promises";
import { ExitCode, UserError } from "../../settings/errors";
import { errorCode } from "./failures";

const MAGIC = "SQLite format 3\0";

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Makes sure that a path is a SQLite database file before anything is started, and returns its size in bytes with
 * that of its write-ahead log. Throws UserError naming what is there instead.
 */
export async function checkSource(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (!found.isFile())
      throw new UserError(
        `${file} is ${found.isDirectory() ? "a folder" : "no regular file"}, not a database. Name the database's file.`,
      );
    if ((await firstBytes(file, MAGIC.length)).toString("latin1") !== MAGIC)
      throw new UserError(`${file} is not a SQLite database (or it is encrypted). Name the database's file.`);
    const wal = await stat(`${file}-wal`).catch(() => undefined);
    return found.size + (wal?.size ?? 0);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR")
      throw new UserError(`There is no database at ${file}. Check the path, or create it first with \`ladder up\`.`);
    if (errorCode(error) === "EACCES")
      throw new UserError(
        `${file} may not be read by this user. Run as its owner, or give read access.`,
        ExitCode.failed,
      );
    throw error;
  }
}

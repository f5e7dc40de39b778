import { codeOf } from "../../../schema/connectionErrors";
import { ExitCode, UserError } from "../../../settings";

const DISK: Readonly<Record<string, string>> = {
  ENOENT: "there is no such place",
  ENOTDIR: "a file is where a folder should be",
  EISDIR: "a folder is where a file should be",
  EACCES: "it may not be read or written",
  EPERM: "it may not be read or written",
  EROFS: "it may not be written",
  ENOSPC: "there is no room on the disk",
  EDQUOT: "your share of the disk is used up",
  EIO: "the disk fails",
  EMFILE: "this process may not open more files; raise ulimit -n",
  ENAMETOOLONG: "its name is too long for this disk",
};

/** What the disk refuses, as a UserError; any other error as it is. */
export function folderFailure(error: unknown, path: string): unknown {
  const code = codeOf(error);
  const reason = DISK[code];
  if (reason === undefined || error instanceof UserError) return error;
  return new UserError(
    `${path} cannot be used: ${reason} (${code}). What was moved by then stays; mend it and run this again: it goes on.`,
    ExitCode.failed,
  );
}

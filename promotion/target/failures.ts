import { DatabaseError } from "pg";
import { codeOf, isLost } from "../../schema/connectionErrors";
import { ExitCode, UserError } from "../../settings/errors";

const failed = (message: string): UserError => new UserError(message, ExitCode.failed);

/**
 * What the user can do where the target failed, in one sentence or two; other errors come back as they are. `doing`: `table t was copied`;
 * `safe`: what may be relied on.
 */
export function targetFailure(error: unknown, doing: string, safe = "Nothing was changed in SQLite."): unknown {
  const code = codeOf(error);
  const resume = `${safe} Run the same command again: it goes on from there.`;
  if (error instanceof UserError) return error;
  if (isLost(error))
    return failed(`The connection to the target was lost while ${doing} (${code || "ended"}). ${resume}`);
  if (!(error instanceof DatabaseError)) return error;
  // Newer servers tell of a limit that is not the disk's own by another code.
  if (code === "53100" || /^could not extend file/.test(error.message))
    return failed(`The target's disk is full: it gave up while ${doing}. Give it more room. ${resume}`);
  if (code === "53200") return failed(`The target has no memory left: it gave up while ${doing}. ${resume}`);
  if (code === "53300")
    return failed(`The target has no connection left: it gave up while ${doing}. Close other sessions. ${resume}`);
  if (code === "42501")
    return failed(
      `The target does not allow it: ${firstLine(error)}, while ${doing}. Connect as the owner of the database. ${resume}`,
    );
  return error;
}

const firstLine = (error: Error): string => error.message.split("\n")[0] ?? "";

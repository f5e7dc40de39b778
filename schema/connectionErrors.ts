import { DatabaseError } from "pg";

/** The short code of PostgreSQL (SQLSTATE) or of Node for an error; of several addresses that failed, that of the first. Empty: none. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error && /timeout/i.test(error.message) ? "ETIMEDOUT" : "";
}

/** The session is over: the server stopped, ended it, or went away. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error);
  // Of an error that came from another thread, the code is all that tells what it was.
  if (/^(57P0[1235]|08...|25P03)$/.test(code)) return true;
  if (error instanceof DatabaseError) return false;
  return (
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNREFUSED"].includes(code) ||
    (error instanceof Error &&
      /connection (terminated|ended)|connection error|not queryable|client was closed/i.test(error.message))
  );
}

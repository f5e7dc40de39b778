import { escapeIdentifier, escapeLiteral } from "pg";
import { UserError } from "../../settings/errors";

/** A name in SQL, always quoted: `4g3n7db` is a syntax error without (C-09). */
export const name = (text: string): string => escapeIdentifier(whole(text));

/** A text in SQL. */
export const literal = (text: string): string => escapeLiteral(whole(text));

/** PostgreSQL ends a text at its first NUL: what comes behind would be lost in silence. */
function whole(text: string): string {
  if (text.includes("\0"))
    throw new UserError(`${JSON.stringify(text)} holds the character 0, which PostgreSQL cannot store. Take it out.`);
  return text;
}

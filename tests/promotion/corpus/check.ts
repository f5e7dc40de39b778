import { isDeepStrictEqual } from "node:util";
import { type Client, DatabaseError } from "pg";
import type { Check } from "./case";

/** Of values as PostgreSQL shows them. */
const AS_TEXT = { getTypeParser: () => (text: string | Buffer) => String(text) };

/** What is lost of the first check that does not hold, with what was found instead. Undefined: all hold. */
export async function firstLost(client: Client, checks: readonly Check[]): Promise<string | undefined> {
  for (const check of checks) {
    const found = await asked(client, check);
    if (!isDeepStrictEqual(found, check.gives))
      return `${check.lost} (${shown(found)} instead of ${shown(check.gives)}: ${check.sql})`;
  }
  return undefined;
}

const shown = (found: unknown): string => (typeof found === "string" ? found : JSON.stringify(found)).slice(0, 500);

/** The rows, or the SQLSTATE and message of what went wrong. */
async function asked(client: Client, { sql, gives }: Check): Promise<Check["gives"]> {
  await client.query(
    "BEGIN; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 1",
  );
  try {
    const result: unknown = await client.query({ text: sql, rowMode: "array", types: AS_TEXT });
    // Of several statements the last one counts.
    return rowsOf(Array.isArray(result) ? result.at(-1) : result);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.code === gives ? gives : `${error.code} ${error.message}`;
  } finally {
    await client.query("ROLLBACK");
  }
}

function rowsOf(result: unknown): (string | null)[][] {
  return (result as { rows: (string | null)[][] }).rows;
}

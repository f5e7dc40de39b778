import type { Client } from "pg";
import type { CorpusCase } from "./case";
import { KEYS } from "./cases/keys";
import { NUMBERS } from "./cases/numbers";
import { SCHEMA } from "./cases/schema";
import { TEXTS } from "./cases/texts";
import { TIMES } from "./cases/times";
import { firstLost } from "./check";

export type { CorpusCase } from "./case";

/** Every row of the table of awkward cases but the writes during the copy, which are no matter of the data. */
export const CORPUS: readonly CorpusCase[] = [...NUMBERS, ...TIMES, ...TEXTS, ...KEYS, ...SCHEMA];

/** SQLite's statements that make the case's tables and rows; run them with `foreign_keys` off. */
export const corpusSql = ({ sql }: CorpusCase): string => sql;

/**
 * Looks whether a database of PostgreSQL holds what the case should have become there. The session's own transaction is used, and rolled
 * back, but sequences go on: ask once for each database.
 */
export async function verdictOf(client: Client, one: CorpusCase): Promise<"right" | `wrong: ${string}`> {
  const lost = await firstLost(client, one.right);
  return lost === undefined ? "right" : `wrong: ${lost}`;
}

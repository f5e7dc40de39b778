import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import { quarantineCounts } from "../copy/quarantine";
import type { Plan } from "../model";

/**
 * The tables that do not hold as many rows in PostgreSQL as in SQLite, rows in quarantine left out, in words. Finds what no log of keys
 * can: a row that is on one side only.
 */
export async function countDifferences(db: Database, client: Client, { tables }: Plan): Promise<string[]> {
  if (tables.length === 0) return [];
  const quarantined = await quarantineCounts(client);
  const each = tables.map(
    ({ target }, at) => `SELECT ${at} AS at, count(*) AS count FROM public.${client.escapeIdentifier(target)}`,
  );
  // The server counts while this process does.
  const counting = client.query<{ count: string }>(`${each.join(" UNION ALL ")} ORDER BY at`);
  // Should SQLite fail first, the question's failure is nobody's any more.
  counting.catch(() => undefined);
  const inSource = tables.map(({ source }) =>
    db
      .prepare<[], number>(`SELECT count(*) FROM main.${quoteName(source)}`)
      .pluck()
      .get(),
  );
  const { rows } = await counting;
  return tables.flatMap(({ source, target }, at) => {
    const there = Number(rows[at]?.count);
    const here = Number(inSource[at]) - (quarantined.get(target) ?? 0);
    return there === here ? [] : [`${target}: ${there} rows in PostgreSQL, ${here} of ${source} belong there`];
  });
}

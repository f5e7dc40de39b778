import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { isNoted, laterOf } from "../target/notes";

/** A foreign key of the target, and how many rows have no parent there. */
export interface ForeignKeyCheck {
  readonly table: string;
  readonly name: string;
  readonly references: string;
  readonly orphans: number;
}

interface Found {
  table: string;
  name: string;
  references: string;
  counting: string;
}

/** The foreign keys that are not proven, each with the question that counts the rows without a parent. */
const UNPROVEN = `
SELECT c.relname AS table, k.conname AS name, r.relname AS references,
  format('SELECT count(*) FROM %s AS t WHERE %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)', c.oid::regclass,
    string_agg(format('t.%I IS NOT NULL', a.attname), ' AND '), r.oid::regclass,
    string_agg(format('r.%I = t.%I', p.attname, a.attname), ' AND ')) AS counting
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_class AS r ON r.oid = k.confrelid
CROSS JOIN unnest(k.conkey, k.confkey) AS u (own, other)
JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.own
JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = u.other
WHERE k.contype = 'f' AND NOT k.convalidated AND c.relnamespace = 'public'::regnamespace
GROUP BY c.oid, c.relname, k.conname, r.oid, r.relname
ORDER BY c.relname, k.conname`;

/**
 * Counts the rows without a parent for each foreign key that is still to be added, or not validated. The keys are added for that in a transaction that is rolled back: the server itself tells what they compare.
 */
export async function countOrphans(client: Client): Promise<ForeignKeyCheck[]> {
  await client.query("BEGIN");
  try {
    const later = (await isNoted(client, "later")) ? await laterOf(client, "foreign key", false) : [];
    for (const { sql } of later) await client.query(/ NOT VALID\s*;?\s*$/i.test(sql) ? sql : `${sql} NOT VALID`);
    const { rows } = await client.query<Found>(UNPROVEN);
    const checks: ForeignKeyCheck[] = [];
    for (const { counting, ...key } of rows) {
      const { rows: counted } = await client.query<{ count: string }>(counting);
      checks.push({ ...key, orphans: Number(counted[0]?.count) });
    }
    return checks;
  } finally {
    await client.query("ROLLBACK").catch((error: unknown) => {
      // The connection's own failure is thrown already.
      if (codeOf(error) === "") throw error;
    });
  }
}

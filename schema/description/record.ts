import { type Client, escapeLiteral } from "pg";
import { type Description, type Facts, knownDifferences } from "./differences";
import { DESCRIBE } from "./query";

/** Describes the database as it is. Reads the catalogues only. Needs the session of `prepareSession`. */
export async function describeDatabase(client: Client): Promise<Description> {
  const { rows } = await client.query<{ server: number; objects: Record<string, Facts> }>(DESCRIBE);
  const [found] = rows;
  if (found === undefined) throw new Error("the description has no row");
  return found;
}

/** The description that the last migration left; undefined when none did. */
export async function recordedDescription(client: Client): Promise<Description | undefined> {
  const { rows: there } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('ladder.description') IS NOT NULL AS there",
  );
  if (!there[0]?.there) return undefined;
  const { rows } = await client.query<{ server: number; objects: Record<string, Facts> }>(
    "SELECT server, objects FROM ladder.description",
  );
  return rows[0];
}

/**
 * SQL that records what is there now, to be run in the migration's own transaction. What somebody changed by hand before the migration,
 * and the migration left alone, stays recorded as it was: otherwise each migration would declare every change by hand the right state.
 */
export function recordDescription(recorded: Description | undefined, before: Description): string {
  const known = recorded === undefined ? {} : knownDifferences(recorded, before);
  return `
WITH live AS (${DESCRIBE}), merged AS (
  SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value <> 'null'), '{}') AS objects FROM (
    SELECT key, CASE WHEN k.value IS NOT NULL AND coalesce(l.value, 'null') = k.value -> 'found' THEN k.value -> 'recorded'
      ELSE coalesce(l.value, 'null') END AS value
    FROM (SELECT o.* FROM live, jsonb_each(live.objects) AS o) AS l
    FULL JOIN jsonb_each(${escapeLiteral(JSON.stringify(known))}::jsonb) AS k USING (key)
  ) AS every
)
INSERT INTO ladder.description (server, objects) SELECT live.server, merged.objects FROM live, merged
ON CONFLICT (only_row) DO UPDATE SET server = excluded.server, objects = excluded.objects, described_at = now() AT TIME ZONE 'UTC'`;
}

import type { CatalogueDatabase } from "../../servers/catalogueDatabase";

/**
 * Loads tasks of the last 500 days: every other one completed two days after it was made. Of those, the ones completed
 * more than 90 days ago are due. Gives how many are.
 */
export async function loadBacklog(database: CatalogueDatabase, rows: number): Promise<number> {
  await database.psql(
    `INSERT INTO "Task" ("id", "userId", "title", "description", "status", "createdAt", "updatedAt", "completedAt")
     SELECT 'task ' || n, 'user ' || n % 100, 'task ' || n, repeat('x', n % 200), CASE n % 2 WHEN 0 THEN 'COMPLETED' ELSE 'OPEN' END,
       at, at + interval '1 day', CASE n % 2 WHEN 0 THEN at + interval '2 days' END
     FROM generate_series(1, ${rows}) AS n
     CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'UTC') - n * (interval '500 days' / ${rows})) AS date (at)`,
    "owner",
  );
  return Number(await database.psql(`SELECT count(*) FROM "Task" WHERE ${DUE}`, "owner"));
}

/** What is due, as the documents say it. */
export const DUE = `"status" = 'COMPLETED' AND "completedAt" < (now() AT TIME ZONE 'UTC') - interval '90 days'`;

/** Both tables together: rows, different tasks, checksum of all columns. It is the same before and after any archiving. */
export const bothTables = (database: Pick<CatalogueDatabase, "psql">): Promise<string> =>
  database.psql(
    `SELECT count(*), count(DISTINCT ("id", "createdAt")), sum(hashtextextended(t::text, 0))
     FROM (SELECT * FROM "Task" UNION ALL SELECT * FROM task_archive) AS t`,
    "owner",
  );

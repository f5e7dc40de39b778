import type { Client } from "pg";
import { type Migration, recordedName } from "../catalogue/migrations";
import { type Difference, differences } from "./description/differences";
import { describeDatabase, recordedDescription } from "./description/record";
import { type RecordedMigration, recordedHistory, refuseHistory } from "./history";
import { prepareSession } from "./session";

/** How a database stands to the migrations of this release. */
export interface SchemaStatus {
  readonly applied: readonly AppliedMigration[];
  /** Recorded names, as `0001_platform_tables`, oldest first. */
  readonly pending: readonly string[];
  /** What was changed by hand since the last migration; null where none was ever applied. */
  readonly drift: Drift | null;
}

export interface AppliedMigration {
  readonly name: string;
  /** UTC. */
  readonly appliedAt: Date;
}

export interface Drift {
  readonly differences: readonly Difference[];
  /**
   * The server was upgraded after the last run: texts that it writes itself (defaults, definitions, conditions) could not be
   * compared. The next run records them anew.
   */
  readonly partly: boolean;
}

export interface StatusOptions {
  /** Connected to the database as its owner, or as somebody who may become it. Stays open; nothing is changed. */
  readonly client: Client;
  /** The logical database. */
  readonly database: string;
  readonly migrations: readonly Migration[];
}

/**
 * What is applied, what is pending, and what differs from what the migrations left. Changes nothing. Throws a `UserError` (exit code 4)
 * for a history that is not ours: nothing sensible can be said of what is pending there.
 */
export async function schemaStatus({ client, database, migrations }: StatusOptions): Promise<SchemaStatus> {
  const { place } = await prepareSession(client);
  // One snapshot: a run that is at work meanwhile is seen before or after a file, not in between.
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const recorded = await recordedHistory(client);
    refuseHistory(recorded, { place, catalogue: database, migrations });
    return {
      applied: recorded.map(({ name, appliedAt }: RecordedMigration) => ({ name, appliedAt })),
      pending: migrations.slice(recorded.length).map(recordedName),
      drift: await driftOf(client),
    };
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

async function driftOf(client: Client): Promise<Drift | null> {
  const expected = await recordedDescription(client);
  if (expected === undefined) return null;
  const found = await describeDatabase(client);
  return { differences: differences(expected, found), partly: expected.server !== found.server };
}

import type { Client } from "pg";
import { type Migration, recordedName } from "../catalogue/migrations";
import { ExitCode, UserError } from "../settings/errors";

/** A migration as a database records it. */
export interface RecordedMigration {
  /** The file's name without its ending: `0001_platform_tables`. */
  readonly name: string;
  /** The logical database that it belongs to; null where the record of its checksum is gone, as the checksum then is. */
  readonly catalogue: string | null;
  /** SHA-256, hex. */
  readonly checksum: string | null;
  /** UTC. */
  readonly appliedAt: Date;
}

/** Schema of the runner's own tables and of what migrations keep for themselves. No guest may look into it. */
export const LADDER = "ladder";

/** The tables of the runner. node-pg-migrate makes its own, `ladder.migrations`, when it first runs. */
export const OWN_TABLES = ["migrations", "checksums", "description"] as const;

const PREPARE = `
CREATE SCHEMA IF NOT EXISTS ladder;
CREATE TABLE IF NOT EXISTS ladder.checksums (
  name text PRIMARY KEY,
  catalogue text NOT NULL,
  checksum text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$')
);
CREATE TABLE IF NOT EXISTS ladder.description (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  server int NOT NULL,
  objects jsonb NOT NULL,
  described_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);`;

/** Makes the schema and the runner's tables where they are not there yet. Called under the lock. */
export async function prepareHistory(client: Client): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    "SELECT to_regclass('ladder.checksums') IS NOT NULL AND to_regclass('ladder.description') IS NOT NULL AS ready",
  );
  if (rows[0]?.ready !== true) await client.query(`BEGIN; ${PREPARE} COMMIT`);
}

/** What a database records, oldest first; empty when it never got a migration. Changes nothing. */
export async function recordedHistory(client: Client): Promise<RecordedMigration[]> {
  const { rows: there } = await client.query<{ migrations: boolean; checksums: boolean }>(
    "SELECT to_regclass('ladder.migrations') IS NOT NULL AS migrations, to_regclass('ladder.checksums') IS NOT NULL AS checksums",
  );
  if (!there[0]?.migrations) return [];
  const checksums = there[0].checksums
    ? "LEFT JOIN ladder.checksums AS c USING (name)"
    : "LEFT JOIN (SELECT NULL::text AS name, NULL::text AS catalogue, NULL::text AS checksum) AS c USING (name)";
  // By name, not by time: a clock that was set back between two runs changes nothing in what was run.
  const { rows } = await client.query<{ name: string; catalogue: string | null; checksum: string | null; at: string }>(
    `SELECT name, c.catalogue, c.checksum, to_char(m.run_on, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM ladder.migrations AS m ${checksums} ORDER BY name COLLATE "C", m.id`,
  );
  return rows.map(({ name, catalogue, checksum, at }) => ({ name, catalogue, checksum, appliedAt: new Date(at) }));
}

/** Whose history it is and what this release has. */
export interface Expected {
  /** Database as the server calls it, for messages. */
  readonly place: string;
  readonly catalogue: string;
  readonly migrations: readonly Pick<Migration, "version" | "name" | "checksum">[];
}

/**
 * Refuses a database whose history is not a beginning of ours: another catalogue's, a newer release's, one with a gap,
 * one with a file that was altered or renamed since. Throws a `UserError` (exit code 4); nothing was changed.
 */
export function refuseHistory(recorded: readonly RecordedMigration[], expected: Expected): void {
  const names = expected.migrations.map(recordedName);
  for (const [index, row] of recorded.entries()) {
    const problem =
      foreign(row, expected) ?? misplaced(row, index, names, recorded) ?? altered(row, expected.migrations[index]);
    if (problem !== undefined) throw new UserError(`${expected.place} was left as it is: ${problem}`, ExitCode.refused);
  }
}

function foreign({ name, catalogue }: RecordedMigration, expected: Expected): string | undefined {
  if (catalogue === null || catalogue === expected.catalogue) return undefined;
  return `it holds the logical database ${catalogue} (${name} is recorded for it), not ${expected.catalogue}. Connect to the database of ${expected.catalogue}, or name ${catalogue}.`;
}

function misplaced(
  { name }: RecordedMigration,
  index: number,
  names: readonly string[],
  recorded: readonly RecordedMigration[],
): string | undefined {
  const ours = names[index];
  if (name === ours) return undefined;
  if (recorded.slice(0, index).some((earlier) => earlier.name === name))
    return `its history records ${name} twice. Restore a backup, or mend the table ladder.migrations.`;
  if (ours === undefined || Number(name.slice(0, 4)) > names.length)
    return `its history records ${name}, and this release knows ${names.length === 0 ? "no migration" : `none after ${names.at(-1)}`}. Update scaling-ladder to the release that wrote it.`;
  if (names.includes(name))
    return `its history lacks ${ours}, though ${name} is recorded. Restore a backup, or mend the table ladder.migrations.`;
  return `its history records ${name} where this release has ${ours}. Put the file back under the name that it had, and write a new migration instead.`;
}

function altered(
  { name, checksum }: RecordedMigration,
  ours: Pick<Migration, "checksum"> | undefined,
): string | undefined {
  if (ours === undefined || checksum === ours.checksum) return undefined;
  if (checksum === null)
    return `its history records ${name} without a checksum (present ${short(ours.checksum)}). Restore a backup, or mend the table ladder.checksums.`;
  return `migration ${name} was altered after it was applied: recorded ${short(checksum)}, present ${short(ours.checksum)}. Put the file back as it was (with what it includes), and write a new migration instead.`;
}

const short = (checksum: string): string => checksum.slice(0, 12);

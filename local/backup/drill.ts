import { readFile, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { z } from "zod";
import { replaceFile } from "./publish";

const drillSchema = z.object({
  ok: z.boolean(),
  /** One line for each thing that differs; empty when ok. */
  failures: z.array(z.string()),
  /** The backup's data file. */
  file: z.string(),
  database: z.string(),
  /** When the backup was made, UTC. */
  created: z.iso.datetime(),
  /** When the drill ended, UTC. */
  finished: z.iso.datetime(),
  tables: z.number(),
  rows: z.number(),
  bytes: z.object({ database: z.number(), compressed: z.number() }),
  /** Rows whose parent is missing; they were so in the source. */
  orphans: z.number(),
  seconds: z.object({
    compressed: z.number(),
    restore: z.number(),
    integrity: z.number(),
    contents: z.number(),
    total: z.number(),
  }),
});

/** The outcome of a restore drill. */
export type DrillResult = z.infer<typeof drillSchema>;

const recordSchema = drillSchema
  .partial()
  .required({ ok: true, failures: true, file: true, database: true, finished: true });

/** What is kept of a drill; without the manifest's figures where the manifest could not be used. */
export type DrillRecord = z.infer<typeof recordSchema>;

const recordFile = (folder: string): string => join(resolve(folder), "last-drill.json");

/** Keeps the outcome as the last drill of the folder that `file` lies in; a backup from elsewhere says nothing about it. */
export async function keepDrill(folder: string, record: DrillRecord): Promise<void> {
  if (!(await liesIn(folder, record.file))) return;
  await replaceFile(recordFile(folder), `${JSON.stringify(record, null, 2)}\n`);
}

async function liesIn(folder: string, file: string): Promise<boolean> {
  const [parent, child] = await Promise.all([realpath(folder), realpath(file)]);
  return child.startsWith(parent.endsWith(sep) ? parent : parent + sep);
}

/**
 * The record of the last restore drill in this folder; undefined when there was none, it cannot be read, or it was of
 * another database than `database` (by name, without extension).
 */
export async function readLastDrill(folder: string, database?: string): Promise<DrillRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(recordFile(folder), "utf8")));
    return database === undefined || record.database === database ? record : undefined;
  } catch {
    return undefined;
  }
}

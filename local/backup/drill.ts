import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
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

/** The outcome of a restore drill, also kept in the backup folder as `last-drill.json`. */
export type DrillResult = z.infer<typeof drillSchema>;

const recordFile = (folder: string): string => join(resolve(folder), "last-drill.json");

/** Keeps the outcome as the folder's last drill. */
export const writeDrill = (folder: string, result: DrillResult): Promise<void> =>
  replaceFile(recordFile(folder), `${JSON.stringify(result, null, 2)}\n`);

/** The record of the last restore drill in this folder; undefined when there was none or it cannot be read. */
export async function readLastDrill(folder: string): Promise<DrillResult | undefined> {
  try {
    return drillSchema.parse(JSON.parse(await readFile(recordFile(folder), "utf8")));
  } catch {
    return undefined;
  }
}

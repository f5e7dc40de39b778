import { removeSourceLog } from "../log/sourceLog";
import { removeTarget } from "../log/targetGate";
import { NOTES } from "../target/session";
import { safetyExport } from "./safetyExport";
import type { Figures, Work } from "./work";

/**
 * Ends a promotion whose PostgreSQL has served well: a last backup of the SQLite file, proven; then the log, the gate and the notes go from
 * PostgreSQL, the notes last. The SQLite file stays as it is and goes on refusing writes.
 */
export async function retire({ client, db, plan, promotion, run, tell }: Work): Promise<Figures> {
  const backup = await safetyExport({
    database: promotion.source,
    folder: promotion.backups,
    onProgress: tell.progress,
    signal: run.signal,
  });
  tell.say(`Last backup of the SQLite file, proven: ${backup.file}`);
  removeSourceLog(db, plan);
  await removeTarget(client);
  await client.query(`DROP SCHEMA IF EXISTS ${NOTES} CASCADE`);
  return { backup: backup.file };
}

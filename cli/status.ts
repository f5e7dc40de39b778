import { type DrillRecord, readLastDrill } from "../local/backup/drill";
import { newestBackup } from "../local/backup/list";
import { databaseName } from "../local/backup/names";
import { type DatabaseFigures, databaseFigures } from "../local/sqlite/figures";
import { tierByName, userFit } from "../settings";
import { type LocalPlaces, localPlaces } from "./local";

/** A drill older than this says little about the backups of today. */
const DRILL_DAYS = 8;
/** One missed night is an accident, two are a fault. */
const BACKUP_HOURS = 26;

export type Status = Awaited<ReturnType<typeof statusOf>>;

/** How a development stack is doing, and the one step that is due next. Looks only; needs no engine. */
export async function statusOf(stack: string) {
  const places = localPlaces(stack, "warn");
  const { settings } = places;
  const tier = tierByName(settings.tier);
  const fit = userFit(tier, settings.users);
  const database = databaseFigures(places.database, settings.database.busyTimeoutMs);
  const name = databaseName(places.database);
  const backup = await newestBackup(places.backups, name);
  const drill = await readLastDrill(places.backups, name);
  return {
    stack,
    tier: tier.name,
    users: {
      count: settings.users,
      adviseAbove: tier.limits.adviseAboveUsers,
      refuseAbove: tier.limits.refuseAboveUsers,
      verdict: fit.verdict,
    },
    database: { path: places.database, ...database, exists: database !== undefined },
    backup: backup === undefined ? undefined : { file: backup.file, created: backup.created.toISOString() },
    drill: drill === undefined ? undefined : { at: drill.finished, ok: drill.ok, file: drill.file },
    next: nextStep(
      stack,
      places,
      fit.verdict === "fits" ? undefined : fit.moveTo.name,
      database,
      backup?.created,
      drill,
    ),
  };
}

function nextStep(
  stack: string,
  places: LocalPlaces,
  moveTo: string | undefined,
  database: DatabaseFigures | undefined,
  backup: Date | undefined,
  drill: DrillRecord | undefined,
): string {
  if (database === undefined)
    return backup === undefined
      ? `bring it up: npx ladder up ${stack}`
      : `restore it: npx ladder restore ${stack} --to ${places.database}`;
  if (backup === undefined || Date.now() - backup.getTime() > BACKUP_HOURS * 3_600_000)
    return `make a backup: npx ladder backup create ${stack} (nightly: npx ladder backup schedule install ${stack})`;
  if (drill !== undefined && !drill.ok)
    return `the last drill failed; make a new backup and prove it: npx ladder backup create ${stack} && npx ladder backup verify ${stack}`;
  if (drill === undefined || Date.now() - Date.parse(drill.finished) > DRILL_DAYS * 86_400_000)
    return `prove the backup: npx ladder backup verify ${stack}`;
  if (moveTo !== undefined) return `plan the move to tier ${moveTo}`;
  return "nothing";
}

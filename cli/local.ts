import { join } from "node:path";
import { type DevelopmentSettings, UserError } from "../settings";
import { databasePath, localSettings } from "../settings/places";
import { type OnShared, ROOT, settingsOf } from "./project";

/** Where the development tier of a stack keeps its things, as absolute paths. */
export interface LocalPlaces {
  readonly settings: DevelopmentSettings;
  readonly database: string;
  readonly files: string;
  readonly backups: string;
  readonly envFile: string;
}

/** The places of a stack whose data is on this machine. Refuses any other stack, and one that shares a place. */
export function localPlaces(stack: string, onShared?: OnShared): LocalPlaces {
  const all = settingsOf(stack, onShared);
  const settings = localSettings(all);
  if (settings === undefined) {
    throw new UserError(
      `Stack ${stack} is on tier ${all.tier}; this command works on the SQLite file of tier development. Name a development stack.`,
    );
  }
  return {
    settings,
    database: join(ROOT, databasePath(settings)),
    files: join(ROOT, settings.files.path),
    backups: join(ROOT, settings.backup.path),
    envFile: join(ROOT, settings.app.envFile),
  };
}

import { join } from "node:path";
import { type DevelopmentSettings, SQLITE_PATHS, UserError } from "../settings";
import { ROOT, settingsOf } from "./project";

/** Where the development tier of a stack keeps its things, as absolute paths. */
export interface LocalPlaces {
  readonly settings: DevelopmentSettings;
  readonly database: string;
  readonly files: string;
  readonly backups: string;
  readonly envFile: string;
}

/** The places of a stack whose data is on this machine. Refuses any other stack. */
export function localPlaces(stack: string): LocalPlaces {
  const settings = settingsOf(stack);
  if (settings.tier !== "development") {
    throw new UserError(
      `Stack ${stack} is on tier ${settings.tier}; this command works on the SQLite file of tier development. Name a development stack.`,
    );
  }
  return {
    settings,
    database: join(ROOT, settings.database.path ?? SQLITE_PATHS[settings.database.name]),
    files: join(ROOT, settings.files.path),
    backups: join(ROOT, settings.backup.path),
    envFile: join(ROOT, settings.app.envFile),
  };
}

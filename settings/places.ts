import { ExitCode, UserError } from "./errors";
import { overlap, plainPath, SQLITE_PATHS } from "./fields";
import type { DevelopmentSettings, Settings } from "./schema";

/** A stack whose data is on this machine. */
export interface LocalStack {
  readonly stack: string;
  readonly settings: DevelopmentSettings;
}

/** What a stack has on this machine: all of tier development, or what a stack that is being promoted still serves from. */
export function localSettings(settings: Settings): DevelopmentSettings | undefined {
  if (settings.tier === "development") return settings;
  return settings.tier === "smb" ? settings.promotion?.from : undefined;
}

/** The database's file, relative to the project folder. */
export const databasePath = ({ database }: DevelopmentSettings): string => database.path ?? SQLITE_PATHS[database.name];

/** The four places of a development stack by the setting that names each, relative to the project folder. */
function placesOf(settings: DevelopmentSettings): [key: string, path: string][] {
  const { files, backup, app } = settings;
  const places: [string, string][] = [
    ["database.path", databasePath(settings)],
    ["files.path", files.path],
    ["backup.path", backup.path],
    ["app.envFile", app.envFile],
  ];
  return places.map(([key, path]) => [key, plainPath(path)]);
}

/**
 * The refusal of a stack whose database, files, backups or .env file lie on or in those of another one: each would
 * write over, back up or restore the other's data. Undefined when all have places of their own.
 */
export function sharedPlaces(one: LocalStack, all: readonly LocalStack[]): UserError | undefined {
  const clashes = all
    .filter(({ stack }) => stack !== one.stack)
    .flatMap((other) =>
      placesOf(one.settings).flatMap(([key, path]) =>
        placesOf(other.settings)
          .filter(([, theirs]) => overlap(path, theirs))
          .map(
            ([theirKey, theirs]) =>
              `  - ${key} of stack ${one.stack} is ${JSON.stringify(path)}, ${theirKey} of stack ${other.stack} is ${JSON.stringify(theirs)}`,
          ),
      ),
    );
  if (clashes.length === 0) return undefined;
  return new UserError(
    [
      `Stack ${one.stack} shares places with another stack, so that each could write over or restore the other's data:`,
      ...clashes,
      "Give each stack paths of its own that lie in none of the other's, in its Pulumi.<stack>.yaml (docs/settings.md). Only the stack that keeps its paths finds its data where it is now.",
    ].join("\n"),
    ExitCode.usage,
  );
}

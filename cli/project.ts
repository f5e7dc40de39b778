import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ParsedSettings, readStackSettings } from "../settings";
import { warn } from "./console";

/** The project folder: where Pulumi.yaml is. */
export const ROOT = dirname(__dirname);

export const DEFAULT_STACK = "dev";

/** A path as the user typed it, from where the user stands; npm starts scripts in the project folder and tells that place apart. */
export const typedPath = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** Reads the settings of a stack and shows their warnings. */
export function settingsOf(stack: string): ParsedSettings["settings"] {
  const { settings, warnings } = readStackSettings(ROOT, stack);
  for (const warning of warnings) warn(warning);
  return settings;
}

/** The stacks that have a settings file. */
export function stackNames(): string[] {
  return readdirSync(ROOT)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

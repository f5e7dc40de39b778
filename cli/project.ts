import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExitCode, type ParsedSettings, UserError } from "../settings";
import { readStackSettings } from "../settings/stackFile";
import { warn } from "./console";

/** The project folder: where Pulumi.yaml is. */
export const ROOT = dirname(__dirname);

export const DEFAULT_STACK = "dev";

/** A path as the user typed it, from where the user stands; npm starts scripts in the project folder and tells that place apart. */
export const typedPath = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** The engine's own rule. It is asked first, because the name becomes part of a file's. */
const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Reads the settings of a stack and shows their warnings. */
export function settingsOf(stack: string): ParsedSettings["settings"] {
  if (!STACK_NAME.test(stack))
    throw new UserError(
      `There can be no stack ${JSON.stringify(stack)}: a name has up to 100 letters, digits, dots, dashes and underscores. npx ladder status lists the stacks that there are.`,
      ExitCode.usage,
    );
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

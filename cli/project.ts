import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExitCode, type ParsedSettings, UserError } from "../settings";
import { type LocalStack, localSettings, sharedPlaces } from "../settings/places";
import { readStackSettings } from "../settings/stackFile";
import { warn } from "./console";

/** The project folder: where Pulumi.yaml is. */
export const ROOT = dirname(__dirname);

export const DEFAULT_STACK = "dev";

/** A path as the user typed it, from where the user stands; npm starts scripts in the project folder and tells that place apart. */
export const typedPath = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** The engine's own rule. It is asked first, because the name becomes part of a file's. */
const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** What a command does when two stacks share a place: one that only looks, or takes down, tells it and goes on. */
export type OnShared = "refuse" | "warn";

const told = new Set<string>();

/** A command may ask for the same settings in several of its parts; the user hears a warning once. */
export function warnOnce(warning: string): void {
  if (!told.has(warning)) warn(warning);
  told.add(warning);
}

/** @throws UserError `usage` for a name that no stack can have. */
export function refuseStackName(stack: string): void {
  if (!STACK_NAME.test(stack))
    throw new UserError(
      `There can be no stack ${JSON.stringify(stack)}: a name has up to 100 letters, digits, dots, dashes and underscores. npx ladder status lists the stacks that there are.`,
      ExitCode.usage,
    );
}

/** Reads the settings of a stack and shows their warnings. Throws UserError when they are wrong or share a place. */
export function settingsOf(stack: string, onShared: OnShared = "refuse"): ParsedSettings["settings"] {
  refuseStackName(stack);
  const { settings, warnings } = readStackSettings(ROOT, stack);
  for (const warning of warnings) warnOnce(warning);
  const local = localSettings(settings);
  const shared = local === undefined ? undefined : sharedPlaces({ stack, settings: local }, localStacks());
  if (shared !== undefined && onShared === "refuse") throw shared;
  if (shared !== undefined) warnOnce(shared.message);
  return settings;
}

/** The stacks with data on this machine, as far as their settings can be used. */
function localStacks(): LocalStack[] {
  return stackNames().flatMap((stack) => {
    try {
      const settings = localSettings(readStackSettings(ROOT, stack).settings);
      return settings === undefined ? [] : [{ stack, settings }];
    } catch {
      return []; // What is wrong there is told when that stack is named.
    }
  });
}

/** The stacks that have a settings file. */
export function stackNames(): string[] {
  return readdirSync(ROOT)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

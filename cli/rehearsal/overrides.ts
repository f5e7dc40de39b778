import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import {
  ExitCode,
  fromConfig,
  NAMESPACE,
  parseSettings,
  type Settings,
  SettingsError,
  UserError,
} from "../../settings";
import { showValue } from "../../settings/problem";
import { isRecord } from "../../settings/record";
import { readStackSettings, stackFileName } from "../../settings/stackFile";
import { ROOT, refuseStackName, settingsOf, warnOnce } from "../project";

/** A setting that only one rehearsal has. */
export interface Override {
  /** The key without its namespace, such as `database.host`. */
  readonly key: string;
  readonly value: unknown;
}

/** Overrides of one command: at most one for each key, in the order of their keys. */
export type Overrides = readonly Override[];

const KEY = /^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/;

/** Adds `key=value`, as it is typed, to the overrides before it; the last value of a key counts. @throws UserError `usage` */
export function addOverride(text: string, before: Overrides = []): Overrides {
  const [, typed = "", value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const key = typed.trim().replace(new RegExp(`^${NAMESPACE}:`), "");
  if (value === undefined || !KEY.test(key))
    throw new UserError(
      `--config ${JSON.stringify(text)} sets nothing. Write a key and its value, such as --config database.host=kubernetes; docs/settings.md lists the keys.`,
      ExitCode.usage,
    );
  const others = before.filter((each) => each.key !== key);
  return [...others, { key, value: parseValue(key, value) }].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * What a text stands for, as `pulumi config set --path` has it: true and false, whole numbers without a leading zero, and any
 * other text as it is (a version such as 1.35 is one). Lists and groups are written as JSON.
 */
function parseValue(key: string, value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (/^(0|-?[1-9]\d{0,14})$/.test(value)) return Number(value);
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new UserError(
      `--config ${key}: the value begins like a list or a group and is no JSON. Write it as JSON in single quotes, such as --config '${key}=["a","b"]'.`,
      ExitCode.usage,
    );
  }
}

/** Writes the overrides into a stack's settings file, as if it had said so. @throws UserError `usage` */
export function applyOverrides(document: Document, overrides: Overrides): void {
  for (const { key, value } of overrides) {
    const [first = "", ...rest] = key.split(".");
    try {
      document.setIn(["config", `${NAMESPACE}:${first}`, ...rest], document.createNode(value));
    } catch {
      throw new UserError(
        `--config ${key}: the stack file has no group there, but a plain value. Override the whole of ${NAMESPACE}:${first} instead.`,
        ExitCode.usage,
      );
    }
  }
}

/** The settings of a stack with overrides, and their warnings shown. @throws UserError when they are wrong, naming the key. */
export function overriddenSettings(stack: string, overrides: Overrides): Settings {
  if (overrides.length === 0) return settingsOf(stack);
  refuseStackName(stack);
  const raw = fromConfig(Object.entries(configOf(stack, overrides)));
  try {
    const { settings, warnings } = parseSettings(raw, stack);
    for (const warning of warnings) warnOnce(warning);
    return settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UserError(
      `${error.message}\nLaid over that file by --config: ${showOverrides(overrides)}.`,
      ExitCode.usage,
    );
  }
}

function configOf(stack: string, overrides: Overrides): Record<string, unknown> {
  refuseUnreadable(stack);
  const document = parseDocument(readFileSync(join(ROOT, stackFileName(stack)), "utf8"));
  applyOverrides(document, overrides);
  const content: unknown = document.toJS();
  return isRecord(content) && isRecord(content.config) ? content.config : {};
}

/** A file that is missing or no YAML is told as ever; a wrong setting in it may be what an override mends. */
function refuseUnreadable(stack: string): void {
  try {
    readStackSettings(ROOT, stack);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
  }
}

/** `database.host="kubernetes", users=400`; secrets are not shown. */
export const showOverrides = (overrides: Overrides): string =>
  overrides.map(({ key, value }) => `${key}=${showValue(key, value)}`).join(", ");

/** A short name for a set of overrides: the same for the same set, in whatever order it was given; empty for none. */
export const nameOfOverrides = (overrides: Overrides): string =>
  overrides.length === 0 ? "" : createHash("sha256").update(JSON.stringify(overrides)).digest("hex").slice(0, 8);

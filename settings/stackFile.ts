import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { ExitCode, UserError } from "./errors";
import { SEALED } from "./fields";
import { type ParsedSettings, parseSettings, type RawSettings } from "./parse";
import { NAMESPACE } from "./problem";

/** Short names that the command line accepts for a stack file: `dev` is `Pulumi.dev.yaml`. */
export const stackFileName = (stack: string): string => `Pulumi.${stack}.yaml`;

/** Reads and parses the settings of a stack from its file, without the engine. Secret values stay sealed. */
export function readStackSettings(root: string, stack: string): ParsedSettings {
  return parseSettings(readStackFile(join(root, stackFileName(stack)), stack), stack);
}

function readStackFile(file: string, stack: string): RawSettings {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(unreadable(file, stack, error), ExitCode.usage);
  }
  const content = parseYaml(text, basename(file));
  const config = isRecord(content) && isRecord(content.config) ? content.config : {};
  return fromConfig(Object.entries(config));
}

function parseYaml(text: string, name: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: true });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(`${name} is not valid YAML: ${reason} Mend that line and run again.`);
  }
}

function unreadable(file: string, stack: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOENT")
    return `${basename(file)} cannot be read (${String(code)}). Check that it is a file you may read.`;
  return `There is no stack ${stack}: ${basename(file)} does not exist. Take one of the stacks that have such a file (npx ladder status lists them), or copy Pulumi.dev.yaml.`;
}

/**
 * Turns config entries (`scaling-ladder:users` → value) into raw settings. Top-level numbers and booleans may come
 * as text, because that is how the engine hands them over and how YAML quotes them.
 */
export function fromConfig(entries: Iterable<readonly [string, unknown]>): RawSettings {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (key.startsWith(`${NAMESPACE}:`)) raw[key.slice(NAMESPACE.length + 1)] = plain(unsealed(value));
  }
  return raw;
}

function plain(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (value === "true" || value === "false") return value === "true";
  if (/^\s*[{[]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

/** `{ secure: … }` is how a stack file holds a secret; what it says cannot be known here. */
function unsealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsealed);
  if (!isRecord(value)) return value;
  if (Object.keys(value).join() === "secure") return SEALED;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, unsealed(child)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

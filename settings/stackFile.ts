import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { fromConfig } from "./config";
import { ExitCode, UserError } from "./errors";
import { type ParsedSettings, parseSettings, type RawSettings } from "./parse";
import { isRecord } from "./record";

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
  return `There is no stack ${stack}: ${basename(file)} does not exist. Take one of the stacks that have such a file (npx ladder status lists them), or copy Pulumi.dev.yaml and give the copy paths of its own (database, files, backup, .env).`;
}

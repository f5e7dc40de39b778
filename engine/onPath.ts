import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";

const LANGUAGE_HOST = "pulumi-language-nodejs";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The first executable file of that name on PATH. Relative entries are skipped: they mean another place in every folder. */
export function findExecutable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** True when the Node.js language host is beside the CLI (also beside the file that a link points to) or on PATH. */
export function hasLanguageHost(pulumi: string, env: NodeJS.ProcessEnv): boolean {
  return (
    isExecutable(join(dirname(pulumi), LANGUAGE_HOST)) ||
    isExecutable(join(dirname(realpathSync(pulumi)), LANGUAGE_HOST)) ||
    findExecutable(LANGUAGE_HOST, env) !== undefined
  );
}

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ExitCode, UserError } from "../settings/errors";
import { credentialsFolder, isManaged, readBackendSigns } from "./backend";
import { ensurePassphrase, hasStacks } from "./passphrase";
import { backendUrl, placesOf } from "./places";
import type { Engine } from "./types";
import { canWriteFolder, makePrivateFolder } from "./writable";

/** The environment that the engine runs in, and what the user should know about it. */
export interface EngineEnvironment {
  readonly env: NodeJS.ProcessEnv;
  /** Lines to show the user, each said once in the life of the project or while its cause lasts. */
  readonly notices: readonly string[];
  /** True when the state is the project's own, in `.ladder/state`. */
  readonly managedState: boolean;
}

/**
 * Settles where the engine keeps its state, secrets and home. A backend that the user has chosen (PULUMI_BACKEND_URL,
 * Pulumi.yaml, `pulumi login`) is left alone; otherwise the state lives in the project with a generated passphrase.
 * @throws UserError when the project's folder cannot be written, or its state has lost its passphrase.
 */
export function engineEnvironment(
  engine: Engine,
  { root, env }: { root: string; env: NodeJS.ProcessEnv },
): EngineEnvironment {
  if (!isWritableFolder(root)) throw unwritable(root);
  const places = placesOf(root);
  makePrivateFolder(places.own);
  if (!isWritableFolder(places.own)) throw unwritable(places.own);
  const ownUrl = backendUrl(places.state);
  const managedState = isManaged(readBackendSigns(root, env), ownUrl);
  const state = managedState ? managedEnvironment(root, env, ownUrl) : userEnvironment(places.state, ownUrl);
  return {
    managedState,
    notices: state.notices,
    env: {
      ...env,
      ...identity(env, places.own),
      ...homeEnvironment(places.pulumiHome, env),
      ...state.env,
      PATH: withFolders([engine.binDir, dirname(process.execPath)], env.PATH ?? ""),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      // A built engine means that Pulumi's site is out of reach: asking it for plugins costs seconds in every run.
      ...(engine.built && env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === undefined
        ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
        : {}),
    },
  };
}

/** The folders in front of a PATH; where they are in it already, they move to the front. */
function withFolders(folders: readonly string[], path: string): string {
  const rest = path.split(delimiter).filter((folder) => folder !== "" && !folders.includes(folder));
  return [...new Set(folders), ...rest].join(delimiter);
}

interface Part {
  readonly env: NodeJS.ProcessEnv;
  readonly notices: readonly string[];
}

function managedEnvironment(root: string, env: NodeJS.ProcessEnv, ownUrl: string): Part {
  const { state, passphrase } = placesOf(root);
  makePrivateFolder(state);
  const given =
    env.PULUMI_CONFIG_PASSPHRASE !== undefined || (env.PULUMI_CONFIG_PASSPHRASE_FILE ?? passphrase) !== passphrase;
  const backend = { PULUMI_BACKEND_URL: ownUrl };
  if (given) return { env: backend, notices: [] };
  const created = ensurePassphrase(root);
  const notice =
    `The engine keeps its state in ${state}, encrypted with the passphrase in ${passphrase}. ` +
    "Keep a copy of that file: without it the secrets in the state are lost. " +
    "To keep the state elsewhere, run `pulumi login` (or set PULUMI_BACKEND_URL) before the next run.";
  return { env: { ...backend, PULUMI_CONFIG_PASSPHRASE_FILE: passphrase }, notices: created ? [notice] : [] };
}

function userEnvironment(state: string, ownUrl: string): Part {
  if (!hasStacks(state)) return { env: {}, notices: [] };
  const notice =
    `Your own Pulumi backend is used; the state of earlier runs is still in ${state}. ` +
    `To use it again, set PULUMI_BACKEND_URL='${ownUrl}'; to move it, see \`pulumi stack export\` and \`import\`.`;
  return { env: {}, notices: [notice] };
}

function homeEnvironment(pulumiHome: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.PULUMI_HOME) return {};
  const usual = env.HOME && join(env.HOME, ".pulumi");
  // The engine takes the home folder from the list of users, where HOME may name another one.
  if (usual && canWriteFolder(usual)) return env.HOME === listedHome() ? {} : { PULUMI_HOME: usual };
  makePrivateFolder(pulumiHome);
  const logins = credentialsFolder(env);
  const readable = logins !== undefined && !env.PULUMI_CREDENTIALS_PATH && isReadable(join(logins, "credentials.json"));
  return { PULUMI_HOME: pulumiHome, ...(readable ? { PULUMI_CREDENTIALS_PATH: logins } : {}) };
}

/** The engine asks who runs it; without HOME or an entry in the list of users it can only be told so. */
function identity(env: NodeJS.ProcessEnv, own: string): NodeJS.ProcessEnv {
  return { HOME: env.HOME || own, USER: env.USER || userName() };
}

function listedHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isWritableFolder(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory() && canWriteFolder(folder);
}

function unwritable(folder: string): UserError {
  return new UserError(
    `The folder ${folder} cannot be written by this user, but the project keeps its state and settings there. ` +
      "Give this user write permission, or work in a copy of the project that belongs to this user.",
    ExitCode.missing,
  );
}

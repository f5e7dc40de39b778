import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What tells which backend a user wants. */
export interface BackendSigns {
  /** PULUMI_BACKEND_URL. */
  readonly url: string | undefined;
  /** PULUMI_ACCESS_TOKEN: meant for Pulumi Cloud. */
  readonly accessToken: string | undefined;
  /** `backend.url` of Pulumi.yaml. */
  readonly projectUrl: string | undefined;
  /** The backend that the user is logged in to. */
  readonly loggedInTo: string | undefined;
}

/**
 * True when the state is ours to keep in the project: nothing says that the user has a backend, or the environment
 * names ours (as in a shell that took over `ladder env`).
 */
export function isManaged(signs: BackendSigns, ownUrl: string): boolean {
  if (signs.url) return signs.url === ownUrl;
  return !signs.accessToken && !signs.projectUrl && !signs.loggedInTo;
}

/** Reads the signs from the environment, Pulumi.yaml and Pulumi's credentials. */
export function readBackendSigns(root: string, env: NodeJS.ProcessEnv): BackendSigns {
  return {
    url: env.PULUMI_BACKEND_URL || undefined,
    accessToken: env.PULUMI_ACCESS_TOKEN || undefined,
    projectUrl: textAt(readProject(root), "backend", "url"),
    loggedInTo: textAt(readCredentials(env), "current"),
  };
}

/** The project's name in Pulumi.yaml; undefined when there is none. */
export function projectName(root: string): string | undefined {
  return textAt(readProject(root), "name");
}

function readProject(root: string): unknown {
  // What is wrong with the file is the engine's to say.
  return attempt(() => parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")));
}

function readCredentials(env: NodeJS.ProcessEnv): unknown {
  const folder = credentialsFolder(env);
  return folder && attempt(() => JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8")));
}

/** Where Pulumi keeps the user's logins. */
export function credentialsFolder(env: NodeJS.ProcessEnv): string | undefined {
  return env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || (env.HOME ? join(env.HOME, ".pulumi") : undefined);
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return typeof here === "string" && here !== "" ? here : undefined;
}

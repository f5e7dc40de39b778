import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { problemsOfConfig } from "../policy/profile";
import { REPORTED } from "../policy/running/findings";
import { ExitCode, UserError } from "../settings";

/** Levels and limits that somebody wrote over the profile of a tier. */
export type OwnConfig = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Reads a policy-pack configuration. @throws UserError when it cannot be read, or says something that no policy has. */
export function readPolicyConfig(file: string): OwnConfig {
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `--policy-config ${file} cannot be read as JSON (${reason}). Give the path of a policy-pack configuration.`,
    );
  }
  const problems = problemsOfConfig(config, REPORTED);
  if (problems.length > 0) throw new UserError(`--policy-config ${file} cannot be used: ${problems.join("; ")}.`);
  return config as OwnConfig;
}

/** Writes a report for another tool. */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(
      `${resolve(file)} cannot be written (${code}). Give a file in a folder that exists.`,
      ExitCode.failed,
    );
  }
}

import { readFileSync } from "node:fs";
import type { RoleKind } from "../../catalogue/roles";
import { ExitCode, UserError } from "../../settings/errors";
import type { Login } from "./connect";
import { type PlannedMaster, passwordVariable } from "./plan";

/** Where passwords come from: variables that a Secret fills, and the file that an init container leaves. Never a command line. */

/** The password of a role. Throws when its variable is missing. */
export function passwordOf(role: string, env: NodeJS.ProcessEnv): string {
  const password = env[passwordVariable(role)];
  if (password === undefined || password === "")
    throw new UserError(
      `There is no password for role ${role}: variable ${passwordVariable(role)} is not set. It comes from the Secret of the migration job.`,
    );
  return password;
}

/** The passwords of a database's roles by what the roles are for: those that have a variable. */
export const passwordsOf = (
  roles: readonly (readonly [RoleKind, string])[],
  env: NodeJS.ProcessEnv,
): Partial<Record<RoleKind, string>> =>
  Object.fromEntries(
    roles.flatMap(([kind, role]) => {
      const password = env[passwordVariable(role)];
      return password === undefined || password === "" ? [] : [[kind, password]];
    }),
  );

/** The master's name and password. Throws, without the content, when the file is not what Secrets Manager holds of an RDS user. */
export function masterLogin(master: PlannedMaster, env: NodeJS.ProcessEnv): Login {
  if ("username" in master) return { username: master.username, password: passwordOf(master.username, env) };
  let secret: unknown;
  try {
    secret = JSON.parse(readFileSync(master.file, "utf8"));
  } catch {
    throw new UserError(
      `The master's secret in ${master.file} cannot be read. The init container fetch-master writes it; its log says why it did not.`,
      ExitCode.failed,
    );
  }
  const { username, password } = Object(secret) as { username?: unknown; password?: unknown };
  if (typeof username !== "string" || typeof password !== "string" || username === "" || password === "")
    throw new UserError(
      `The master's secret in ${master.file} lacks username or password. Look at the secret in Secrets Manager: its value must be JSON with both.`,
    );
  return { username, password };
}

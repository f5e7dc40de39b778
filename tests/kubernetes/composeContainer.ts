import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Server, startServer } from "../servers/process";
import { type Ended, must, run } from "../servers/run";
import type { ProgramEnv } from "../servers/tools";
import { giveAway, ordinaryUser } from "../support/secondUser";
import type { ModelService } from "./composeStack";

/** A service of a Compose file without Docker: its own command line, its mounted files and its volumes, on programs of this machine. */
export interface Container {
  /** Where a path of the container is on this machine. */
  at(path: string): string;
  /** Starts what the service runs. `args` come after its command. */
  start(name: string, ready: () => Promise<boolean>, args?: readonly string[]): Promise<Server>;
  /** Runs it to its end. */
  run(): Promise<Ended>;
  /** Runs another command in it; throws with what it said unless it succeeds. */
  must(command: readonly string[]): Promise<string>;
  /** Runs its health check, as `edit` changes it for this machine. */
  healthy(edit?: (argument: string) => string): Promise<boolean>;
}

/** Folders that every container of ours may write to. */
const WRITABLE = ["/tmp", "/var/run/postgresql"];

/**
 * Makes the container's root below `root`. Paths of the container in its command, its environment and its mounted texts become
 * those of this machine; `env` wins over the service's own environment.
 */
export function container(
  service: ModelService,
  root: string,
  programs: ProgramEnv,
  env: Readonly<Record<string, string>> = {},
): Container {
  const volumes = service.volumes ?? [];
  const at = (where: string) => join(root, where);
  // The folder of a mounted file is named as well, where several lie in it.
  const targets = [
    ...volumes.flatMap(({ target, type }) => (type === "bind" ? [target, dirname(target)] : [target])),
    ...WRITABLE,
  ].sort((a, b) => b.length - a.length);
  const path = new RegExp(`(?<![\\w./-])(${targets.join("|")})(?![\\w.-])`, "g");
  const here = (text: string) => text.replace(path, (found) => at(found));
  for (const folder of WRITABLE) mkdirSync(at(folder), { recursive: true });
  for (const { type, source, target } of volumes) {
    mkdirSync(dirname(at(target)), { recursive: true });
    if (type === "bind") writeFileSync(at(target), here(readFileSync(source, "utf8")));
    else mkdirSync(at(target), { recursive: true });
  }
  giveAway(root);
  chmodSync(root, 0o755);
  const values = Object.entries(service.environment ?? {}).map(([name, value]) => [name, here(value)]);
  const whole = { ...Object.fromEntries(values), ...env, ...programs };
  const options = { env: whole, cwd: root };
  const command = [...(service.entrypoint ?? []), ...(service.command ?? [])].map(here);
  const as = (line: readonly string[]) => [...ordinaryUser, ...line];
  return {
    at,
    start: (name, ready, args = []) =>
      startServer({
        name,
        command: command[0] ?? "",
        args: [...command.slice(1), ...args],
        env: whole,
        folder: root,
        through: ordinaryUser,
        signal: "SIGINT",
        ready,
      }),
    run: () => run(as(command), options),
    must: (line) => must(as(line), options),
    healthy: async (edit = (argument) => argument) => {
      const [kind, ...test] = (service.healthcheck?.test ?? []).map(edit);
      return (await run(as(kind === "CMD-SHELL" ? ["sh", "-c", ...test] : test), options)).code === 0;
    },
  };
}

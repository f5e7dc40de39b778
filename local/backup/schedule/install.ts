import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ExitCode, UserError } from "../../../settings/errors";
import { replaceFile } from "../publish";
import { crontabBlock, crontabLine, withBlock, withoutBlock } from "./crontab";
import { type Finished, run } from "./run";
import { systemdUnits } from "./systemd";
import type { ScheduleTarget } from "./target";

/** What this machine can run a schedule with. */
export type Scheduler = "systemd" | "cron";

export interface Schedule {
  /** Undefined when the machine has neither. */
  scheduler: Scheduler | undefined;
  installed: boolean;
  /** What is, or would be, installed. */
  text: string;
}

/** What an install or removal did. */
export interface ScheduleChange {
  scheduler: Scheduler;
  changed: boolean;
}

type Env = NodeJS.ProcessEnv;

const unitFolder = (env: Env): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "systemd", "user");

/** What this user can run a schedule with; undefined where there is neither, or cron is not for this user. */
export async function findScheduler(env: Env): Promise<Scheduler | undefined> {
  if ((await run("systemctl", ["--user", "show-environment"], env)).code === 0) return "systemd";
  const listed = await run("crontab", ["-l"], env);
  return listed.code === 0 || hasNone(listed) ? "cron" : undefined;
}

async function demandScheduler(env: Env): Promise<Scheduler> {
  const scheduler = await findScheduler(env);
  if (scheduler !== undefined) return scheduler;
  const listed = await run("crontab", ["-l"], env);
  if (listed.started) demandSuccess(listed, "Reading the crontab");
  throw new UserError(
    "This machine has neither a systemd user manager (`systemctl --user`) nor `crontab`, so no backup can be scheduled here. Install cron, or have another scheduler run `ladder backup create --scheduled` every day at 01:00 UTC.",
    ExitCode.missing,
  );
}

function demandSuccess(finished: Finished, what: string): void {
  if (finished.code === 0) return;
  throw new UserError(`${what} failed: ${finished.stderr.trim() || `exit code ${finished.code}`}.`, ExitCode.failed);
}

const hasNone = (listed: Finished): boolean => /no crontab for/i.test(listed.stderr);

/** The user's crontab. A user without one has an empty one; any other failure must not be taken for that. */
async function readCrontab(env: Env): Promise<string> {
  const listed = await run("crontab", ["-l"], env);
  if (listed.code === 0) return listed.stdout;
  if (hasNone(listed)) return "";
  demandSuccess(listed, "Reading the crontab");
  return "";
}

async function changeCrontab(wanted: (crontab: string) => string, env: Env): Promise<ScheduleChange> {
  const present = await readCrontab(env);
  const next = wanted(present);
  if (next !== present) demandSuccess(await run("crontab", ["-"], env, next), "Writing the crontab");
  return { scheduler: "cron", changed: next !== present };
}

const readUnit = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

async function systemctl(args: string[], env: Env): Promise<void> {
  demandSuccess(await run("systemctl", ["--user", ...args], env), `systemctl --user ${args.join(" ")}`);
}

const isEnabled = async (timer: string, env: Env): Promise<boolean> =>
  (await run("systemctl", ["--user", "is-enabled", timer], env)).code === 0;

async function installUnits(target: ScheduleTarget, env: Env): Promise<ScheduleChange> {
  const { service, timer } = systemdUnits(target);
  const folder = unitFolder(env);
  await mkdir(folder, { recursive: true });
  let written = false;
  for (const unit of [service, timer]) {
    const path = join(folder, unit.name);
    if ((await readUnit(path)) === unit.text) continue;
    await replaceFile(path, unit.text);
    written = true;
  }
  const enabled = await isEnabled(timer.name, env);
  if (written) await systemctl(["daemon-reload"], env);
  await systemctl(["enable", "--now", timer.name], env);
  return { scheduler: "systemd", changed: written || !enabled };
}

async function removeUnits(target: ScheduleTarget, env: Env): Promise<ScheduleChange> {
  const { service, timer } = systemdUnits(target);
  const paths = [service, timer].map((unit) => join(unitFolder(env), unit.name));
  if ((await Promise.all(paths.map(readUnit))).every((text) => text === undefined))
    return { scheduler: "systemd", changed: false };
  await systemctl(["disable", "--now", timer.name], env);
  for (const path of paths) await rm(path, { force: true });
  await systemctl(["daemon-reload"], env);
  return { scheduler: "systemd", changed: true };
}

/** Shows the schedule for this machine without changing anything: what it is or would be, and whether it is installed. */
export async function showSchedule(target: ScheduleTarget, env: Env = process.env): Promise<Schedule> {
  const scheduler = await findScheduler(env);
  if (scheduler !== "systemd") {
    const installed = scheduler === "cron" && (await readCrontab(env)).includes(crontabBlock(target));
    return { scheduler, installed, text: `${crontabLine(target)}\n` };
  }
  const { service, timer } = systemdUnits(target);
  const units = [service, timer];
  const present = await Promise.all(units.map((unit) => readUnit(join(unitFolder(env), unit.name))));
  return {
    scheduler,
    installed: units.every((unit, index) => present[index] === unit.text) && (await isEnabled(timer.name, env)),
    text: units.map((unit) => `# ${unit.name}\n${unit.text}`).join("\n"),
  };
}

/**
 * Installs the daily schedule for this user: a systemd user timer, or else a marked block in the crontab. Doing it
 * again changes nothing. Throws UserError (missing) where the machine has neither.
 */
export async function installSchedule(target: ScheduleTarget, env: Env = process.env): Promise<ScheduleChange> {
  if ((await demandScheduler(env)) === "systemd") return installUnits(target, env);
  return changeCrontab((crontab) => withBlock(crontab, target), env);
}

/** Removes what `installSchedule` installed, and nothing else. Doing it again changes nothing. */
export async function removeSchedule(target: ScheduleTarget, env: Env = process.env): Promise<ScheduleChange> {
  if ((await demandScheduler(env)) === "systemd") return removeUnits(target, env);
  return changeCrontab((crontab) => withoutBlock(crontab, target), env);
}

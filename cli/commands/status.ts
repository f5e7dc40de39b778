import type { Command } from "commander";
import { readStackSettings } from "../../settings/stackFile";
import { age, bytes, heading, print, printJson, printRows } from "../console";
import { addJson, addStack } from "../options";
import { postgresStatus, showPostgres, usesPostgres } from "../postgresStatus";
import { ROOT, settingsOf, stackNames } from "../project";
import { type Status, statusOf } from "../status";

/** `ladder status`: how a stack is doing, and what to do next. Looks only; needs no engine. */
export function addStatus(program: Command): void {
  const command = program
    .command("status")
    .summary("how a stack is doing, and what to do next")
    .description(
      "Shows tier, users against limits, database and log size, the last good backup and drill, and the next step; of a stack with PostgreSQL, the figures of the server that PGHOST or LADDER_DATABASE_URL names.",
    );
  addJson(addStack(command)).action(async (stack: string, { json }: { json: boolean }) => {
    const stacks = stackNames().map((name) => ({ name, tier: tierOf(name) }));
    const settings = settingsOf(stack, "warn");
    if (usesPostgres(settings)) {
      const status = await postgresStatus(stack, settings, process.env);
      if (json) printJson({ ...status, stacks });
      else showPostgres(status);
      return;
    }
    const status = { ...(await statusOf(stack)), stacks };
    if (json) printJson(status);
    else show(status);
  });
}

function tierOf(stack: string): string {
  try {
    return readStackSettings(ROOT, stack).settings.tier;
  } catch {
    return "settings are wrong";
  }
}

function show(status: Status & { readonly stacks: readonly { readonly name: string; readonly tier: string }[] }): void {
  const { database, backup, drill, users } = status;
  print(heading(`Stack ${status.stack} (tier ${status.tier})`));
  printRows([
    [
      "users",
      `${users.count} (advice to move above ${users.adviseAbove ?? "–"}, refused above ${users.refuseAbove ?? "–"})`,
    ],
    [
      "database",
      database.exists
        ? `${database.path}, ${bytes(database.sizeBytes ?? 0)} + log ${bytes(database.walBytes ?? 0)}, schema ${database.schemaVersion} of ${database.catalogue}`
        : `${database.path} does not exist`,
    ],
    [
      "last good backup",
      backup === undefined ? "never" : `${age(Date.now() - Date.parse(backup.created))}, ${backup.file}`,
    ],
    [
      "last drill",
      drill === undefined ? "never" : `${drill.ok ? "passed" : "FAILED"} ${age(Date.now() - Date.parse(drill.at))}`,
    ],
    ["next step", status.next],
    ["stacks", status.stacks.map(({ name, tier }) => `${name} (${tier})`).join(", ")],
  ]);
}

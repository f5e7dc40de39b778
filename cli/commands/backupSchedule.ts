import type { Command } from "commander";
import { installSchedule, removeSchedule, showSchedule } from "../../local/backup/schedule/install";
import { print, printJson } from "../console";
import { localPlaces } from "../local";
import { addJson, addStack } from "../options";
import { type OnShared, ROOT } from "../project";

/** `ladder backup schedule`: shows, installs or removes a nightly backup. Nothing is installed unless it is asked for. */
export function addSchedule(backup: Command): void {
  const schedule = backup
    .command("schedule")
    .summary("show, install or remove the nightly backup")
    .description("The nightly backup (01:00 UTC) as a systemd user timer or, without systemd, a crontab line.");

  addJson(
    addStack(
      schedule.command("show", { isDefault: true }).description("Shows what would be installed. Installs nothing."),
    ),
  ).action(async (stack: string, { json }: { json: boolean }) => {
    const found = await showSchedule(target(stack, "warn"));
    if (json) {
      printJson({ stack, ...found });
      return;
    }
    print(found.text);
    print(
      found.installed
        ? "It is installed."
        : `It is not installed. Install it with: npx ladder backup schedule install ${stack}`,
    );
  });
  addJson(addStack(schedule.command("install").description("Installs it. Doing so twice changes nothing."))).action(
    async (stack: string, { json }: { json: boolean }) => {
      const { scheduler, changed } = await installSchedule(target(stack));
      if (json) {
        printJson({ stack, scheduler, changed });
        return;
      }
      print(
        changed
          ? `Installed the nightly backup of stack ${stack} (${scheduler}).`
          : "It was installed already; nothing changed.",
      );
      if (scheduler === "systemd")
        print("systemd ends it when you log out, unless lingering is on: loginctl enable-linger");
    },
  );
  addJson(addStack(schedule.command("remove").description("Removes it, and nothing else."))).action(
    async (stack: string, { json }: { json: boolean }) => {
      const { scheduler, changed } = await removeSchedule(target(stack, "warn"));
      if (json) printJson({ stack, scheduler, changed });
      else
        print(
          changed
            ? `Removed the nightly backup of stack ${stack} (${scheduler}).`
            : "It was not installed; nothing changed.",
        );
    },
  );
}

function target(stack: string, onShared?: OnShared) {
  localPlaces(stack, onShared);
  return { root: ROOT, node: process.execPath, stack };
}

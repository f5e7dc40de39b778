import { createHash } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../../../settings/errors";

/** What a schedule runs: the scheduled backup of one stack of one checkout of this project. */
export interface ScheduleTarget {
  /** The project's folder. */
  root: string;
  /** The node executable; cron's PATH rarely has it. */
  node: string;
  stack: string;
}

/** The command and its arguments, unquoted. Throws UserError where a path cannot be written into a schedule at all. */
export function scheduledCommand(target: ScheduleTarget): string[] {
  const command = [
    target.node,
    join(target.root, "cli", "ladder.cjs"),
    "backup",
    "create",
    target.stack,
    "--scheduled",
  ];
  for (const word of [target.root, ...command])
    if (/[\n\r\0]/.test(word))
      throw new UserError(
        `${JSON.stringify(word)} contains a line break, which a schedule cannot carry. Move the project.`,
      );
  return command;
}

/** A name for the schedule that no other stack and no other checkout has. */
export function scheduleName(target: ScheduleTarget): string {
  const place = createHash("sha256").update(target.root).digest("hex").slice(0, 8);
  return `scaling-ladder-backup-${target.stack.replace(/[^A-Za-z0-9_-]/g, "-")}-${place}`;
}

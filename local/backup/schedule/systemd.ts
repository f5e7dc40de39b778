import { type ScheduleTarget, scheduledCommand, scheduleName } from "./target";

/** A unit file: its name and its text. */
export interface Unit {
  name: string;
  text: string;
}

/** One word of ExecStart: quotes, backslashes, specifiers and variables mean themselves. */
const quote = (word: string): string =>
  `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;

/**
 * A systemd user service and the timer that starts it at 01:00 UTC every day, and after a night in which the machine
 * was off as soon as it is on again.
 */
export function systemdUnits(target: ScheduleTarget): { service: Unit; timer: Unit } {
  const name = scheduleName(target);
  const command = scheduledCommand(target);
  const description = `Backup of scaling-ladder stack ${target.stack.replaceAll("%", "%%")}`;
  const service = `[Unit]
Description=${description}

[Service]
Type=oneshot
WorkingDirectory=${target.root.replaceAll("%", "%%")}
ExecStart=${command.map(quote).join(" ")}
Nice=10
IOSchedulingClass=idle
UMask=0077
`;
  const timer = `[Unit]
Description=${description}, daily

[Timer]
OnCalendar=*-*-* 01:00:00 UTC
Persistent=true

[Install]
WantedBy=timers.target
`;
  return { service: { name: `${name}.service`, text: service }, timer: { name: `${name}.timer`, text: timer } };
}

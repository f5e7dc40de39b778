import { type ScheduleTarget, scheduledCommand, scheduleName } from "./target";

/** One word for sh, inside a crontab, where a bare % would end the command. */
const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`.replaceAll("%", "\\%");

/**
 * The crontab line. Cron reckons in local time and not every cron knows time zones, so the line asks every hour and
 * acts in the hour of 01:00 UTC, summer and winter alike.
 */
export function crontabLine(target: ScheduleTarget): string {
  const command = scheduledCommand(target).map(quote).join(" ");
  return `0 * * * * [ "$(date -u +\\%H)" = 01 ] && cd ${quote(target.root)} && ${command}`;
}

const begin = (target: ScheduleTarget): string => `# >>> ${scheduleName(target)} >>>`;
const end = (target: ScheduleTarget): string => `# <<< ${scheduleName(target)} <<<`;

/** The marked block that carries the line. */
export const crontabBlock = (target: ScheduleTarget): string =>
  `${begin(target)}\n${crontabLine(target)}\n${end(target)}\n`;

/** A crontab without our block; every other line stays as it is, byte for byte. */
export function withoutBlock(crontab: string, target: ScheduleTarget): string {
  const lines = crontab.split("\n");
  const first = lines.indexOf(begin(target));
  const last = lines.indexOf(end(target), first);
  if (first < 0 || last < 0) return crontab;
  return [...lines.slice(0, first), ...lines.slice(last + 1)].join("\n");
}

/** A crontab with our block at its end, once, and every other line as it is. */
export function withBlock(crontab: string, target: ScheduleTarget): string {
  const others = withoutBlock(crontab, target);
  return `${others}${others === "" || others.endsWith("\n") ? "" : "\n"}${crontabBlock(target)}`;
}

import { UserError } from "../../settings/errors";

/** Windows of a cache, in UTC. */
export interface RedisWindows {
  /** Daily, such as `04:00-05:00`. */
  readonly snapshot: string;
  /** Weekly, such as `sun:06:00-sun:07:00`. */
  readonly maintenance: string;
}

/** After the database's backup (03:00) and maintenance (Sunday 05:00), so that no two windows of a stack meet. */
export const DEFAULT_WINDOWS: RedisWindows = { snapshot: "04:00-05:00", maintenance: "sun:06:00-sun:07:00" };

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Minutes that a window lasts at least (API reference, CreateReplicationGroup). */
const SHORTEST = 60;

interface Span {
  /** Minutes from the beginning of the day or the week. */
  readonly start: number;
  readonly length: number;
}

/** Refuses windows that meet: a snapshot and a restart at once would leave the cache without a good copy. */
export function checkWindows({ snapshot, maintenance }: RedisWindows): void {
  const daily = span("snapshotWindow", snapshot, /^(\d\d:\d\d)-(\d\d:\d\d)$/, DAY);
  const weekly = span("maintenanceWindow", maintenance, /^([a-z]{3}:\d\d:\d\d)-([a-z]{3}:\d\d:\d\d)$/, WEEK);
  const meets = DAYS.some((_, day) => touch({ ...daily, start: day * DAY + daily.start }, weekly));
  if (meets)
    throw new UserError(
      `cache: maintenanceWindow ${maintenance} meets the daily snapshot at ${snapshot}; choose another hour`,
    );
}

function span(name: string, text: string, form: RegExp, period: number): Span {
  const [, from, to] = form.exec(text) ?? [];
  const [start, end] = [minutes(from), minutes(to)];
  if (start === undefined || end === undefined)
    throw new UserError(`cache: ${name} ${text} is no window in UTC such as ${DEFAULT_WINDOWS.maintenance}`);
  const length = (end - start + period) % period;
  if (length < SHORTEST) throw new UserError(`cache: ${name} ${text} must last at least ${SHORTEST} minutes`);
  return { start, length };
}

function minutes(text: string | undefined): number | undefined {
  const parts = (text ?? "").split(":");
  const [minute, hour, day] = [Number(parts.at(-1)), Number(parts.at(-2)), parts.at(-3)];
  const index = day === undefined ? 0 : DAYS.indexOf(day);
  return index >= 0 && hour < 24 && minute < 60 ? index * DAY + hour * 60 + minute : undefined;
}

/** True when two spans of a week share a minute; a span may run over the end of the week. */
const touch = (one: Span, other: Span): boolean =>
  (other.start - one.start + WEEK) % WEEK < one.length || (one.start - other.start + WEEK) % WEEK < other.length;

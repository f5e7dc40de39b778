import type { SqliteValue, TimeForm } from "../model";
import { type Decimal, parseDecimal, withScale } from "./decimal";

/** A moment in UTC. */
export interface Moment {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Microseconds since midnight. */
  readonly micros: number;
}

const DAY = 86_400_000_000;
const HOUR = 3_600_000_000;
const MINUTE = 60_000_000;

/** 1970-01-01 as a Julian day, in milliseconds. */
const EPOCH_JULIAN_MS = 210_866_760_000_000;

/** How many decimals a number of the form has until it is microseconds. */
const DECIMALS = { seconds: 6, milliseconds: 3, microseconds: 0 } as const;

const TEXT =
  /^(\d{4})-(\d\d)-(\d\d)(?:(?:T| +)(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?: *(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?))?)?$/;

/** Reads `2024-01-02`, with ` 03:04`, `:05`, `.678901` and `Z` or `+02:00`. Undefined for another text, or a date that is none. */
export function momentOfText(text: string): Moment | undefined {
  const found = TEXT.exec(text);
  if (found === null) return undefined;
  const [
    ,
    year,
    month,
    date,
    hour = "0",
    minute = "0",
    second = "0",
    fraction,
    ,
    sign,
    offHour = "0",
    offMinute = "0",
  ] = found;
  const day = dayOf(Number(year), Number(month), Number(date));
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offHour) > 15 || Number(offMinute) > 59) return undefined;
  const offset = (Number(offHour) * HOUR + Number(offMinute) * MINUTE) * (sign === "-" ? -1 : 1);
  const time = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * 1e6 + microsOf(fraction);
  return inRange(day, time - offset);
}

/** Reads a value of a column of times. Undefined for what is none; a number among texts is none, for nobody knows its unit. */
export function momentOf(value: Exclude<SqliteValue, null>, form: TimeForm): Moment | undefined {
  if (typeof value === "object") return undefined;
  if (form !== "text") {
    const decimal = parseDecimal(String(value));
    if (decimal !== undefined) return form === "julian" ? ofJulian(Number(value)) : ofUnix(decimal, DECIMALS[form]);
  }
  // Among numbers, a date as a text still says what it is.
  return typeof value === "string" ? momentOfText(value) : undefined;
}

function ofUnix(decimal: Decimal, decimals: number): Moment | undefined {
  // Far beyond every year, and not to be written out.
  if (decimal.digits.length - decimal.scale > 20) return undefined;
  const { digits, negative } = withScale({ ...decimal, scale: decimal.scale - decimals }, 0).decimal;
  return ofMicros(BigInt(`${negative ? "-" : ""}${digits || "0"}`));
}

/** To the nearest millisecond, as SQLite's date functions have it. */
const ofJulian = (days: number): Moment | undefined =>
  Number.isFinite(days) ? ofMillis(Math.floor(days * 86_400_000 + 0.5) - EPOCH_JULIAN_MS) : undefined;

/** The value that `momentOf` reads as the moment: a number where SQLite has one for it, else the text. */
export function momentValue(moment: Moment, form: TimeForm, text: string): SqliteValue {
  if (form === "text") return text;
  const micros = BigInt(moment.day) * BigInt(DAY) + BigInt(moment.micros);
  const unit = form === "julian" ? 1_000n : 10n ** BigInt(DECIMALS[form]);
  const number =
    form === "julian"
      ? (Number(micros / 1_000n) + EPOCH_JULIAN_MS) / 86_400_000
      : micros % unit === 0n
        ? micros / unit
        : Number(micros) / Number(unit);
  const read = momentOf(number, form);
  return read?.day === moment.day && read.micros === moment.micros ? number : text;
}

/** `2024-01-02`. */
export const dateText = ({ day }: Moment): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** `2024-01-02 03:04:05.6`, as PostgreSQL shows it. */
export function timeText(moment: Moment): string {
  const { micros } = moment;
  const time = `${two(Math.floor(micros / HOUR))}:${two(Math.floor(micros / MINUTE) % 60)}:${two(Math.floor(micros / 1e6) % 60)}`;
  const fraction = micros % 1e6;
  const decimals = fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
  return `${dateText(moment)} ${time}${decimals}`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** As PostgreSQL rounds it: a double, its half to the even one. */
function microsOf(fraction: string | undefined): number {
  if (fraction === undefined) return 0;
  const micros = Number(`0.${fraction}`) * 1e6;
  const down = Math.floor(micros);
  if (micros - down !== 0.5) return Math.round(micros);
  return down % 2 === 0 ? down : down + 1;
}

function dayOf(year: number, month: number, date: number): number | undefined {
  if (year < 1 || month < 1 || month > 12 || date < 1) return undefined;
  const start = new Date(0);
  // Not Date.UTC, which takes the year 24 for 1924.
  const time = start.setUTCFullYear(year, month - 1, date);
  return start.getUTCMonth() === month - 1 ? time / 86_400_000 : undefined;
}

const FIRST = -719_162;
const LAST = 2_932_896;

/** Undefined before the year 1 and after 9999: PostgreSQL has more years, their texts are others. */
function inRange(day: number, micros: number): Moment | undefined {
  const days = day + Math.floor(micros / DAY);
  const rest = micros - Math.floor(micros / DAY) * DAY;
  return days >= FIRST && days <= LAST ? { day: days, micros: rest } : undefined;
}

function ofMicros(micros: bigint): Moment | undefined {
  const rest = ((micros % BigInt(DAY)) + BigInt(DAY)) % BigInt(DAY);
  return inRange(Number((micros - rest) / BigInt(DAY)), Number(rest));
}

function ofMillis(millis: number): Moment | undefined {
  const day = Math.floor(millis / 86_400_000);
  return inRange(day, (millis - day * 86_400_000) * 1_000);
}

import { type Codec, Refusal, type TimeForm } from "../model";
import { momentOf, momentOfText, momentValue, timeText } from "./moment";
import { momentSql } from "./momentSql";

/** Times, UTC where nothing else is said, to the microsecond. */
export function timestampCodec(from: TimeForm, zone: boolean): Codec {
  const suffix = zone ? "+00" : "";
  return {
    type: zone ? "timestamptz" : "timestamp",
    encode(value) {
      if (value === null) return null;
      if (value === "infinity" || value === "-infinity") return value;
      const moment = momentOf(value, from);
      return moment === undefined ? notTime(from) : timeText(moment) + suffix;
    },
    decode(text) {
      const moment = text === null ? undefined : momentOfText(text);
      // Infinity, and years that the codec does not take, stay as PostgreSQL shows them.
      if (text === null || moment === undefined) return text;
      // SQLite's date functions read an offset of hours and minutes only.
      return momentValue(moment, from, timeText(moment) + (zone ? "+00:00" : ""));
    },
    sql: (expression) => momentSql(expression, from, suffix),
  };
}

/** Why a value is refused that is no time of the form. */
export const notTime = (from: TimeForm): Refusal =>
  new Refusal(from === "text" ? "is no date or time as SQLite writes them" : `is no time in ${FORMS[from]}`);

const FORMS = {
  seconds: "seconds since 1970",
  milliseconds: "milliseconds since 1970",
  microseconds: "microseconds since 1970",
  julian: "Julian days",
} as const;

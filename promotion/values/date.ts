import { type Codec, Refusal, type TimeForm } from "../model";
import { dateText, momentOf, momentOfText, momentValue } from "./moment";
import { dateSql } from "./momentSql";
import { notTime } from "./timestamp";

/** Dates without a time; a time is taken only where it is midnight. */
export function dateCodec(from: TimeForm): Codec {
  return {
    type: "date",
    encode(value) {
      if (value === null) return null;
      if (value === "infinity" || value === "-infinity") return value;
      const moment = momentOf(value, from);
      if (moment === undefined) return notTime(from);
      return moment.micros === 0 ? dateText(moment) : new Refusal("has a time of the day, which a date does not keep");
    },
    decode(text) {
      const moment = text === null ? undefined : momentOfText(text);
      return text === null || moment === undefined ? text : momentValue(moment, from, text);
    },
    sql: (expression) => dateSql(expression, from),
  };
}

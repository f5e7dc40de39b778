import type { CodecSpec, TimeForm } from "../../model";
import { strays } from "./numbers";
import { found, type Given, list, type Proposal, ruling } from "./proposal";

/** `2024-12-31`: longer texts of a DATE column carry a time of day. */
const DATE_CHARACTERS = 10;

const isDate = ({ column }: Given): boolean => /^DATE$/i.test(column.declared.trim());
const zoned = ({ column }: Given): boolean => /WITH TIME ZONE|TIMESTAMPTZ|OFFSET/i.test(column.declared);

/** DATETIME, TIMESTAMP and DATE, decided by what the values are; where they are not of one form, only the user can tell. */
export function time(given: Given): Proposal {
  const { texts, numbers, blobs, values, profiled } = found(given.profile);
  if (values === 0) {
    const why = profiled ? "no value to judge by" : `declared ${given.column.declared}`;
    return { codec: isDate(given) ? { kind: "date", from: "text" } : stamp("text", zoned(given)), why };
  }
  if (texts > 0 && numbers > 0)
    return ask(given, `${list({ texts, numbers })}: texts and numbers for times`, textTimes(given, blobs).codec);
  return texts > 0 || numbers === 0 ? textTimes(given, blobs) : numberTimes(given, blobs);
}

const stamp = (from: TimeForm, zone: boolean): CodecSpec => ({ kind: "timestamp", from, zone });

function ask(given: Given, what: string, codec: CodecSpec): Proposal {
  const answers = "type: timestamptz, from: seconds";
  return {
    codec,
    why: what,
    question: `it holds ${what}; say what they are, ${ruling(given, answers)} (type: timestamp, timestamptz, date, text or bigint; from: text, seconds, milliseconds, microseconds or julian; the others are put aside)`,
  };
}

function textTimes(given: Given, blobs: number): Proposal {
  const { texts } = found(given.profile);
  const { time: times = 0, withOffset = 0, empty = 0, longestCharacters = 0 } = given.profile?.texts ?? {};
  const offsets = withOffset > 0;
  if (offsets && withOffset < times)
    return ask(
      given,
      `${list({ "texts with an offset": withOffset })} and ${list({ "texts without one": times - withOffset })}`,
      stamp("text", true),
    );
  const wrong = { texts: texts - times - (given.rule?.empty ? empty : 0), blobs };
  if (isDate(given) && !offsets && longestCharacters <= DATE_CHARACTERS)
    return strays(given, { kind: "date", from: "text" }, "every text is a date", wrong);
  const why = offsets ? "ISO times with an offset" : "ISO times without an offset, which are UTC";
  const proposal = strays(given, stamp("text", offsets || zoned(given)), why, wrong);
  if (!isDate(given) || proposal.warning) return proposal;
  return {
    ...proposal,
    warning: `declared ${given.column.declared}, but texts carry a time of day: timestamp instead`,
  };
}

const FORMS = ["seconds", "milliseconds", "microseconds", "julian"] as const;

/** A number of seconds since 1970 is a moment, so its type has a zone. Other than by its size nobody can tell its unit. */
function numberTimes(given: Given, blobs: number): Proposal {
  const counts = given.profile?.numbers;
  const { numbers } = found(given.profile);
  const form = FORMS.find((name) => counts?.[name] === numbers);
  if (form) return strays(given, stamp(form, true), `every number is a time in ${form} by its size`, { blobs });
  const { seconds = 0, milliseconds = 0, microseconds = 0, julian = 0 } = counts ?? {};
  const others = numbers - seconds - milliseconds - microseconds - julian;
  const what = list({
    "numbers like seconds": seconds,
    "numbers like milliseconds": milliseconds,
    "numbers like microseconds": microseconds,
    "numbers like Julian days": julian,
    "other numbers": others,
  });
  const most = FORMS.reduce((best, name) => ((counts?.[name] ?? 0) > (counts?.[best] ?? 0) ? name : best));
  return ask(given, what, stamp(most, true));
}

/** The type of a time of which a rule says only what its values are. */
export function timeType(given: Given, from: TimeForm): "timestamp" | "timestamptz" | "date" {
  const { withOffset = 0, longestCharacters = 0 } = given.profile?.texts ?? {};
  if (from !== "text" || withOffset > 0 || zoned(given)) return "timestamptz";
  return isDate(given) && longestCharacters <= DATE_CHARACTERS ? "date" : "timestamp";
}

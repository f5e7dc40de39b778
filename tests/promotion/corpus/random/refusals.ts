import { type Meaning, meaningOf, type Raw, textOf } from "./meaning";

interface Told {
  readonly column: Meaning;
  readonly raw: Raw;
}

const isText = ({ raw }: Told): boolean => raw.storage === "text";
const isNumber = ({ raw }: Told): boolean => raw.storage === "integer" || raw.storage === "real";
const isBlob = ({ raw }: Told): boolean => raw.storage === "blob";
const isInvalid = (told: Told): boolean => isText(told) && textOf(told.raw) === undefined;

/** Every reason for which a value may be put aside, and what must be so in the data. */
const REASONS: readonly (readonly [reason: RegExp, holds: (told: Told) => boolean])[] = [
  [/^is a text that is no (integer|number|boolean)$/, isText],
  [/^is a REAL that is no integer$/, ({ raw }) => raw.storage === "real"],
  [/^is an integer beyond (smallint|bigint)$/, (told) => isText(told) || isNumber(told)],
  [/^is no (number|boolean), but a BLOB or a text that is no UTF-8$/, (told) => isBlob(told) || isInvalid(told)],
  [/^is a number that is neither 0 nor 1$/, isNumber],
  [/^is an integer that double precision does not hold exactly$/, ({ raw }) => raw.storage === "integer"],
  [/^is a number beyond (double precision|numeric\(10,2\))$/, (told) => isText(told) || isNumber(told)],
  [/^has more than 2 decimals$/, (told) => isText(told) || isNumber(told)],
  [/^is infinite, and numeric\(10,2\) is not$/, ({ raw }) => Math.abs(Number(raw.value)) === Number.POSITIVE_INFINITY],
  [/^has a NUL character$/, ({ raw }) => textOf(raw)?.includes("\0") === true],
  [/^has more than (20|70) characters$/, (told) => isText(told) || isNumber(told)],
  [/^is a text that is no UTF-8$/, isInvalid],
  [/^is a BLOB(, not a JSON text)?$/, isBlob],
  [/^is a number, not (a text|bytes)$/, isNumber],
  [/^is no date or time as SQLite writes them$/, () => true],
  [/^is no time in (seconds|milliseconds|microseconds since 1970|Julian days|(milli)?seconds since 1970)$/, () => true],
  [/^has a time of the day, which a date does not keep$/, (told) => isText(told) || isNumber(told)],
  [/JSON/, (told) => isText(told) || isNumber(told)],
];

/** Whether the value really is what the reason says, and the column cannot take it. */
export function holds(reason: string, column: Meaning, raw: Raw): boolean {
  if (reason === "is NULL, and PostgreSQL has no NULL in a key") return raw.storage === "null";
  const found = REASONS.find(([words]) => words.test(reason));
  return found !== undefined && meaningOf(column, raw) === undefined && found[1]({ column, raw });
}

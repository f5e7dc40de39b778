import type { SqlEncoding, TimeForm } from "../model";

/** Seconds from 0001-01-01 to the end of 9999. */
const FIRST = -62_135_596_800n;
const LAST = 253_402_300_799n;
const UNITS = { seconds: 1n, milliseconds: 1_000n, microseconds: 1_000_000n } as const;

const DATE = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]";
const TIME = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]";

/** Times in SQL: whole texts without an offset and, besides, whole numbers. A date that is none is left to PostgreSQL to refuse. */
export function momentSql(expression: string, from: TimeForm, suffix: string): SqlEncoding | undefined {
  if (from === "julian") return undefined;
  const end = suffix === "" ? "" : ` || '${suffix}'`;
  if (from === "text") {
    const fraction = `length(${expression}) BETWEEN 21 AND 26 AND length(${expression}) = octet_length(${expression})
      AND ${expression} GLOB '${DATE}[ T]${TIME}.[0-9]*' AND substr(${expression}, 21) NOT GLOB '*[^0-9]*'`;
    const spaced = `replace(${expression}, 'T', ' ')`;
    return encoding(
      `CASE octet_length(${expression}) WHEN 10 THEN ${expression} || ' 00:00:00' WHEN 19 THEN ${spaced}
        ELSE rtrim(rtrim(${spaced}, '0'), '.') END${end}`,
      `((typeof(${expression}) = 'text' AND CASE octet_length(${expression})
        WHEN 10 THEN ${expression} GLOB '${DATE}' WHEN 19 THEN ${expression} GLOB '${DATE}[ T]${TIME}' ELSE ${fraction} END
        AND (octet_length(${expression}) = 10 OR substr(${expression}, 12, 2) < '24')) OR ${expression} IS NULL)`,
    );
  }
  const unit = UNITS[from];
  const time = `strftime('%Y-%m-%d %H:%M:%S', ${expression} / ${unit}, 'unixepoch')`;
  const digits = unit.toString().length - 1;
  const fraction = `CASE WHEN ${expression} % ${unit} = 0 THEN '' ELSE rtrim(printf('.%0${digits}d', ${expression} % ${unit}), '0') END`;
  // Before 1970 the rest of a division is negative.
  const first = unit === 1n ? FIRST : 0n;
  return encoding(
    `${time}${unit === 1n ? "" : ` || ${fraction}`}${end}`,
    whole(expression, `BETWEEN ${first} AND ${LAST * unit + unit - 1n}`),
  );
}

/** Dates in SQL, as `momentSql`. */
export function dateSql(expression: string, from: TimeForm): SqlEncoding | undefined {
  if (from === "julian") return undefined;
  if (from === "text")
    return encoding(
      expression,
      `((typeof(${expression}) = 'text' AND octet_length(${expression}) = 10 AND ${expression} GLOB '${DATE}') OR ${expression} IS NULL)`,
    );
  const unit = UNITS[from];
  return encoding(
    `strftime('%Y-%m-%d', ${expression} / ${unit}, 'unixepoch')`,
    whole(expression, `BETWEEN ${FIRST * unit} AND ${LAST * unit} AND ${expression} % ${86_400n * unit} = 0`),
  );
}

const whole = (expression: string, condition: string): string =>
  `((typeof(${expression}) = 'integer' AND ${expression} ${condition}) OR ${expression} IS NULL)`;

const encoding = (text: string, clean: string): SqlEncoding => ({ text, clean, canonical: true, escapes: false });

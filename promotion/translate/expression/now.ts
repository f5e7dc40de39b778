import { Unsure } from "../sql/unsure";
import { integer, quoteText, type Typed, text } from "./typed";

const UTC = "AT TIME ZONE 'UTC'";
const STEP = /^([+-]?\d+(?:\.\d+)?) (day|hour|minute|second)s?$/i;

/** strftime's fields as to_char has them. */
const FIELDS: Readonly<Record<string, string>> = {
  "%Y": "YYYY",
  "%m": "MM",
  "%d": "DD",
  "%H": "HH24",
  "%M": "MI",
  "%S": "SS",
  "%f": "SS.MS",
  "%j": "DDD",
  "%F": "YYYY-MM-DD",
  "%T": "HH24:MI:SS",
  "%R": "HH24:MI",
  "%%": '"%"',
};

const TEXTS = { timestamp: "%F %T", datetime: "%F %T", date: "%F", time: "%T" } as const;

export const NOW_FUNCTIONS = ["datetime", "date", "time", "strftime", "unixepoch", "julianday"];

/** CURRENT_TIMESTAMP and the like. */
export const current = (what: "timestamp" | "date" | "time"): Typed => shown("now()", TEXTS[what]);

/** The functions of date and time, of the present moment alone. @throws Unsure */
export function nowFunction(name: string, args: readonly Typed[]): Typed {
  const strings = args.map(({ literal, kind }) => (kind === "text" ? literal : undefined));
  const [format, moment = "now", ...steps] = name === "strftime" ? strings : ["", ...strings];
  if (format === undefined || moment === undefined || moment.toLowerCase() !== "now" || strings.includes(undefined))
    throw new Unsure(`it calls ${name}() of another moment than 'now'`);
  const at = steps.reduce((from: string, step) => stepped(from, step ?? ""), "now()");
  if (name === "unixepoch") return epoch(at);
  if (name === "julianday")
    return {
      sql: `(extract(epoch FROM ${at})::double precision / 86400 + 2440587.5)`,
      kind: "double",
      atom: true,
      moment: at,
    };
  if (name !== "strftime") return shown(at, TEXTS[name as "datetime" | "date" | "time"]);
  if (format === "%s") return { ...text(`${epoch(at).sql}::text`), number: epoch(at), moment: at };
  return shown(at, format);
}

function stepped(from: string, step: string): string {
  const match = STEP.exec(step);
  if (!match) throw new Unsure(`it calculates a time by '${step}'`);
  return `(${from} + interval ${quoteText(`${match[1]} ${match[2]?.toLowerCase()}`)})`;
}

const epoch = (at: string): Typed =>
  integer(`floor(extract(epoch FROM ${at}))::bigint`, { wide: true, small: true, moment: at });

function shown(at: string, format: string): Typed {
  const pieces = format.match(/%.|[^%]+/gs) ?? [];
  const pattern = pieces.map((piece) => {
    if (!piece.startsWith("%")) return /^[\s:.,/-]*$/.test(piece) ? piece : `"${piece.replace(/["\\]/g, "\\$&")}"`;
    const field = FIELDS[piece];
    if (!field) throw new Unsure(`it formats a time by ${piece}`);
    return field;
  });
  return { ...text(`to_char(${at} ${UTC}, ${quoteText(pattern.join(""))})`), moment: at };
}

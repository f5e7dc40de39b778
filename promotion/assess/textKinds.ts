import { momentOfText } from "../values/moment";

const DATE = /^\d{4}-\d\d-\d\d/;
const OFFSET = /\d *(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/;
/** Characters of a date alone, the end of which looks like an offset. */
const DATE_LENGTH = 10;

/** What a text is as a time: a date or time of day that exists, with or without an offset. A time of day alone is none. */
export function timeOf(text: string): "none" | "plain" | "offset" {
  if (!DATE.test(text) || momentOfText(text) === undefined) return "none";
  return text.length > DATE_LENGTH && OFFSET.test(text) ? "offset" : "plain";
}

/** Escapes that JSON allows and jsonb does not take: U+0000, and one half of a surrogate pair. */
const ESCAPE = /\\(?:u([\da-fA-F]{4})|[^u])/g;
const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

export function jsonbRefuses(json: string): boolean {
  if (!json.includes("\\u")) return false;
  let high = -1;
  for (const found of json.matchAll(ESCAPE)) {
    const code = found[1] === undefined ? -1 : Number.parseInt(found[1], 16);
    const completes = high === found.index && isLow(code);
    if (code === 0 || (high >= 0 && !completes) || (isLow(code) && !completes)) return true;
    high = isHigh(code) ? found.index + found[0].length : -1;
  }
  return high >= 0;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS_OF_JSON = new Set(["true", "false", "null"]);
const CLOSED_BY: Readonly<Record<string, string>> = { "{": "}", "[": "]", '"': '"' };
const JSON_SPACE = /^[ \t\n\r]|[ \t\n\r]$/;

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is JSON as RFC 8259 has it. What cannot be is told by its ends: a parser that throws is slow. */
export function jsonOf(text: string): "none" | "value" | "document" {
  const trimmed = JSON_SPACE.test(text) ? text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, "") : text;
  const opening = trimmed.charAt(0);
  const closing = CLOSED_BY[opening];
  if (closing === undefined) return JSON_NUMBER.test(trimmed) || WORDS_OF_JSON.has(trimmed) ? "value" : "none";
  if (!trimmed.endsWith(closing) || !parses(trimmed)) return "none";
  return opening === '"' ? "value" : "document";
}

const INTEGER = /^\s*[+-]?\d+\s*$/;
const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** A number as PostgreSQL's numeric reads it; `decimal` with a point or an exponent. */
export function numberOf(text: string): "none" | "integer" | "decimal" {
  if (INTEGER.test(text)) return "integer";
  return DECIMAL.test(text) ? "decimal" : "none";
}

const WORDS = new Set(["true", "false", "yes", "no", "on", "off", "t", "f", "y", "n"]);

/** A word that PostgreSQL takes for a boolean. */
export const isBooleanWord = (text: string): boolean => text.length <= 5 && WORDS.has(text.toLowerCase());

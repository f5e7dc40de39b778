import type { CodecSpec } from "../../../../promotion/model";
import { exact, reduced, rounded, shown } from "./decimal";
import { microsOf, microsOfText } from "./moment";

/** A value as SQLite stores it; texts as bytes. */
export interface Raw {
  readonly storage: "null" | "integer" | "real" | "text" | "blob";
  readonly value: null | bigint | number | Buffer;
}

/** A column of PostgreSQL: its type, and what only the plan knows of it. */
export interface Meaning {
  readonly type: string;
  readonly codec: CodecSpec;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Undefined for bytes that are no UTF-8. */
export function textOf({ value }: Raw): string | undefined {
  try {
    return utf8.decode(value as Buffer);
  } catch {
    return undefined;
  }
}

/** What a value of SQLite means in a column, in a form that is the same for the same; undefined where the column cannot take it. */
export function meaningOf({ type, codec }: Meaning, raw: Raw): string | null | undefined {
  const { storage, value } = raw;
  if (storage === "null") return null;
  const words = storage === "text" ? textOf(raw) : undefined;
  if (type === "bytea")
    return storage === "text" || storage === "blob" ? `\\x${(value as Buffer).toString("hex")}` : undefined;
  if (storage === "blob" || (storage === "text" && words === undefined)) return undefined;
  const number = storage === "text" ? undefined : (value as bigint | number);
  const reader = READERS.find(([name]) => name.test(type))?.[1] ?? text;
  return reader(number, words, type, codec);
}

type Reader = (
  number: bigint | number | undefined,
  words: string | undefined,
  type: string,
  codec: CodecSpec,
) => string | undefined;

const READERS: readonly (readonly [type: RegExp, read: Reader])[] = [
  [/^smallint$/, (number, words) => integer(number, words, 2n ** 15n)],
  [/^bigint$/, (number, words) => integer(number, words, 2n ** 63n)],
  [/^boolean$/, boolean],
  [/^double precision$/, double],
  [/^numeric/, decimal],
  [/^jsonb$/, (number, words) => json(words ?? String(number))],
  [/^(date|timestamp)/, moment],
];

function text(number: bigint | number | undefined, words: string | undefined, type: string, codec: CodecSpec) {
  const numbers = "numbers" in codec && codec.numbers === true;
  const shown = words ?? (numbers ? numberText(number ?? 0n) : "\0");
  const length = Number(/^character varying\((\d+)\)$/.exec(type)?.[1] ?? Number.POSITIVE_INFINITY);
  return shown.includes("\0") || [...shown].length > length ? undefined : shown;
}

/** The same of PostgreSQL's text for a value; a moment comes as microseconds. */
export function shownMeaning({ type }: Meaning, text: string | null): string | null {
  if (text === null) return null;
  if (type === "boolean") return text === "true" ? "t" : "f";
  if (type === "double precision") return doubleShown(Number(text));
  if (type.startsWith("numeric") || type === "date" || type.startsWith("timestamp")) {
    const number = exact(text);
    return number ? shown(number) : text;
  }
  return type === "jsonb" ? (json(text) ?? "no JSON") : text;
}

const doubleShown = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

function integer(number: bigint | number | undefined, text: string | undefined, most: bigint): string | undefined {
  const whole =
    typeof number === "bigint"
      ? number
      : typeof number === "number"
        ? Number.isInteger(number) && Math.abs(number) <= 2 ** 53 && BigInt(number)
        : /^[+-]?\d+$/.test(text ?? "") && BigInt((text ?? "").replace("+", ""));
  return whole !== false && whole !== undefined && whole >= -most && whole < most ? String(whole) : undefined;
}

function boolean(number: bigint | number | undefined, text: string | undefined): string | undefined {
  const word = (text ?? String(Number(number))).toLowerCase().replace(/^-0$/, "0");
  if (["1", "true", "t", "yes", "y", "on"].includes(word)) return "t";
  return ["0", "false", "f", "no", "n", "off"].includes(word) ? "f" : undefined;
}

function double(number: bigint | number | undefined, text: string | undefined): string | undefined {
  if (typeof number === "number") return doubleShown(number);
  if (typeof number === "bigint") return BigInt(Number(number)) === number ? doubleShown(Number(number)) : undefined;
  const word = text ?? "";
  const special = { infinity: "Infinity", "-infinity": "-Infinity", nan: "NaN" }[word.toLowerCase()];
  if (special) return special;
  const found = exact(word);
  if (!found) return undefined;
  const value = Number(word);
  return Number.isFinite(value) && (value !== 0 || found.digits === 0n) ? doubleShown(value) : undefined;
}

function decimal(number: bigint | number | undefined, text: string | undefined, type: string): string | undefined {
  const size = /\((\d+),(\d+)\)/.exec(type);
  const limits = size ? { precision: Number(size[1]), scale: Number(size[2]) } : undefined;
  const word = text ?? String(number);
  if (word === "NaN" && text !== undefined) return word;
  if (word === "Infinity" || word === "-Infinity") return limits ? undefined : word;
  const found = exact(word);
  if (!found) return undefined;
  if (!limits) return shown(found);
  const near = rounded(found, limits.scale);
  const noise =
    typeof number === "number" &&
    Math.abs(number - Number(shown(near))) <= 4 * 2 ** (Math.floor(Math.log2(Math.abs(number))) - 52);
  const fits =
    near.digits === 0n ||
    near.digits.toString().replace("-", "").length + limits.scale - near.scale <= limits.precision;
  return (found.scale <= limits.scale || noise) && fits ? shown(near) : undefined;
}

/** As SQLite shows numbers: always with a point where they are REAL. */
function numberText(number: bigint | number): string {
  if (typeof number === "bigint") return String(number);
  if (!Number.isFinite(number)) return number > 0 ? "Inf" : "-Inf";
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-4 || size >= 1e17)) {
    const [digits = "", power = ""] = number.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  const plain = String(number);
  return plain.includes(".") ? plain : `${plain}.0`;
}

function json(text: string): string | undefined {
  try {
    return stable(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined where a text in it cannot be in a jsonb. */
function stable(value: unknown): string | undefined {
  if (typeof value === "string")
    return /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)
      ? undefined
      : JSON.stringify(value);
  if (Array.isArray(value)) return joined(value.map(stable), "[", "]");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => {
      const [name, inner] = [stable(key), stable(one)];
      return name !== undefined && inner !== undefined ? `${name}:${inner}` : undefined;
    });
  return joined(parts, "{", "}");
}

const joined = (parts: readonly (string | undefined)[], open: string, close: string): string | undefined =>
  parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;

function moment(
  number: bigint | number | undefined,
  text: string | undefined,
  type: string,
  codec: CodecSpec,
): string | undefined {
  const form = "from" in codec ? codec.from : "text";
  if (text === "infinity" || text === "-infinity") return text === "infinity" ? "Infinity" : "-Infinity";
  const micros = microsOf(number, text, form) ?? (text === undefined ? undefined : microsOfText(text));
  if (micros === undefined) return undefined;
  if (micros < -62_135_596_800_000_000n || micros >= 253_402_300_800_000_000n) return undefined;
  if (type === "date" && micros % 86_400_000_000n !== 0n) return undefined;
  return shown(reduced({ digits: micros, scale: 0 }));
}

import { Refusal } from "../model";
import { decimalText, parseDecimal, withScale } from "./decimal";

/** Deeper ones, PostgreSQL's stack may not bear: its limit depends on a setting of the server. */
const DEEPEST = 6_000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/" },
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
};

class NotJson extends Error {}

/** A JSON text as PostgreSQL shows the jsonb of it: keys by length and bytes, the last of equal ones, numbers as numeric, one blank. */
export function canonicalJson(text: string): string | Refusal {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof NotJson) return new Refusal(error.message);
    throw error;
  }
}

/** An array or object that is being read. */
type Open =
  | { readonly items: string[]; readonly keys?: undefined }
  | { readonly keys: Map<string, string>; key: string };

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Not recursive: JavaScript's stack is small in some threads. */
  whole(): string {
    const open: Open[] = [];
    for (;;) {
      this.skip();
      let value = this.opened(open);
      // Put it into what is open, and close what ends with it.
      while (value !== undefined) {
        this.skip();
        const inner = open.at(-1);
        if (inner === undefined) {
          if (this.at < this.text.length) throw broken();
          return value;
        }
        value = this.added(open, inner, value);
      }
    }
  }

  /** A value that is whole, or undefined when an array or object began and its first element is next. */
  private opened(open: Open[]): string | undefined {
    const character = this.text[this.at];
    if (character !== "[" && character !== "{") return this.scalar(character);
    if (open.length >= DEEPEST) throw new NotJson(`is JSON of more than ${DEEPEST} levels`);
    this.at++;
    this.skip();
    if (this.text[this.at] === (character === "[" ? "]" : "}")) {
      this.at++;
      return character === "[" ? "[]" : "{}";
    }
    open.push(character === "[" ? { items: [] } : { keys: new Map(), key: this.key() });
    return undefined;
  }

  /** The whole array or object when the value was its last, else undefined. */
  private added(open: Open[], inner: Open, value: string): string | undefined {
    if (inner.keys === undefined) inner.items.push(value);
    else inner.keys.set(inner.key, value);
    const character = this.text[this.at++];
    if (character === ",") {
      this.skip();
      if (inner.keys !== undefined) inner.key = this.key();
      return undefined;
    }
    if (character !== (inner.keys === undefined ? "]" : "}")) throw broken();
    open.pop();
    return inner.keys === undefined ? `[${inner.items.join(", ")}]` : shownObject(inner.keys);
  }

  private key(): string {
    const key = this.string();
    this.skip();
    if (this.text[this.at++] !== ":") throw broken();
    return key;
  }

  private scalar(character: string | undefined): string {
    if (character === '"') return quoted(this.string());
    for (const word of ["true", "false", "null"])
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return word;
      }
    return shownNumber(this.take(NUMBER));
  }

  private string(): string {
    if (this.text[this.at++] !== '"') throw broken();
    let value = this.plain();
    for (let character = this.text[this.at++]; character !== '"'; character = this.text[this.at++]) {
      if (character !== "\\") throw broken();
      value += this.escape() + this.plain();
    }
    // A half of a surrogate pair can only come from an escape: texts of SQLite are whole.
    if (/[\ud800-\udfff]/u.test(value)) throw new NotJson("has half of a surrogate pair (\\ud8…) in its JSON");
    return value;
  }

  /** Characters of a string up to its end, an escape, or one that must not stand there. */
  private plain(): string {
    const start = this.at;
    for (let code = this.text.charCodeAt(this.at); code >= 0x20 && code !== 0x22 && code !== 0x5c; ) {
      this.at++;
      code = this.text.charCodeAt(this.at);
    }
    return this.text.slice(start, this.at);
  }

  private escape(): string {
    const character = this.text[this.at++] ?? "";
    if (character !== "u") {
      const plain = ESCAPES[character];
      if (plain === undefined) throw broken();
      return plain;
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw broken();
    if (digits === "0000") throw new NotJson("has \\u0000 in its JSON");
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private skip(): void {
    this.take(BLANK);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}

const broken = (): NotJson => new NotJson("is no valid JSON");

function shownNumber(text: string): string {
  if (text === "") throw broken();
  const decimal = parseDecimal(text);
  if (
    decimal === undefined ||
    decimal.scale > 16_383 ||
    (decimal.digits && decimal.digits.length - decimal.scale > 131_072)
  )
    throw new NotJson("has a number in its JSON that PostgreSQL's numeric does not hold");
  return decimalText(withScale(decimal, Math.max(0, decimal.scale)).decimal);
}

function shownObject(keys: ReadonlyMap<string, string>): string {
  const names = [...keys.keys()];
  const bytes = new Map(names.map((name) => [name, Buffer.from(name)]));
  const sorted = [...bytes].sort(([, a], [, b]) => a.length - b.length || a.compare(b));
  return `{${sorted.map(([name]) => `${quoted(name)}: ${keys.get(name)}`).join(", ")}}`;
}

/** JSON.stringify writes whole strings as PostgreSQL does. */
const quoted = (text: string): string => JSON.stringify(text);

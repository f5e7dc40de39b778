/** A token of SQL as SQLite reads it. Comments and white space are no tokens. */
export interface Token {
  /** word: a keyword or a bare name. quoted: "…", `…` or […]. string: '…'. other: a number, an operator, a parenthesis. */
  readonly kind: "word" | "quoted" | "string" | "other";
  /** As written. */
  readonly text: string;
  /** Of a quoted one or a string: what it stands for. Of the others: the text. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A no-break space is a letter to SQLite, so `\s` is too much. */
const SKIPPED = /(?:[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
/** Letters, digits, _, $ and all that is beyond ASCII: https://www.sqlite.org/draft/tokenreq.html */
const WORD = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const NUMBER = /(?:0[xX][\da-fA-F_]+|(?:[\d_]+(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const BLOB = /[xX]'[\da-fA-F]*'/y;
const OPENED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^']|'')*'/y,
  '"': /"(?:[^"]|"")*"/y,
  "`": /`(?:[^`]|``)*`/y,
  "[": /\[[^\]]*\]/y,
};

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

function unquoted(text: string): string {
  const inside = text.slice(1, -1);
  const quote = text.charAt(0);
  return quote === "[" ? inside : inside.replaceAll(quote + quote, quote);
}

function tokenAt(sql: string, start: number): Token {
  const token = (kind: Token["kind"], text: string, value = text): Token => ({
    kind,
    text,
    value,
    start,
    end: start + text.length,
  });
  const opened = OPENED[sql.charAt(start)];
  const quoted = opened === undefined ? undefined : match(opened, sql, start);
  if (quoted !== undefined) return token(quoted.startsWith("'") ? "string" : "quoted", quoted, unquoted(quoted));
  const blob = match(BLOB, sql, start);
  if (blob !== undefined) return token("other", blob);
  const word = match(WORD, sql, start);
  if (word !== undefined) return token("word", word);
  return token("other", match(NUMBER, sql, start) ?? sql.charAt(start));
}

/** The tokens of a statement that SQLite has accepted. Operators of two characters come as two tokens. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  for (let at = match(SKIPPED, sql, 0)?.length ?? 0; at < sql.length; ) {
    const token = tokenAt(sql, at);
    found.push(token);
    at = token.end + (match(SKIPPED, sql, token.end)?.length ?? 0);
  }
  return found;
}

/** True for the bare word, in any case. A quoted name that reads the same is none. */
export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === "word" && words.includes(token.text.toUpperCase());

/** Index of the parenthesis that closes the one at `open`; the last token where none does. */
export function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    const text = list[at]?.text;
    if (text === "(") depth += 1;
    else if (text === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return list.length - 1;
}

/** Splits at the commas that stand in no parentheses. */
export function splitAtCommas(list: readonly Token[]): Token[][] {
  const items: Token[][] = [[]];
  for (let at = 0; at < list.length; at++) {
    const token = list[at];
    if (token === undefined) break;
    const end = token.text === "(" ? closing(list, at) : at;
    if (token.text === ",") items.push([]);
    else items.at(-1)?.push(...list.slice(at, end + 1));
    at = end;
  }
  return items;
}

/** The SQL between two tokens, both included, as written. Empty for none. */
export function written(sql: string, list: readonly Token[]): string {
  const [first] = list;
  const last = list.at(-1);
  return first === undefined || last === undefined ? "" : sql.slice(first.start, last.end);
}

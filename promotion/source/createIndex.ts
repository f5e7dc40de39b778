import { closing, isWord, splitAtCommas, type Token, tokens, written } from "./tokens";

/** What a CREATE INDEX says and SQLite's pragmas do not. */
export interface IndexText {
  /** Each term as written, without COLLATE and ASC or DESC at its end. */
  readonly terms: readonly string[];
  readonly where?: string;
}

function withoutOrder(term: readonly Token[]): readonly Token[] {
  if (isWord(term.at(-1), "ASC", "DESC")) return withoutOrder(term.slice(0, -1));
  return isWord(term.at(-2), "COLLATE") ? term.slice(0, -2) : term;
}

/** Reads a CREATE INDEX as `sqlite_schema` keeps it. */
export function readCreateIndex(sql: string): IndexText {
  const all = tokens(sql);
  const open = all.findIndex((token) => token.text === "(");
  const close = closing(all, open);
  const terms = splitAtCommas(all.slice(open + 1, close)).map((term) => written(sql, withoutOrder(term)));
  const where = isWord(all[close + 1], "WHERE") ? written(sql, all.slice(close + 2)) : undefined;
  return { terms, ...(where === undefined ? {} : { where }) };
}

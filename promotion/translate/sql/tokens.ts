import { type Token as Written, tokens as written } from "../../source/tokens";
import { Unsure } from "./unsure";

/** A piece of an expression. `value`: what a name, string or blob stands for, without its quotes. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "blob" | "number" | "operator" | "end";
  readonly value: string;
  /** In double quotes: a string, where no column has the name. */
  readonly doubled?: boolean;
}

const NUMBER = /^(0[xX][0-9a-fA-F]+|(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)$/;
const LONG = ["->>", "->", "||", "<<", ">>", "<=", ">=", "==", "<>", "!="];
const SHORT = /^[-+*/%&|~<>=(),.;]$/;

/** @throws Unsure for what is no SQL of SQLite, and for parameters. */
export function tokens(sql: string): Token[] {
  const all = written(sql);
  const found: Token[] = [];
  for (let at = 0; at < all.length; at++) {
    const long = longOperator(all, at);
    const token = all[at];
    if (long) at += long.length - 1;
    if (token) found.push(long ? { kind: "operator", value: long } : tokenOf(token));
  }
  return [...found, { kind: "end", value: "" }];
}

function tokenOf({ kind, text, value }: Written): Token {
  switch (kind) {
    case "word":
    case "string":
      return { kind, value };
    case "quoted":
      return { kind: "name", value, ...(text.startsWith('"') ? { doubled: true } : {}) };
    case "other":
      if (/^x'/i.test(text)) return { kind: "blob", value: text.slice(2, -1) };
      if (NUMBER.test(text)) return { kind: "number", value: text };
      if (SHORT.test(text)) return { kind: "operator", value: text };
      throw new Unsure(`it has ${text}`);
  }
}

/** An operator of two or three characters that stand side by side. */
function longOperator(all: readonly Written[], at: number): string | undefined {
  return LONG.find((operator) =>
    [...operator].every((character, n) => {
      const [token, before] = [all[at + n], all[at + n - 1]];
      return token?.kind === "other" && token.text === character && (n === 0 || before?.end === token.start);
    }),
  );
}

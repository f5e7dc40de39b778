/** A statement of an SQL script: where it begins, and its words with comments, quoted parts and line ends made blanks. */
export interface Statement {
  /** From 1. */
  readonly line: number;
  /** Quoted parts are emptied: `SELECT ''`, `DO $$$$`. What they hold is no business of whoever looks for statements. */
  readonly text: string;
}

/** Everything whose content may hold a semicolon that ends no statement; of two that could begin, the earlier one. */
const OPAQUE =
  /--[^\n]*|\/\*|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_][A-Za-z_0-9]*)?\$|;|\bBEGIN\s+ATOMIC\b/g;

/** Splits an SQL script of PostgreSQL into its statements. */
export function statementsOf(sql: string): Statement[] {
  const found: Statement[] = [];
  let text = "";
  let begin = 0;
  const add = (part: string, at: number) => {
    if (text === "" && part.trim() !== "") begin = at + part.search(/\S/);
    if (text !== "" || part.trim() !== "") text += part;
  };
  const finish = () => {
    if (text.trim() !== "")
      found.push({ line: sql.slice(0, begin).split("\n").length, text: text.trim().replace(/\s+/g, " ") });
    text = "";
  };
  let from = 0;
  for (;;) {
    OPAQUE.lastIndex = from;
    const match = OPAQUE.exec(sql);
    add(sql.slice(from, match?.index), from);
    if (match === null) break;
    const { 0: token, index } = match;
    from = endOf(sql, token, index);
    if (token === ";") finish();
    else if (token.startsWith("--") || token === "/*") add(" ", index);
    else add(token.startsWith("$") ? "$$$$" : token.endsWith("'") ? "''" : '""', index);
  }
  finish();
  return found;
}

/** Where a token and what it encloses end. What is never closed goes to the end, as PostgreSQL would say of it. */
function endOf(sql: string, token: string, index: number): number {
  const after = index + token.length;
  if (token === "/*") return endOfComment(sql, after);
  if (/^BEGIN/i.test(token)) return endOfBody(sql, after);
  if (!token.startsWith("$")) return after;
  const close = sql.indexOf(token, after);
  return close === -1 ? sql.length : close + token.length;
}

/** Comments of PostgreSQL nest. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  for (let depth = 1, match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return sql.length;
}

/** A function's body in standard SQL ends with an END of its own after its last semicolon. */
function endOfBody(sql: string, from: number): number {
  const end = /;\s*END\b/gi;
  end.lastIndex = from;
  return end.exec(sql) === null ? sql.length : end.lastIndex;
}

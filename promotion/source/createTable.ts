import { closing, isWord, splitAtCommas, type Token, tokens, written } from "./tokens";

/** What a CREATE TABLE says and SQLite's pragmas do not. */
export interface TableText {
  readonly autoincrement: boolean;
  /** By the column's name in lower case. */
  readonly collations: ReadonlyMap<string, string>;
  /** Expressions of generated columns, by the column's name in lower case, without the outer parentheses. */
  readonly generated: ReadonlyMap<string, string>;
  readonly checks: readonly { readonly name?: string; readonly expression: string }[];
  /** Of the foreign keys in the order in which they are written: DEFERRABLE INITIALLY DEFERRED. */
  readonly deferred: readonly boolean[];
}

const TABLE_CONSTRAINTS = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/** Names are compared as SQLite does: only the letters of ASCII have a case. */
export const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

class TableReader {
  readonly collations = new Map<string, string>();
  readonly generated = new Map<string, string>();
  readonly checks: { name?: string; expression: string }[] = [];
  readonly deferred: boolean[] = [];

  constructor(private readonly sql: string) {}

  /** Reads a column's definition, or the constraints that stand between two commas at the end of a table. */
  item(item: readonly Token[]): void {
    const column = isWord(item[0], ...TABLE_CONSTRAINTS) ? undefined : item[0];
    for (let at = column === undefined ? 0 : 1; at < item.length; ) at = this.clause(item, at, column);
  }

  /** Reads what begins at a token, and gives the index of the token behind it. */
  private clause(item: readonly Token[], at: number, column: Token | undefined): number {
    const token = item[at];
    const next = item[at + 1];
    const end = next?.text === "(" ? closing(item, at + 1) : at;
    const inside = (): string => written(this.sql, item.slice(at + 2, end));
    if (token?.text === "(") return closing(item, at) + 1;
    if (isWord(token, "CHECK")) {
      const name = isWord(item[at - 2], "CONSTRAINT") ? item[at - 1]?.value : undefined;
      this.checks.push({ ...(name === undefined ? {} : { name }), expression: inside() });
    } else if (isWord(token, "AS") && column !== undefined && end > at) {
      this.generated.set(folded(column.value), inside());
    } else if (isWord(token, "COLLATE") && column !== undefined && next !== undefined) {
      this.collations.set(folded(column.value), next.value);
      return at + 2;
    } else if (isWord(token, "REFERENCES")) {
      this.deferred.push(false);
    } else if (isWord(token, "DEFERRABLE") && this.deferred.length > 0) {
      const deferred = isWord(next, "INITIALLY") && isWord(item[at + 2], "DEFERRED") && !isWord(item[at - 1], "NOT");
      this.deferred[this.deferred.length - 1] = deferred;
    }
    return end + 1;
  }
}

/** Reads a CREATE TABLE as `sqlite_schema` keeps it. */
export function readCreateTable(sql: string): TableText {
  const all = tokens(sql);
  const open = all.findIndex((token) => token.text === "(");
  const body = all.slice(open + 1, closing(all, open));
  const reader = new TableReader(sql);
  for (const item of splitAtCommas(body)) reader.item(item);
  const autoincrement = body.some((token) => isWord(token, "AUTOINCREMENT"));
  const { collations, generated, checks, deferred } = reader;
  return { autoincrement, collations, generated, checks, deferred };
}

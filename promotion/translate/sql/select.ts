import { readExpression } from "./parse";
import { Reader } from "./reader";
import type { Expression } from "./syntax";
import { Unsure } from "./unsure";

/** A plain SELECT: of tables and views by name, without subqueries, compounds and windows. */
export interface Select {
  readonly distinct: boolean;
  readonly results: readonly Result[];
  readonly from: readonly Source[];
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly having?: Expression;
  readonly orderBy: readonly { readonly by: Expression; readonly descending: boolean }[];
  /** As written out. */
  readonly limit?: string;
}

export type Result =
  | { readonly type: "all"; readonly of?: string }
  | { readonly type: "one"; readonly expression: Expression; readonly alias?: string };

export interface Source {
  readonly table: string;
  readonly alias: string;
  /** How it is joined to those before it. The first one: cross. */
  readonly join: "cross" | "inner" | "left";
  readonly on?: Expression;
}

const CLAUSES = ["from", "where", "group", "having", "order", "limit", "union", "intersect", "except", "window"];
const JOINS = ["join", "left", "right", "full", "inner", "cross", "natural", "outer", "on", "using", "indexed", "not"];

/** Parses CREATE VIEW. @throws Unsure for what is no plain SELECT. */
export function parseView(sql: string): { readonly columns: readonly string[] | undefined; readonly select: Select } {
  const reader = new Reader(sql);
  reader.expect("create");
  if (!reader.takes("temp")) reader.takes("temporary");
  reader.expect("view");
  reader.takes("if", "not", "exists");
  reader.name();
  if (reader.takes(".")) reader.name();
  const columns = reader.takes("(") ? names(reader) : undefined;
  reader.expect("as");
  const select = readSelect(reader);
  reader.takes(";");
  reader.end();
  return { columns, select };
}

function names(reader: Reader): string[] {
  const found = [reader.name()];
  while (reader.takes(",")) found.push(reader.name());
  reader.expect(")");
  return found;
}

function readSelect(reader: Reader): Select {
  reader.expect("select");
  const distinct = reader.takes("distinct");
  if (!distinct) reader.takes("all");
  const results = separated(reader, result);
  reader.expect("from");
  const from = sources(reader);
  const where = reader.takes("where") ? { where: readExpression(reader) } : {};
  const groupBy = reader.takes("group", "by") ? separated(reader, (one) => readExpression(one)) : [];
  const having = reader.takes("having") ? { having: readExpression(reader) } : {};
  const orderBy = reader.takes("order", "by") ? separated(reader, order) : [];
  const limit = reader.takes("limit") ? { limit: wholeNumber(reader) } : {};
  return { distinct, results, from, ...where, groupBy, ...having, orderBy, ...limit };
}

function separated<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const found = [read(reader)];
  while (reader.takes(",")) found.push(read(reader));
  return found;
}

function result(reader: Reader): Result {
  if (reader.takes("*")) return { type: "all" };
  if (reader.peek(1).value === "." && reader.peek(2).value === "*" && reader.peek(2).kind === "operator") {
    const of = reader.name();
    reader.takes(".", "*");
    return { type: "all", of };
  }
  const expression = readExpression(reader);
  const alias = aliasOf(reader, CLAUSES);
  return { type: "one", expression, ...(alias === undefined ? {} : { alias }) };
}

function aliasOf(reader: Reader, keywords: readonly string[]): string | undefined {
  const said = reader.takes("as");
  const { kind, value } = reader.peek();
  if (said && kind === "string") return reader.next().value;
  if (said) return reader.name();
  const bare = kind === "name" || (kind === "word" && !keywords.includes(value.toLowerCase()));
  return bare ? reader.name() : undefined;
}

function sources(reader: Reader): Source[] {
  const found = [source(reader, "cross")];
  for (;;) {
    if (reader.takes(",") || reader.takes("cross", "join")) found.push(source(reader, "cross"));
    else if (reader.takes("left", "outer", "join") || reader.takes("left", "join")) found.push(source(reader, "left"));
    else if (reader.takes("inner", "join") || reader.takes("join")) found.push(source(reader, "inner"));
    else return found;
  }
}

function source(reader: Reader, join: Source["join"]): Source {
  const table = reader.name();
  if (reader.sees(".") || reader.sees("(")) throw new Unsure(`it reads from ${table}${reader.shown()}`);
  const alias = aliasOf(reader, [...CLAUSES, ...JOINS]) ?? table;
  const on = reader.takes("on") ? { on: readExpression(reader) } : {};
  return { table, alias, join, ...on };
}

function order(reader: Reader): { by: Expression; descending: boolean } {
  const by = readExpression(reader);
  const descending = reader.takes("desc");
  if (!descending) reader.takes("asc");
  if (reader.sees("nulls")) throw new Unsure("it orders NULLs by a rule of its own");
  return { by, descending };
}

function wholeNumber(reader: Reader): string {
  const { kind, value } = reader.next();
  if (kind !== "number" || !/^\d+$/.test(value)) throw new Unsure("it has a LIMIT that is not written out");
  return value;
}

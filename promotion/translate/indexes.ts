import { escapeIdentifier } from "pg";
import type { LaterStatement, SourceIndex } from "../model";
import { collate } from "./expression/compare";
import { jsonPath } from "./expression/jsonPath";
import { translateCondition, translateExpression } from "./expression/translate";
import type { Findings } from "./findings";
import type { Names } from "./names";
import { columnOf, type PlannedTable, scopeOf } from "./planned";
import { sureOr, Unsure } from "./sql/unsure";

/** An entry of PostgreSQL's b-tree takes a third of a page. */
const LONGEST_ENTRY = 2_600;

/** The table's indexes and unique constraints, made after the rows are there. Autoindexes of primary keys are left to the key. */
export function indexesOf(table: PlannedTable, names: Names, findings: Findings): LaterStatement[] {
  return table.source.indexes.flatMap((index) => {
    // The key itself is there; under another collation than PostgreSQL's it says more than the key does.
    if (index.origin === "pk" && index.terms.every(({ collation }) => isBinary(collation))) return [];
    const sql = sureOr(() => statement(table, index, names));
    const { name } = table.source;
    if ("value" in sql) {
      if (index.origin === "c" && sql.value.name !== index.name)
        findings.leave(
          `name of index ${index.name}`,
          "PostgreSQL cannot take it as it is",
          `it is called ${sql.value.name} there`,
        );
      return [sql.value];
    }
    findings.leave(
      index.origin === "c" ? `index ${index.name} on ${name}` : `unique (${columnsOf(index)}) of ${name}`,
      sql.reason,
      index.unique
        ? "make a unique index of your own in PostgreSQL, or let the application see to it"
        : "make an index of your own in PostgreSQL where queries need it",
      table.target,
    );
    return [];
  });
}

const isBinary = (collation: string): boolean => collation.toUpperCase() === "BINARY";
const columnsOf = ({ terms }: SourceIndex): string =>
  terms.map(({ column, expression }) => column ?? expression).join(", ");

function statement(table: PlannedTable, index: SourceIndex, names: Names): LaterStatement {
  fits(table, index);
  const on = `public.${escapeIdentifier(table.target)}`;
  const terms = index.terms.map((term) => termOf(table, term, index.unique));
  const where = index.where === undefined ? "" : ` WHERE ${translateCondition(index.where, scopeOf(table))}`;
  const name = names.take(nameOf(table, index));
  const constraint = index.origin === "u" && terms.every(({ plain }) => plain);
  const list = terms.map(({ sql }) => sql).join(", ");
  const quoted = escapeIdentifier(name);
  const sql = constraint
    ? `ALTER TABLE ${on} ADD CONSTRAINT ${quoted} UNIQUE (${list})`
    : `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoted} ON ${on} (${list})${where}`;
  return { table: table.target, name, sql };
}

/** Autoindexes are named as PostgreSQL would name them. */
const nameOf = (table: PlannedTable, index: SourceIndex): string =>
  index.origin === "c"
    ? index.name
    : `${table.target}_${index.terms.map(({ column = "expr" }) => columnOf(table, column)?.target ?? column).join("_")}_key`;

function termOf(
  table: PlannedTable,
  term: SourceIndex["terms"][number],
  unique: boolean,
): { sql: string; plain: boolean } {
  const order = term.descending ? " DESC" : "";
  const column = term.column === undefined ? undefined : columnOf(table, term.column);
  if (term.column !== undefined && !column)
    throw new Unsure(`it is on ${term.column}, which is no column of the target`);
  if (!column) return { sql: `(${expressionOf(table, term.expression ?? "", unique)})${order}`, plain: false };
  const quoted = escapeIdentifier(column.target);
  if (isBinary(term.collation)) return { sql: `${quoted}${order}`, plain: order === "" };
  // A collation is for texts; on numbers it says nothing.
  if (column.typed.kind !== "text") {
    if (column.typed.kind === "opaque" && unique)
      throw new Unsure(`it compares texts by ${term.collation} in ${column.source.name}`);
    return { sql: `${quoted}${order}`, plain: order === "" };
  }
  return { sql: `(${collate(column.typed, term.collation).sql})${order}`, plain: false };
}

/** An index that is not unique changes no result, so what it holds need not be SQLite's to the letter. */
function expressionOf(table: PlannedTable, expression: string, unique: boolean): string {
  const scope = scopeOf(table);
  const path = unique ? undefined : jsonPath(expression, scope);
  return path ?? translateExpression(expression, scope).sql;
}

/** Values too long for a b-tree would stop the index, and each later row that has one. */
function fits({ profile, source }: PlannedTable, index: SourceIndex): void {
  const bytes = index.terms.reduce((sum, { column }) => {
    const found = profile?.columns.find((one) => one.column === column);
    return sum + Math.max(found?.texts?.longestBytes ?? 0, found?.longestBlobBytes ?? 0);
  }, 0);
  if (bytes > LONGEST_ENTRY)
    throw new Unsure(
      `values of ${source.name} have up to ${bytes} bytes there, and an index of PostgreSQL takes ${LONGEST_ENTRY}`,
    );
}

/** The columns of SQLite's unique indexes besides the key, as a plan has them. Undefined: an expression, or not compared byte by byte. */
export const uniquesOf = ({ source }: PlannedTable): (readonly string[] | undefined)[] =>
  source.indexes
    .filter(
      ({ unique, origin, terms }) => unique && (origin !== "pk" || terms.some(({ collation }) => !isBinary(collation))),
    )
    .map(({ terms }) => {
      const columns = terms.flatMap(({ column, collation }) =>
        column !== undefined && isBinary(collation) ? [column] : [],
      );
      return columns.length === terms.length ? columns : undefined;
    });

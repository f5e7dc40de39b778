import { escapeIdentifier } from "pg";
import { folded } from "../source/createTable";
import { codecOf } from "../values/codec";
import { assigned } from "./expression/assign";
import { translateExpression } from "./expression/translate";
import type { Scope, Typed } from "./expression/typed";
import type { Findings } from "./findings";
import { type PlannedColumn, type PlannedTable, scopeOf } from "./planned";
import { sureOr, Unsure } from "./sql/unsure";

/** The columns, with the SQL of those that PostgreSQL can compute itself. The others keep the values that SQLite has computed. */
export function withGenerated(table: PlannedTable, findings: Findings): PlannedTable {
  const plain = scopeOf(table);
  const computed = new Map<PlannedColumn, ReturnType<typeof sureOr<string>>>();

  // A generated column of PostgreSQL cannot use another one, so that one's own expression stands in its place.
  const scope: Scope = {
    column(name, of) {
      const found = plain.column(name, of);
      const column = table.columns.find(({ typed, source }) => typed === found && source.generated);
      const sql = column && compute(column);
      if (!found || !column || !sql || "reason" in sql) return found;
      return { ...found, sql: `(${sql.value})::${codecOf(column.codec).type}`, atom: false } satisfies Typed;
    },
  };

  function compute(column: PlannedColumn) {
    const known = computed.get(column);
    if (known) return known;
    const expression = column.source.generated?.expression ?? "NULL";
    const sql = sureOr(() => {
      const value = translateExpression(expression, scope);
      if (value.kind === "integer" && beyondIntegers(column))
        throw new Unsure("its numbers are beyond 64 bits, where SQLite goes on with a REAL and PostgreSQL stops");
      return assigned(value, column.source, column.codec);
    });
    computed.set(column, sql);
    return sql;
  }

  const columns = table.columns.map((column) => {
    if (!column.source.generated) return column;
    const sql = compute(column);
    if ("value" in sql) return { ...column, generated: sql.value };
    findings.leave(
      `computation of ${table.source.name}.${column.source.name}`,
      sql.reason,
      "the column holds the values that SQLite computed; compute those of new rows in the application or by a trigger",
      table.target,
    );
    return column;
  });
  return { ...table, columns };
}

/** Whether what SQLite computed shows it: as a REAL, or as the text of one. */
function beyondIntegers({ profile }: PlannedColumn): boolean {
  const { minimum = 0, maximum = 0 } = profile?.reals ?? {};
  return Math.max(-minimum, maximum) >= 2 ** 63 || (profile?.texts?.decimal ?? 0) > 0;
}

/** As CREATE TABLE has it. */
export const generatedClause = (column: PlannedColumn): string =>
  `${escapeIdentifier(column.target)} ${codecOf(column.codec).type} GENERATED ALWAYS AS (${column.generated}) STORED`;

export const isGenerated = (table: PlannedTable, name: string): boolean =>
  table.columns.some(({ source, generated }) => generated !== undefined && folded(source.name) === folded(name));

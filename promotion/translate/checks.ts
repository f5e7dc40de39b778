import { escapeIdentifier } from "pg";
import { translated } from "./expression/translate";
import { closed, condition } from "./expression/typed";
import type { Findings } from "./findings";
import { Names } from "./names";
import { type PlannedTable, scopeOf } from "./planned";
import { parseExpression } from "./sql/parse";
import type { Expression } from "./sql/syntax";
import { sureOr } from "./sql/unsure";

/** The table's checks, as CREATE TABLE has them. Of parts joined by AND those that can be carried are. */
export function checksOf(table: PlannedTable, findings: Findings): string[] {
  const names = new Names();
  const scope = scopeOf(table);
  return table.source.checks.flatMap(({ name, expression }) => {
    const lost: string[] = [];
    const parts = sureOr(() => conjuncts(parseExpression(expression)));
    if ("reason" in parts) lost.push(parts.reason);
    const kept = ("value" in parts ? parts.value : []).flatMap((part) => {
      const sql = sureOr(() => condition(translated(part, scope)));
      if ("value" in sql) return [sql.value];
      lost.push(sql.reason);
      return [];
    });
    if (lost.length > 0)
      findings.leave(
        `check ${name ?? `(${expression})`} on ${table.source.name}${kept.length > 0 ? ", in part" : ""}`,
        [...new Set(lost)].join("; "),
        "add a check of your own in PostgreSQL",
        table.target,
      );
    const sql = kept.map((part) => (kept.length > 1 ? closed({ sql: part, kind: "boolean" }) : part)).join(" AND ");
    return kept.length > 0
      ? [`CONSTRAINT ${escapeIdentifier(names.take(name ?? `${table.target}_check`))} CHECK (${sql})`]
      : [];
  });
}

/** A check holds when none of its parts is false. */
const conjuncts = (expression: Expression): Expression[] =>
  expression.type === "binary" && expression.operator === "and"
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];

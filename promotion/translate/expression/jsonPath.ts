import { parseExpression } from "../sql/parse";
import type { Expression } from "../sql/syntax";
import { quoteText, type Scope } from "./typed";

const STEP = /\.(?:"([^"]+)"|([A-Za-z_]\w*))|\[(\d+)\]/y;

/** `json_extract(doc, '$.a.b')` and `doc ->> '$.a'` of a jsonb column, as the text that PostgreSQL finds there. Undefined: something else. */
export function jsonPath(sql: string, scope: Scope): string | undefined {
  const expression = parseExpression(sql);
  const [document, path] = parts(expression);
  if (document?.type !== "column" || path?.type !== "string") return undefined;
  const column = scope.column(document.name, document.table);
  const steps = stepsOf(path.value);
  if (column?.codec?.kind !== "json" || !steps) return undefined;
  return `${column.sql} #>> ${quoteText(`{${steps.map((step) => JSON.stringify(step)).join(",")}}`)}`;
}

function parts(expression: Expression): readonly (Expression | undefined)[] {
  if (expression.type === "binary" && expression.operator === "->>") return [expression.left, expression.right];
  if (expression.type === "call" && expression.name === "json_extract" && expression.args.length === 2)
    return expression.args;
  return [];
}

function stepsOf(path: string): string[] | undefined {
  if (/^[A-Za-z_]\w*$/.test(path)) return [path];
  const steps: string[] = [];
  STEP.lastIndex = 1;
  for (let at = 1; path.startsWith("$") && at < path.length; at = STEP.lastIndex) {
    const step = STEP.exec(path);
    if (!step) return undefined;
    steps.push(step[1] ?? step[2] ?? step[3] ?? "");
  }
  return steps.length > 0 ? steps : undefined;
}

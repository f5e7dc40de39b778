import type { Expression } from "./syntax";

/** The expressions inside an expression. */
export function parts(expression: Expression): Expression[] {
  return Object.values(expression)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .flatMap(inner);
}

function inner(value: unknown): Expression[] {
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value) return [value as Expression];
  return Object.values(value).flatMap(inner);
}

/** Whether it says COLLATE anywhere inside. */
export const collates = (expression: Expression): boolean =>
  expression.type === "collate" || parts(expression).some(collates);

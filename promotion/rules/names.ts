import type { SourceSchema } from "../model";
import { folded } from "../source/createTable";
import type { Problem } from "./contradictions";
import { nearestOf } from "./nearest";
import type { RulesText } from "./shape";

const sameIn = (known: readonly string[], name: string): string | undefined =>
  known.includes(name) ? name : known.find((one) => folded(one) === folded(name));

function unknownTable(name: string, schema: SourceSchema): string {
  if (
    sameIn(
      schema.virtualTables.map((table) => table.name),
      name,
    ) !== undefined
  )
    return `${name} is a virtual table, for which there are no rules. Remove it.`;
  if (
    sameIn(
      schema.views.map((view) => view.name),
      name,
    ) !== undefined
  )
    return `${name} is a view, for which there are no rules. Remove it.`;
  return `there is no table ${name}. ${nearestOf(
    name,
    schema.tables.map((table) => table.name),
  )}`;
}

/** Replaces names by those of the schema, which has no case of ASCII; unknown ones, and those that stand twice, become problems. */
export function resolveNames(rules: RulesText, schema: SourceSchema): { rules: RulesText; problems: Problem[] } {
  const problems: Problem[] = [];
  const tables: RulesText["tables"] = {};
  for (const [written, rule] of Object.entries(rules.tables)) {
    const path = ["tables", written];
    const table = schema.tables.find(
      ({ name }) =>
        name ===
        sameIn(
          schema.tables.map((one) => one.name),
          written,
        ),
    );
    if (table === undefined) problems.push({ path, message: unknownTable(written, schema) });
    else if (Object.hasOwn(tables, table.name))
      problems.push({ path, message: `table ${table.name} stands twice. Make one of the two.` });
    else {
      const known = table.columns.map(({ name }) => name);
      const columns: NonNullable<typeof rule.columns> = {};
      for (const [column, one] of Object.entries(rule.columns ?? {})) {
        const name = sameIn(known, column);
        const at = [...path, "columns", column];
        if (name === undefined)
          problems.push({
            path: at,
            message: `table ${table.name} has no column ${column}. ${nearestOf(column, known)}`,
          });
        else if (Object.hasOwn(columns, name))
          problems.push({ path: at, message: `column ${name} stands twice. Make one of the two.` });
        else columns[name] = one;
      }
      tables[table.name] = { ...rule, columns };
    }
  }
  return { rules: { ...rules, tables }, problems };
}

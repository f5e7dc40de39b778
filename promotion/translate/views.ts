import { escapeIdentifier } from "pg";
import type { SourceSchema } from "../model";
import { folded } from "../source/createTable";
import type { Typed } from "./expression/typed";
import type { Findings } from "./findings";
import type { Names } from "./names";
import { columnOf, type PlannedTable, scopeOf } from "./planned";
import { parseView } from "./sql/select";
import { sureOr, Unsure } from "./sql/unsure";
import { type Relation, translateSelect } from "./view";

/** CREATE VIEW, which may be run again, for the views that can be carried, those first that others read. */
export function viewsOf(
  schema: SourceSchema,
  tables: readonly PlannedTable[],
  names: Names,
  findings: Findings,
): string[] {
  const relations = new Map<string, Relation>(tables.map((table) => [folded(table.source.name), relationOf(table)]));
  const made: string[] = [];
  const waiting = new Map(schema.views.map((view) => [folded(view.name), view]));

  function relation(name: string): Relation {
    const key = folded(name);
    if (waiting.has(key)) make(key);
    const known = relations.get(key);
    if (!known) throw new Unsure(`it reads ${name}, which is not carried`);
    return known;
  }

  function make(key: string): void {
    const view = waiting.get(key);
    if (!view) return;
    waiting.delete(key);
    const result = sureOr(() => {
      const { columns, select } = parseView(view.sql);
      return translateSelect(select, columns, relation);
    });
    if ("reason" in result) {
      findings.leave(`view ${view.name}`, result.reason, "write it anew for PostgreSQL");
      return;
    }
    const target = names.take(view.name);
    const { sql, columns } = result.value;
    const list = columns.map(({ name }) => escapeIdentifier(name)).join(", ");
    made.push(`CREATE OR REPLACE VIEW public.${escapeIdentifier(target)} (${list}) AS ${sql}`);
    relations.set(key, { target, columns });
  }

  for (const key of [...waiting.keys()]) make(key);
  return made;
}

function relationOf(table: PlannedTable): Relation {
  const scope = scopeOf(table);
  const columns = table.columns.map(({ source, target, typed }) => ({
    name: target,
    source: source.name,
    typed: typed satisfies Typed,
  }));
  const rowid = scope.column("rowid");
  const key = table.source.primaryKey.flatMap((name) => columnOf(table, name)?.target ?? []);
  return { target: table.target, columns, key, ...(rowid ? { rowid } : {}) };
}

import type { Plan, TablePlan } from "../../../../promotion/model";

/** A table of texts by its key. */
export const table = (source: string, key: readonly string[], more: Partial<TablePlan> = {}): TablePlan => ({
  source,
  target: source,
  sourceKey: key,
  targetKey: key,
  columns: key.map((name) => ({ select: `s."${name}"`, target: name, codec: { kind: "text", numbers: true } })),
  uniques: [],
  ...more,
});

/** A plan of no more than tables. */
export const planOf = (...tables: TablePlan[]): Plan => ({
  sourceSetup: [],
  sourceTeardown: [],
  create: [],
  indexes: [],
  foreignKeys: [],
  finish: [],
  tables,
  leftOut: [],
});

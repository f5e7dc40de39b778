import { escapeIdentifier } from "pg";
import type { LaterStatement, SourceSchema } from "../model";
import { folded } from "../source/createTable";
import { closed } from "./expression/typed";
import type { Findings } from "./findings";
import type { Names } from "./names";
import { columnOf, type PlannedTable } from "./planned";
import { sureOr, Unsure } from "./sql/unsure";

type VirtualTable = SourceSchema["virtualTables"][number];

/** More text than this does not fit PostgreSQL's tsvector. */
const SEARCHED = 250_000;

/**
 * Full-text tables whose content is a table of its own become an index of that table. Others hold the only copy of their texts, and
 * SQLite has no triggers on them that could tell of changes: they are left out.
 */
export function searchesOf(
  schema: SourceSchema,
  tables: readonly PlannedTable[],
  names: Names,
  findings: Findings,
): LaterStatement[] {
  return schema.virtualTables.flatMap((virtual) => {
    const index = sureOr(() => searchIndex(virtual, tables, names));
    const what = `virtual table ${virtual.name} (${virtual.module})`;
    if ("reason" in index) {
      findings.leave(what, index.reason, instead(virtual));
      return [];
    }
    const { table, name, expression } = index.value;
    findings.leave(
      what,
      "PostgreSQL has full-text search of its own",
      `the index ${name} on ${table} serves it: WHERE ${expression} @@ websearch_to_tsquery('simple', $1)`,
      table,
    );
    return [{ table, name, sql: index.value.sql }];
  });
}

const isSearch = ({ module }: VirtualTable): boolean => /^fts[345]$/i.test(module);

const instead = (virtual: VirtualTable): string =>
  isSearch(virtual)
    ? `keep its texts in a plain table with ${virtual.name} as an index of it (content=…), or fill a table with a tsvector column in PostgreSQL from the application`
    : "make what it is for anew in PostgreSQL, from the tables that feed it";

function searchIndex(
  virtual: VirtualTable,
  tables: readonly PlannedTable[],
  names: Names,
): LaterStatement & { readonly expression: string } {
  if (!isSearch(virtual)) throw new Unsure(`PostgreSQL has no ${virtual.module} tables`);
  const content = /\bcontent\s*=\s*(?:'([^']*)'|"([^"]*)"|(\w*))/i.exec(virtual.sql);
  const owner = content?.[1] ?? content?.[2] ?? content?.[3];
  if (!owner) throw new Unsure("it holds its texts itself, and changes of them cannot be followed");
  const table = tables.find(({ source }) => folded(source.name) === folded(owner));
  if (!table) throw new Unsure(`its texts are in ${owner}, which is not among the tables that are moved`);
  const texts = virtual.columns.map((name) => {
    const column = columnOf(table, name);
    if (column?.typed.kind !== "text") throw new Unsure(`${owner}.${name} is no text`);
    return `coalesce(${closed(column.typed)}, '')`;
  });
  const expression = `to_tsvector('simple', left(${texts.join(" || ' ' || ")}, ${SEARCHED}))`;
  const name = names.take(virtual.name);
  const sql = `CREATE INDEX ${escapeIdentifier(name)} ON public.${escapeIdentifier(table.target)} USING gin (${expression})`;
  return { table: table.target, name, sql, expression };
}

import { escapeIdentifier } from "pg";
import type { CodecSpec, LaterStatement, SourceForeignKey } from "../model";
import { folded } from "../source/createTable";
import type { Findings } from "./findings";
import { Names } from "./names";
import { columnOf, type PlannedColumn, type PlannedTable } from "./planned";
import { sureOr, Unsure } from "./sql/unsure";

/** The foreign keys of all tables, to be added when the rows are there and checked after. `parents`: every table of the target. */
export function foreignKeysOf(tables: readonly PlannedTable[], findings: Findings): LaterStatement[] {
  const names = new Names();
  return tables.flatMap((table) =>
    table.source.foreignKeys.flatMap((key) => {
      const sql = sureOr(() => statement(table, key, tables, names));
      if ("value" in sql) return [sql.value];
      findings.leave(
        `foreign key (${key.columns.join(", ")}) of ${table.source.name} to ${key.table}`,
        sql.reason,
        "mend the tables in SQLite first, or let the application see to it",
        table.target,
      );
      return [];
    }),
  );
}

function statement(
  table: PlannedTable,
  key: SourceForeignKey,
  tables: readonly PlannedTable[],
  names: Names,
): LaterStatement {
  const parent = tables.find(({ source }) => folded(source.name) === folded(key.table));
  if (!parent) throw new Unsure(`${key.table} is not among the tables that are moved`);
  if (key.references.length !== key.columns.length || key.references.length === 0)
    throw new Unsure(`${key.table} has no such key`);
  const children = key.columns.map((name) => found(table, name));
  const parents = key.references.map((name) => found(parent, name));
  refuseUnlike(children, parents);
  if (!isUnique(parent, key.references)) throw new Unsure(`${key.table} (${key.references.join(", ")}) is not unique`);
  if (children.some(({ generated }) => generated !== undefined) && changes(key))
    throw new Unsure("it would change a column that PostgreSQL computes");
  const name = names.take(`${table.target}_${children.map(({ target }) => target).join("_")}_fkey`);
  const list = (columns: readonly PlannedColumn[]) => columns.map(({ target }) => escapeIdentifier(target)).join(", ");
  const sql = [
    `ALTER TABLE public.${escapeIdentifier(table.target)} ADD CONSTRAINT ${escapeIdentifier(name)}`,
    `FOREIGN KEY (${list(children)}) REFERENCES public.${escapeIdentifier(parent.target)} (${list(parents)})`,
    ...action("UPDATE", key.onUpdate),
    ...action("DELETE", key.onDelete),
    ...(key.deferred ? ["DEFERRABLE INITIALLY DEFERRED"] : []),
    "NOT VALID",
  ].join(" ");
  return { table: table.target, name, sql };
}

function found(table: PlannedTable, name: string): PlannedColumn {
  const column = columnOf(table, name);
  if (!column) throw new Unsure(`${table.source.name} has no column ${name}`);
  return column;
}

const action = (event: string, what: string): string[] =>
  what === "" || what.toUpperCase() === "NO ACTION" ? [] : [`ON ${event} ${what.toUpperCase()}`];

const changes = ({ onUpdate, onDelete }: SourceForeignKey): boolean =>
  /CASCADE|SET/i.test(onUpdate) || /SET/i.test(onDelete);

function refuseUnlike(children: readonly PlannedColumn[], parents: readonly PlannedColumn[]): void {
  for (const [n, child] of children.entries()) {
    const parent = parents[n];
    if (!parent || comparedBy(child.codec) !== comparedBy(parent.codec))
      throw new Unsure(`${child.source.name} and ${parent?.source.name} have become columns of different types`);
    if (parent.typed.kind === "text" && parent.source.collation.toUpperCase() !== "BINARY")
      throw new Unsure(`${parent.source.name} is compared by ${parent.source.collation} there`);
  }
}

const comparedBy = (codec: CodecSpec): string => (codec.kind === "timestamp" ? `timestamp ${codec.zone}` : codec.kind);

/** PostgreSQL demands a key or a whole unique index on exactly the columns that are referenced. */
function isUnique({ source }: PlannedTable, columns: readonly string[]): boolean {
  const wanted = sorted(columns);
  const unique = source.indexes.filter(
    ({ unique, where, terms }) =>
      unique && where === undefined && terms.every(({ collation }) => collation.toUpperCase() === "BINARY"),
  );
  const sets = unique.map(({ terms }) => terms.map(({ column = "" }) => column));
  return [source.primaryKey, ...sets].some((set) => sorted(set) === wanted);
}

const sorted = (names: readonly string[]): string => JSON.stringify(names.map(folded).sort());

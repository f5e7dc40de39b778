import { type CatalogueName, ExitCode, UserError } from "../../settings";
import type { Rules, SourceSchema, SourceTable, TableProfile } from "../model";
import type { MappedTable } from "./mapped";

/** A mapped table, and the application's real one. */
export interface Matched {
  readonly mapped: MappedTable;
  readonly table: SourceTable;
  readonly profile: TableProfile | undefined;
}

/** SQLite does not tell upper and lower case apart in names. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Finds the application's table for each mapped one.
 * @throws UserError (refused) that lists every table and column that the mapping misses or does not know: what has no place in the
 * catalogue would be lost without a word.
 */
export function matchTables(
  catalogue: CatalogueName,
  tables: readonly MappedTable[],
  source: { readonly schema: SourceSchema; readonly profiles: readonly TableProfile[]; readonly rules: Rules },
): Matched[] {
  const found = tables.map((mapped) => ({
    mapped,
    table: source.schema.tables.find(({ name }) => sameName(name, mapped.source)),
    profile: source.profiles.find(({ table }) => sameName(table, mapped.source)),
  }));
  const matched = found.flatMap(({ mapped, table, profile }) => (table ? [{ mapped, table, profile }] : []));
  const problems = [
    ...found.flatMap(({ mapped, table }) => (table ? [] : [`there is no table ${mapped.source}`])),
    ...matched.flatMap((one) => differences(one)),
    ...unknownTables(tables, source.schema, source.rules),
  ];
  if (problems.length > 0)
    throw new UserError(
      `This database is not the one that ${catalogue} is made from: ${problems.join("; ")}. Mend that; or leave a table out with "skip: true" in rules.yaml; or take the tables as they are with --translate.`,
      ExitCode.refused,
    );
  return matched;
}

function differences({ mapped, table, profile }: Matched): string[] {
  const has = (name: string) => table.columns.some((column) => sameName(column.name, name));
  const missing = mapped.columns.filter(({ source }) => !has(source)).map(({ source }) => source);
  const extra = table.columns
    .map(({ name }) => name)
    .filter((name) => !mapped.columns.some(({ source }) => sameName(source, name)))
    .filter((name) => !isEmpty(profile, name));
  const key =
    table.primaryKey.length === mapped.key.length &&
    mapped.key.every((name, n) => sameName(name, table.primaryKey[n] ?? ""));
  return [
    ...(missing.length > 0 ? [`table ${table.name} has no ${list(missing)}`] : []),
    ...(extra.length > 0 ? [`table ${table.name} has ${list(extra)}, which would be lost`] : []),
    ...(key ? [] : [`table ${table.name} has not the PRIMARY KEY (${mapped.key.join(", ")})`]),
  ];
}

const list = (columns: readonly string[]): string => `column${columns.length > 1 ? "s" : ""} ${columns.join(", ")}`;

/** A column that no row has a value in may be left out. */
export function isEmpty(profile: TableProfile | undefined, column: string): boolean {
  const classes = profile?.columns.find((one) => one.column === column)?.classes;
  return classes !== undefined && classes.integer + classes.real + classes.text + classes.blob === 0;
}

function unknownTables(tables: readonly MappedTable[], schema: SourceSchema, rules: Rules): string[] {
  const names = [...schema.tables, ...schema.virtualTables].map(({ name }) => name);
  const unknown = names.filter(
    (name) => !tables.some(({ source }) => sameName(source, name)) && rules.tables[name]?.skip !== true,
  );
  return unknown.map((name) => `table ${name} has no place in it`);
}

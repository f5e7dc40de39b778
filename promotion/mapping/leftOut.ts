import type { CatalogueName } from "../../settings";
import type { LeftOut, SourceSchema } from "../model";
import { isEmpty, type Matched, sameName } from "./match";

/** What changes on the way or stays behind: told before anything is done. */
export const leftOut = (catalogue: CatalogueName, matched: readonly Matched[], schema: SourceSchema): LeftOut[] => [
  ...matched.flatMap((one) => [...missingValues(one), ...emptyColumns(one), ...uniqueIndexes(catalogue, one)]),
  ...skippedTables(matched, schema),
  ...schema.views.map(({ name }) => ofSchema(catalogue, `view ${name}`)),
  ...schema.triggers.map(({ name, table }) => ofSchema(catalogue, `trigger ${name} on ${table}`)),
];

const ofSchema = (catalogue: CatalogueName, what: string): LeftOut => ({
  what,
  why: `the schema of ${catalogue} is that of its migrations`,
  instead: "write a migration for it if the application needs it",
});

function missingValues({ mapped, table, profile }: Matched): LeftOut[] {
  return mapped.columns.flatMap((column) => {
    const found = profile?.columns.find((one) => sameName(one.column, column.source));
    const rows = (found?.classes.null ?? 0) + (found?.texts?.empty ?? 0);
    if (column.missing === undefined || rows === 0) return [];
    const what = `${rows} missing ${rows === 1 ? "value" : "values"} of ${table.name}.${column.source}`;
    return [{ what, why: `${column.target} has a default`, instead: `they become ${column.missing}` }];
  });
}

const emptyColumns = ({ mapped, table, profile }: Matched): LeftOut[] =>
  table.columns
    .filter(({ name }) => !mapped.columns.some(({ source }) => sameName(source, name)) && isEmpty(profile, name))
    .map(({ name }) => ({
      what: `column ${table.name}.${name}`,
      why: "no row has a value in it, and the catalogue has no place for it",
      instead: "write a migration for it if the application needs it",
    }));

const uniqueIndexes = (catalogue: CatalogueName, { table }: Matched): LeftOut[] =>
  table.indexes
    .filter(({ unique, origin }) => unique && origin !== "pk")
    .map(({ name }) => ofSchema(catalogue, `unique index ${name} on ${table.name}`));

const skippedTables = (matched: readonly Matched[], schema: SourceSchema): LeftOut[] =>
  [...schema.tables, ...schema.virtualTables]
    .filter(({ name }) => !matched.some(({ table }) => table.name === name))
    .map(({ name }) => ({ what: `table ${name}`, why: "rules.yaml skips it", instead: "it stays in SQLite" }));

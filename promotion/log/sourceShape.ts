import type { Database } from "better-sqlite3";
import { UserError } from "../../settings/errors";
import type { TablePlan } from "../model";
import { readIndexes } from "../source/indexes";

/** A column of an index, or an expression as it is written. */
export interface UniqueTerm {
  readonly column?: string;
  readonly expression?: string;
  readonly collation?: string;
}

/** What SQLite finds the rows by that REPLACE takes away for a new row. */
export interface Unique {
  readonly terms: readonly UniqueTerm[];
  /** Names by which an UPDATE may set one of the columns; undefined: any column, for a term is generated or an expression. */
  readonly setBy: readonly string[] | undefined;
}

/** What the triggers of a table need to know of it, read from the database itself. */
export interface LoggedTable {
  readonly no: number;
  readonly name: string;
  readonly columns: readonly string[];
  /** Declared key; empty: only that the table was written is noted. */
  readonly key: readonly string[];
  /** As `setBy` of a unique. */
  readonly keySetBy: readonly string[] | undefined;
  /** Besides the key, where equal values are always the same value. */
  readonly uniques: readonly Unique[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
  readonly hidden: number;
}

/** SQLite's names for a row's number; a column of the same name hides one. */
const ROWID_NAMES = ["rowid", "_rowid_", "oid"];

/**
 * The shape of a planned table.
 * @throws UserError when the table is not there.
 */
export function loggedTable(db: Database, plan: TablePlan, no: number): LoggedTable {
  const columns = db
    .prepare<[string], Column>("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)")
    .all(plan.source);
  if (columns.length === 0)
    throw new UserError(
      `The source has no table ${plan.source} any more, which is to be moved. Begin the promotion again, from assess.`,
    );
  const withoutRowid =
    db
      .prepare<[string], number>("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)")
      .pluck()
      .get(plan.source) === 1;
  const alias = withoutRowid ? undefined : rowidAlias(db, plan.source, columns);
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const rowidNames = withoutRowid ? [] : ROWID_NAMES.filter((name) => !taken.has(name));
  const setBy = (names: readonly string[]): readonly string[] | undefined => {
    const generated = columns.some(({ name, hidden }) => hidden > 1 && names.includes(name));
    if (generated) return undefined;
    return alias !== undefined && names.includes(alias) ? [...names, ...rowidNames] : names;
  };
  // A partial one counts for all rows, which logs too many keys at worst.
  const declared = readIndexes(db, plan.source)
    .filter(({ unique }) => unique)
    .map(({ terms }) => {
      const names = terms.flatMap(({ column }) => column ?? []);
      return { terms, setBy: names.length < terms.length ? undefined : setBy(names) };
    });
  const [rowidName] = rowidNames;
  const byRowid: Unique[] =
    alias !== undefined
      ? [{ terms: [{ column: alias }], setBy: setBy([alias]) }]
      : rowidName === undefined
        ? []
        : // Nobody declared it, but an application may still give it, and REPLACE takes away the row that has it.
          [{ terms: [{ column: rowidName }], setBy: rowidNames }];
  const exact = plan.sourceKey.every((name) => exactlyEqual(columns, alias, name));
  return {
    no,
    name: plan.source,
    columns: columns.map(({ name }) => name),
    key: plan.sourceKey,
    keySetBy: setBy(plan.sourceKey),
    uniques: [...byRowid, ...declared].filter((unique) => !(exact && isKeyIn(plan.sourceKey, unique))),
  };
}

/** A row that is equal in these columns has the same key, which is logged anyway; unless a collation takes different keys for equal. */
function isKeyIn(key: readonly string[], { terms }: Unique): boolean {
  return key.every((name) =>
    terms.some((term) => term.column === name && (term.collation ?? "BINARY").toUpperCase() === "BINARY"),
  );
}

/** Whether equal values of the column are the same value: not where one may be an integer and the other a real. */
function exactlyEqual(columns: readonly Column[], alias: string | undefined, name: string): boolean {
  const type = columns.find((column) => column.name === name)?.type ?? "";
  return name === alias || (type !== "" && !/BLOB/i.test(type)) || /INT/i.test(type);
}

function rowidAlias(db: Database, table: string, columns: readonly Column[]): string | undefined {
  const key = columns.filter(({ pk }) => pk > 0);
  const [only] = key;
  if (only === undefined || key.length > 1 || only.type.toUpperCase() !== "INTEGER") return undefined;
  // INTEGER PRIMARY KEY DESC is no alias, and has an index of its own.
  const own = db.prepare<[string]>("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'").get(table);
  return own === undefined ? only.name : undefined;
}

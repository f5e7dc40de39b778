import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import type { Codec, TablePlan } from "../model";
import { codecOf } from "../values/codec";
import { list } from "./stage";

/** A column of the source that PostgreSQL's rows give a value for. */
export interface BackColumn {
  readonly source: string;
  /** SQL over PostgreSQL's row `t`. */
  readonly select: string;
  readonly codec: Codec;
}

/** How the rows of a table go back. */
export interface BackTable {
  readonly plan: TablePlan;
  readonly no: number;
  readonly columns: readonly BackColumn[];
  /** Names of the source's columns that can be written: all but the generated ones. */
  readonly writable: readonly string[];
  /** SQLite's name for the row's number; undefined where there is none, or columns hide it. */
  readonly rowid: string | undefined;
  /** The rowid is nobody's column: a row that is written again keeps it by name. */
  readonly rowidIsHidden: boolean;
}

/** `s."name"`, as the select of a column that is carried as it is. */
const PLAIN = /^s\."((?:[^"]|"")+)"$/;

/** The source's column that a select is, or undefined when it is an expression. */
export const plainColumn = (select: string): string | undefined => PLAIN.exec(select)?.[1]?.replaceAll('""', '"');

/** The way back of a planned table. */
export function backTable(db: Database, plan: TablePlan, no: number): BackTable {
  const real = db
    .prepare<[string], { name: string; hidden: number }>("SELECT name, hidden FROM pragma_table_xinfo(?)")
    .all(plan.source);
  const writable = real.filter(({ hidden }) => hidden === 0).map(({ name }) => name);
  const taken = new Set(real.map(({ name }) => name.toLowerCase()));
  const withoutRowid = db
    .prepare<[string], number>("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)")
    .pluck()
    .get(plan.source);
  const rowid = withoutRowid === 1 ? undefined : ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
  const columns =
    plan.back?.map(({ source, select, codec }) => ({ source, select, codec: codecOf(codec) })) ?? ownColumns(plan);
  return {
    plan,
    no,
    columns: columns.filter(({ source }) => writable.includes(source)),
    writable,
    rowid,
    rowidIsHidden: rowid !== undefined && plan.rowid === undefined,
  };
}

function ownColumns(plan: TablePlan): BackColumn[] {
  return plan.columns.map(({ select, target, codec }) => {
    const source = plainColumn(select);
    if (source === undefined) throw new Error(`the plan has no way back for ${plan.target}.${target}`);
    return { source, select: list([target], "t"), codec: codecOf(codec) };
  });
}

/** SQL of what a row of the source is found again by: its number, else its key. */
export const address = ({ rowid, plan }: BackTable): readonly string[] =>
  rowid === undefined ? plan.sourceKey.map((name) => `s.${quoteName(name)}`) : [`s.${rowid}`];

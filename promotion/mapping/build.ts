import { type CatalogueName, ExitCode, UserError } from "../../settings";
import type { CodecSpec, ColumnPlan, Plan, Rules, SourceSchema, SourceTable, TablePlan } from "../model";
import { leftOut } from "./leftOut";
import { columnOf, isMissing, type MappedColumn, type MappedTable } from "./mapped";
import { type Matched, sameName } from "./match";
import { refuseRule, timeForm } from "./rules";

/** A mapping of the application's tables onto those of a logical database. */
export interface Mapping {
  /** Tables that the setup makes; before all others. */
  readonly first: readonly TablePlan[];
  readonly tables: readonly MappedTable[];
  readonly setup: readonly string[];
  readonly teardown: readonly string[];
  readonly notCarried: Plan["notCarried"];
}

/** @throws UserError for a rule that does not fit, and one that lists all time columns whose values nobody can tell apart. */
export function buildPlan(
  catalogue: CatalogueName,
  mapping: Mapping,
  matched: readonly Matched[],
  { schema, rules }: { readonly schema: SourceSchema; readonly rules: Rules },
): Plan {
  const questions: string[] = [];
  const tables = matched.map((one) => buildTable(one, rules, questions));
  if (questions.length > 0)
    throw new UserError(
      `No plan was made: these columns need a ruling in rules.yaml.\n${questions.join("\n")}`,
      ExitCode.refused,
    );
  return {
    catalogue,
    sourceSetup: mapping.setup,
    sourceTeardown: mapping.teardown,
    create: [],
    indexes: [],
    foreignKeys: [],
    finish: [],
    tables: [...mapping.first, ...tables],
    leftOut: leftOut(catalogue, matched, schema),
    notCarried: mapping.notCarried ?? [],
  };
}

function buildTable({ mapped, table, profile }: Matched, rules: Rules, questions: string[]): TablePlan {
  const ruling = rulesOf(table, rules);
  const columns = mapped.columns.map((column) => {
    const real = realColumn(table, column.source);
    const rule = ruling[real.name] ?? {};
    refuseRule(`${table.name}.${real.name}`, column.codec, rule);
    const from = rule.from ?? timeForm(profile?.columns.find((one) => sameName(one.column, real.name)));
    if (column.codec === "time" && from === undefined)
      questions.push(
        `  ${table.name}.${real.name} holds times of several kinds. What are they? tables: {${table.name}: {columns: {${real.name}: {from: text | seconds | milliseconds | microseconds | julian}}}}`,
      );
    const fixed: CodecSpec =
      column.codec === "time" ? { kind: "timestamp", from: from ?? "text", zone: false } : column.codec;
    const codec: CodecSpec = {
      ...fixed,
      ...(rule.empty && { empty: rule.empty }),
      ...(rule.round && { round: rule.round }),
      ...(rule.nul && { nul: rule.nul }),
      ...(rule.invalid && { invalid: rule.invalid }),
      // Numbers in a column that SQLite does not take for one of texts.
      ...(fixed.kind === "text" && real.affinity !== "TEXT" && { numbers: true }),
    };
    return { column, plan: columnPlan(column, codec, real.name) };
  });
  const key = table.primaryKey;
  return {
    source: table.name,
    target: mapped.target,
    sourceKey: key,
    targetKey: key.map((name) => targetOf(mapped, name)),
    ...(table.rowidAlias === undefined ? {} : { rowid: table.rowidAlias }),
    columns: columns.map(({ plan }) => plan),
    checks: [
      ...columns.flatMap(({ column, plan }) => (isRequired(column, table) ? [required(column, plan.codec)] : [])),
      ...mapped.checks.map(({ sql, reason }) => ({ sql: sql("s"), reason })),
    ],
    uniques: uniquesOf(table),
    ...(mapped.identity === undefined
      ? {}
      : { identity: { column: mapped.identity, beyond: String(table.sequence ?? 0n) } }),
    back: columns.map(({ column, plan }) => ({
      source: realColumn(table, column.source).name,
      select: column.back?.select ?? `t."${column.target}"`,
      codec: column.back?.codec ?? plan.codec,
    })),
  };
}

const rulesOf = (table: SourceTable, rules: Rules) => rules.tables[table.name]?.columns ?? {};

function realColumn(table: SourceTable, name: string) {
  const found = table.columns.find((column) => sameName(column.name, name));
  if (found === undefined) throw new Error(`${table.name}.${name} was matched and is not there`);
  return found;
}

const columnPlan = (column: MappedColumn, codec: CodecSpec, name: string): ColumnPlan => {
  const value = columnOf("s", name);
  return {
    select: column.select === undefined ? value : column.select(value),
    target: column.target,
    codec,
    ...(column.money && { money: true }),
  };
};

const targetOf = (mapped: MappedTable, source: string): string =>
  mapped.columns.find((column) => sameName(column.source, source))?.target ?? source;

/** A key of SQLite takes NULL, unless it is the rowid. */
const isRequired = (column: MappedColumn, table: SourceTable): boolean =>
  column.required === true ||
  (column.select === undefined &&
    table.rowidAlias === undefined &&
    table.primaryKey.some((name) => sameName(name, column.source)));

function required(column: MappedColumn, { empty }: CodecSpec) {
  const value = columnOf("s", column.source);
  return {
    sql: empty === "null" ? `NOT ${isMissing(value)}` : `${value} IS NOT NULL`,
    reason: `${column.source} is missing`,
  };
}

/** A partial index is taken for a whole one: a row too many that is looked at is no harm. */
const uniquesOf = (table: SourceTable): TablePlan["uniques"] =>
  table.indexes
    .filter(({ unique, origin }) => unique && origin !== "pk")
    .map(({ terms }) => {
      const columns = terms.flatMap(({ column }) => column ?? []);
      return columns.length === terms.length ? columns : undefined;
    });

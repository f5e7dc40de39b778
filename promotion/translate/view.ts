import { escapeIdentifier } from "pg";
import { folded } from "../source/createTable";
import { AGGREGATES } from "./expression/aggregates";
import { collate } from "./expression/compare";
import { translated } from "./expression/translate";
import { asInteger, condition, type Scope, type Typed } from "./expression/typed";
import type { Result, Select, Source } from "./sql/select";
import type { Expression } from "./sql/syntax";
import { Unsure } from "./sql/unsure";
import { parts } from "./sql/walk";

/** A table or view of the target that views read. */
export interface Relation {
  readonly target: string;
  /** `source`: the name in SQLite. `typed.sql`: the name in PostgreSQL, quoted. */
  readonly columns: readonly RelationColumn[];
  readonly rowid?: Typed;
  /** Names in PostgreSQL of the primary key: who groups by it has all of the row. */
  readonly key?: readonly string[];
}

export interface RelationColumn {
  readonly name: string;
  readonly source: string;
  readonly typed: Typed;
}

interface Joined extends Source {
  readonly relation: Relation;
}

/** The SELECT in PostgreSQL, with the columns that it gives. @throws Unsure */
export function translateSelect(
  select: Select,
  names: readonly string[] | undefined,
  relation: (name: string) => Relation,
): { readonly sql: string; readonly columns: readonly RelationColumn[] } {
  const joined = select.from.map((source): Joined => ({ ...source, relation: relation(source.table) }));
  const scope = scopeOf(joined);
  const results = select.results.flatMap((result) => expanded(result, joined, scope));
  const columns = named(results, names);
  const full = withAliases({ ...scope, aggregates: true }, results);
  const groups = select.groupBy.map((by) => groupedBy(translated(aliased(by, select.results), scope)));
  const known = [...groups, ...wholeRows(joined, groups)];
  refuseBare(
    select,
    known,
    scope,
    results.map(({ typed }) => typed.sql),
  );
  if (select.distinct) for (const { typed } of results) groupedBy(typed);
  const clauses = [
    `SELECT ${select.distinct ? "DISTINCT " : ""}${results.map(({ sql }) => sql).join(", ")}`,
    `FROM ${fromClause(joined)}`,
    ...(select.where ? [`WHERE ${condition(translated(select.where, withAliases(scope, results)))}`] : []),
    ...(groups.length > 0 ? [`GROUP BY ${groups.join(", ")}`] : []),
    ...(select.having ? [`HAVING ${condition(translated(select.having, full))}`] : []),
    ...orderClause(select, full),
    ...(select.limit === undefined ? [] : [`LIMIT ${select.limit}`]),
  ];
  return { sql: clauses.join(" "), columns };
}

function scopeOf(joined: readonly Joined[]): Scope {
  return {
    changing: true,
    column(name, table) {
      const of = joined.filter(({ alias }) => table === undefined || folded(alias) === folded(table));
      const found = of.flatMap(({ alias, relation }) => {
        const column = relation.columns.find(({ source }) => folded(source) === folded(name));
        const typed = column?.typed ?? (/^(rowid|oid|_rowid_)$/i.test(name) ? relation.rowid : undefined);
        return typed ? [{ ...typed, sql: `${escapeIdentifier(alias)}.${typed.sql}` }] : [];
      });
      if (found.length > 1) throw new Unsure(`it names ${name}, of which there are several`);
      return found[0];
    },
  };
}

interface ResultColumn {
  readonly name: string | undefined;
  readonly alias?: string | undefined;
  readonly typed: Typed;
  /** As SELECT shows it: SQLite shows what is true as 1. */
  readonly sql: string;
}

function expanded(result: Result, joined: readonly Joined[], scope: Scope): ResultColumn[] {
  if (result.type === "all") {
    const of = joined.filter(({ alias }) => result.of === undefined || folded(alias) === folded(result.of));
    return of.flatMap(({ alias, relation }) =>
      relation.columns.map(({ name, typed }) => {
        const sql = `${escapeIdentifier(alias)}.${typed.sql}`;
        return { name, typed: { ...typed, sql }, sql };
      }),
    );
  }
  const { expression, alias } = result;
  const typed = translated(expression, { ...scope, aggregates: true });
  if (expression.type === "column") return [{ name: alias ?? expression.name, alias, typed, sql: typed.sql }];
  const shown = typed.kind === "boolean" ? { ...typed, ...asInteger(typed) } : typed;
  if (shown.kind === "null") throw new Unsure("it gives a column of nothing but NULL");
  return [
    {
      name: alias,
      alias,
      typed: shown,
      sql: shown.literal === undefined ? shown.sql : `${shown.sql}::${LITERAL[shown.kind] ?? "text"}`,
    },
  ];
}

const LITERAL: Partial<Record<Typed["kind"], string>> = { integer: "bigint", double: "double precision" };

function named(results: readonly ResultColumn[], names: readonly string[] | undefined): RelationColumn[] {
  const columns = results.map(({ name: own, typed }, n) => {
    const name = names?.[n] ?? own;
    if (name === undefined) throw new Unsure("it gives an expression without a name");
    const { literal, moment, number, ...shape } = typed;
    return { name, source: name, typed: { ...shape, sql: escapeIdentifier(name), atom: true } };
  });
  if (new Set(columns.map(({ name }) => folded(name))).size < columns.length)
    throw new Unsure("it gives several columns of one name");
  return columns;
}

/** A name that is no column may be that of a result. */
function withAliases(scope: Scope, results: readonly ResultColumn[]): Scope {
  return {
    ...scope,
    column: (name, table) =>
      scope.column(name, table) ??
      (table === undefined
        ? results.find(({ alias }) => alias !== undefined && folded(alias) === folded(name))?.typed
        : undefined),
  };
}

/** In ORDER BY and GROUP BY the name of a result means the result. */
function aliased(expression: Expression, results: readonly Result[]): Expression {
  if (expression.type === "number") throw new Unsure("it counts its columns in ORDER BY or GROUP BY");
  if (expression.type !== "column" || expression.table !== undefined) return expression;
  const result = results.find(
    (one) => one.type === "one" && one.alias !== undefined && folded(one.alias) === folded(expression.name),
  );
  return result?.type === "one" ? result.expression : expression;
}

/** @throws Unsure where values that are the same in SQLite are not in PostgreSQL, or the other way round. */
function groupedBy(typed: Typed): string {
  if (typed.kind === "opaque" || (typed.collation ?? "BINARY").toUpperCase() !== "BINARY")
    throw new Unsure("it groups values that PostgreSQL tells apart otherwise");
  return typed.sql;
}

/** The columns of the tables whose primary key is grouped by. */
const wholeRows = (joined: readonly Joined[], groups: readonly string[]): string[] =>
  joined.flatMap(({ alias, relation: { columns, key = [] } }) => {
    const own = (name: string) => `${escapeIdentifier(alias)}.${name}`;
    const whole = key.length > 0 && key.every((name) => groups.includes(own(escapeIdentifier(name))));
    return whole ? columns.map(({ typed }) => own(typed.sql)) : [];
  });

/** SQLite takes a column that is neither grouped nor aggregated from some row of the group. */
function refuseBare(select: Select, known: readonly string[], scope: Scope, results: readonly string[]): void {
  const shown = select.results.flatMap((result) => (result.type === "one" ? [result.expression] : []));
  const all = [
    ...shown,
    ...(select.having ? [select.having] : []),
    ...select.orderBy.map(({ by }) => aliased(by, select.results)),
  ];
  const grouping = select.groupBy.length > 0 || select.having !== undefined || all.some(aggregates);
  if (!grouping) return;
  const bare = all.flatMap((expression) => bareColumns(expression)).map((column) => translated(column, scope).sql);
  const stars = select.results.some(({ type }) => type === "all") && results.some((sql) => !known.includes(sql));
  if (stars || bare.some((sql) => !known.includes(sql))) throw new Unsure("it takes a column from any row of a group");
}

const isAggregate = (expression: Expression): boolean =>
  expression.type === "call" &&
  AGGREGATES.includes(expression.name) &&
  (expression.star || expression.args.length === 1);

const aggregates = (expression: Expression): boolean => isAggregate(expression) || parts(expression).some(aggregates);

const bareColumns = (expression: Expression): Expression[] =>
  isAggregate(expression) ? [] : expression.type === "column" ? [expression] : parts(expression).flatMap(bareColumns);

function fromClause(joined: readonly Joined[]): string {
  return joined
    .map(({ alias, relation, join, on }, n) => {
      const table = `public.${escapeIdentifier(relation.target)} AS ${escapeIdentifier(alias)}`;
      const test = on && condition(translated(on, scopeOf(joined.slice(0, n + 1))));
      if (n === 0) return table;
      if (join === "left") return `LEFT JOIN ${table} ON ${test ?? "true"}`;
      return test === undefined ? `CROSS JOIN ${table}` : `JOIN ${table} ON ${test}`;
    })
    .join(" ");
}

/** NULL comes first in SQLite, and last in PostgreSQL unless told. */
function orderClause({ orderBy, distinct, results }: Select, scope: Scope): string[] {
  if (orderBy.length === 0) return [];
  if (distinct) throw new Unsure("it orders distinct rows");
  const terms = orderBy.map(({ by, descending }) => {
    const typed = translated(aliased(by, results), scope);
    const sql = typed.kind === "text" ? collate(typed, typed.collation ?? "BINARY").sql : typed.sql;
    if (typed.kind === "opaque" || typed.kind === "null") throw new Unsure("it orders by values whose form changes");
    return `${sql} ${descending ? "DESC NULLS LAST" : "NULLS FIRST"}`;
  });
  return [`ORDER BY ${terms.join(", ")}`];
}

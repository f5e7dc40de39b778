import { type Client, escapeIdentifier } from "pg";
import type { CodecSpec, TablePlan } from "../model";
import { codecOf } from "../values/codec";
import { rangeColumn } from "./rowid";
import type { Span } from "./span";

/** Values as PostgreSQL's own texts, not made into values of JavaScript. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text };

export const targetTable = ({ target }: TablePlan): string => `public.${escapeIdentifier(target)} AS t`;

/** What a text of a key is cast to. A varchar would be cut off. */
const castOf = (spec: CodecSpec | undefined): string =>
  spec === undefined || spec.kind === "text" ? "text" : codecOf(spec).type;

/**
 * The rows of PostgreSQL with these keys: for each key the texts of the plan's columns in their order, or undefined where there is no
 * such row. A key with a NULL in it is no row's.
 */
export async function targetRows(
  client: Client,
  table: TablePlan,
  keys: readonly (readonly (string | null)[])[],
): Promise<((string | null)[] | undefined)[]> {
  const found: ((string | null)[] | undefined)[] = keys.map(() => undefined);
  if (keys.length === 0) return found;
  const parts = table.targetKey.map((name, at) => ({
    parameter: `$${at + 1}::text[]`,
    column: `k${at}`,
    equal: `t.${escapeIdentifier(name)} = k.k${at}::${castOf(table.columns.find(({ target }) => target === name)?.codec)}`,
  }));
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT k.n, ${table.columns.map(({ target }) => `t.${escapeIdentifier(target)}`).join(", ")}
      FROM unnest(${parts.map(({ parameter }) => parameter).join(", ")}) WITH ORDINALITY AS k (${parts.map(({ column }) => column).join(", ")}, n)
      JOIN ${targetTable(table)} ON ${parts.map(({ equal }) => equal).join(" AND ")}`,
    values: table.targetKey.map((_, at) => keys.map((key) => key[at] ?? null)),
    rowMode: "array",
    types: AS_TEXT,
  });
  for (const [n, ...fields] of rows) found[Number(n) - 1] = fields;
  return found;
}

/** WHERE of a span, or nothing where it is the whole table. */
export function spanWhere(table: TablePlan, { after, upTo }: Span): string {
  const name = rangeColumn(table);
  if (name === undefined) return "";
  const column = `t.${escapeIdentifier(name)}`;
  const terms = [
    ...(after === undefined ? [] : [`${column} > ${after}`]),
    ...(upTo === undefined ? [] : [`${column} <= ${upTo}`]),
  ];
  return terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`;
}

import type { Database } from "better-sqlite3";
import { type Client, escapeIdentifier } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { sourceTable } from "../copy/row";
import type { TablePlan } from "../model";
import { codecOf } from "../values/codec";
import { targetKeyPlans } from "./logged";
import { list, type Stage } from "./stage";

/** A unique index of the target besides the key, as its terms and its condition are written. */
export interface TargetUnique {
  readonly name: string;
  readonly terms: readonly string[];
  readonly condition: string | null;
  /** NULLS NOT DISTINCT. */
  readonly nulls: boolean;
}

/** The unique indexes of the planned tables, by table. Those that hold the whole key find nothing that the key does not. */
export async function targetUniques(
  client: Client,
  tables: readonly TablePlan[],
): Promise<Map<string, TargetUnique[]>> {
  const { rows } = await client.query<TargetUnique & { tbl: string; columns: string[] }>(
    `SELECT c.relname AS tbl, i.relname AS name, x.indnullsnotdistinct AS nulls, pg_get_expr(x.indpred, x.indrelid) AS condition,
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, false) FROM generate_series(1, x.indnkeyatts) AS n) AS terms,
       ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY AS k(no, at)
             JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.no WHERE k.at <= x.indnkeyatts) AS columns
     FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid
     WHERE x.indisunique AND x.indisvalid AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1) ORDER BY i.relname`,
    [tables.map(({ target }) => target)],
  );
  return new Map(
    tables.map(({ target, targetKey }) => [
      target,
      rows.filter(({ tbl, columns }) => tbl === target && !targetKey.every((name) => columns.includes(name))),
    ]),
  );
}

/**
 * Deletes the rows that are in the way of the staged ones: two rows of SQLite's one snapshot are never, so that such a row is one that
 * was changed or taken away, and comes again with its own key if it is still there. Gives their keys.
 */
export async function deleteDisplaced(
  client: Client,
  plan: TablePlan,
  stage: Stage,
  unique: TargetUnique,
): Promise<string[][]> {
  const where = unique.condition === null ? "" : `WHERE ${unique.condition}`;
  const terms = unique.terms.map((term, at) => `${term} AS _ladder_${at}`).join(", ");
  const equal = unique.nulls ? "IS NOT DISTINCT FROM" : "=";
  const same = unique.terms.map((_, at) => `o._ladder_${at} ${equal} n._ladder_${at}`);
  const { rows } = await client.query<string[]>({
    text: `DELETE FROM ${stage.table} AS t USING (SELECT ${terms} FROM ${stage.rows} ${where}) AS n, (SELECT ${list(plan.targetKey)}, ${terms} FROM ${stage.table} ${where}) AS o
      WHERE ${[...same, sameRow(plan, "t", "o")].join(" AND ")} RETURNING ${list(plan.targetKey, "t")}`,
    rowMode: "array",
    types: { getTypeParser: () => (text: string) => text },
  });
  return rows;
}

/** SQL that compares the key of two rows. */
export const sameRow = (plan: TablePlan, left: string, right: string): string =>
  plan.targetKey.map((name) => `${list([name], left)} = ${list([name], right)}`).join(" AND ");

/**
 * At the end of a pass every displaced row is back, or gone in SQLite too.
 * @throws UserError when one is neither: PostgreSQL takes two rows for the same that SQLite tells apart.
 */
export async function refuseDoubles(
  db: Database,
  client: Client,
  displaced: ReadonlyMap<TablePlan, readonly string[][]>,
): Promise<void> {
  for (const [table, keys] of displaced) {
    const keyPlans = targetKeyPlans(table);
    const codecs = keyPlans.map(({ codec }) => codecOf(codec));
    const inSource = db.prepare(
      `SELECT 1 FROM ${sourceTable(table)} WHERE ${keyPlans.map(({ select }) => `${select} IS ?`).join(" AND ")}`,
    );
    const inTarget = `SELECT FROM public.${escapeIdentifier(table.target)} AS t WHERE ${table.targetKey.map((name, at) => `${list([name], "t")} = $${at + 1}`).join(" AND ")}`;
    for (const key of keys) {
      if (inSource.get(...codecs.map((codec, at) => codec.decode(key[at] ?? null))) === undefined) continue;
      if ((await client.query(inTarget, key)).rowCount !== 0) continue;
      throw new UserError(
        `Row ${key.join("/")} of ${table.target} is in SQLite, and PostgreSQL takes it for a double of another row there, by a unique index that is stricter than SQLite's. Change one of the two in SQLite, or leave the index out; then run again.`,
        ExitCode.failed,
      );
    }
  }
}

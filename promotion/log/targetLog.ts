import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import type { TablePlan } from "../model";
import { NOTES } from "../target/session";
import type { TargetTable } from "./targetTables";

/**
 * Keys of the rows that others than ladder wrote. Their order is not that of the commits: it is read when the gate is closed, and all
 * who wrote have ended. No key: the whole table was written, or it has none.
 */
export const MAKE_CHANGES = `CREATE TABLE IF NOT EXISTS ${NOTES}.changes (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tbl text NOT NULL, key text[], at timestamptz NOT NULL DEFAULT clock_timestamp())`;

/** Names of the triggers that log a table's changes; each event needs its own for the rows that it is given. */
export const LOG_TRIGGERS = ["insert", "update", "delete", "truncate"].map((event) => `_ladder_log_${event}`);

/** Keys are written as they are read, whatever the application's session shows. */
const SETTINGS = `SET search_path = pg_catalog, pg_temp SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex'`;

/** SQL that makes a table's change log. `plan` is undefined for a table that has no place in the source. */
export function logStatements(table: TargetTable, plan: TablePlan | undefined, skipId: string): string[] {
  const on = `public.${escapeIdentifier(table.name)}`;
  const changed = `${NOTES}.changed_${table.oid}`;
  const key = plan === undefined ? [] : plan.targetKey;
  const keyed = key.length > 0;
  const run = `FOR EACH STATEMENT WHEN (${byOthers(skipId)}) EXECUTE FUNCTION ${changed}()`;
  const [insert, update, remove, truncate] = LOG_TRIGGERS;
  const trigger = (name: string | undefined, event: string, rows: string): string =>
    `CREATE TRIGGER ${name} AFTER ${event} ON ${on} ${keyed ? rows : ""} ${run}`;
  return [
    // As the owner, with no trust in the session: whoever may write the table need not know of the log.
    `CREATE FUNCTION ${changed}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER ${SETTINGS} AS $ladder$
     BEGIN ${keyed ? keysOf(table.name, key) : whole(table.name)} RETURN NULL; END $ladder$`,
    `REVOKE ALL ON FUNCTION ${changed}() FROM PUBLIC`,
    trigger(insert, "INSERT", "REFERENCING NEW TABLE AS new_rows"),
    trigger(update, "UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    trigger(remove, "DELETE", "REFERENCING OLD TABLE AS old_rows"),
    trigger(truncate, "TRUNCATE", ""),
  ];
}

/** A trigger's condition: the session is none of the promotion. */
export const byOthers = (id: string): string =>
  `current_setting('ladder.promotion', true) IS DISTINCT FROM ${escapeLiteral(id)}`;

const whole = (table: string): string => `INSERT INTO ${NOTES}.changes (tbl) VALUES (${escapeLiteral(table)});`;

function keysOf(table: string, key: readonly string[]): string {
  const from = (rows: string): string =>
    `SELECT ${escapeLiteral(table)}, ARRAY[${key.map((name) => `r.${escapeIdentifier(name)}::text`).join(", ")}] FROM ${rows} AS r`;
  const log = (select: string): string => `INSERT INTO ${NOTES}.changes (tbl, key) ${select};`;
  return `IF TG_OP = 'INSERT' THEN ${log(from("new_rows"))}
    ELSIF TG_OP = 'UPDATE' THEN ${log(`${from("old_rows")} UNION ${from("new_rows")}`)}
    ELSIF TG_OP = 'DELETE' THEN ${log(from("old_rows"))}
    ELSE ${whole(table)} END IF;`;
}

/** How much PostgreSQL's change log holds that SQLite lacks: what `--rollback` would carry back. */
export interface ReverseLag {
  readonly changes: number;
  /** Of the oldest, as PostgreSQL's clock has it; undefined when there is none. */
  readonly since?: Date;
}

/** What others wrote since the gate was opened first. */
export async function reverseLag(client: Client): Promise<ReverseLag> {
  const { rows } = await client.query<{ count: string; since: Date | null }>(
    `SELECT count(*), min(at) AS since FROM ${NOTES}.changes`,
  );
  const since = rows[0]?.since ?? undefined;
  return { changes: Number(rows[0]?.count ?? 0), ...(since === undefined ? {} : { since }) };
}

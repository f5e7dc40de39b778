import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import type { Plan, TablePlan } from "../model";
import { NOTES } from "../target/session";
import { besideWriters, type Locked } from "./besideWriters";
import { byOthers, LOG_TRIGGERS, logStatements, MAKE_CHANGES } from "./targetLog";
import { type TargetTable, targetTables } from "./targetTables";

const GATE = "_ladder_gate";

const MAKE_GATE = `CREATE SCHEMA IF NOT EXISTS ${NOTES};
CREATE TABLE IF NOT EXISTS ${NOTES}.gate (one boolean PRIMARY KEY DEFAULT true CHECK (one), id text NOT NULL, open boolean NOT NULL, opened_at timestamptz);
CREATE OR REPLACE FUNCTION ${NOTES}.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $ladder$
BEGIN
  IF (SELECT opened_at IS NULL FROM ${NOTES}.gate) THEN
    RAISE EXCEPTION 'ladder: this database is not serving yet: it is being filled from SQLite'
      USING ERRCODE = 'read_only_sql_transaction', HINT = 'Write to the SQLite database until the promotion is cut over.';
  END IF;
  RAISE EXCEPTION 'ladder: this database is no longer serving: the promotion is being rolled back to SQLite'
    USING ERRCODE = 'read_only_sql_transaction', HINT = 'Write to the SQLite database.';
END $ladder$;
REVOKE ALL ON FUNCTION ${NOTES}.refuse() FROM PUBLIC`;

/**
 * Closes the gate of all tables in the schema `public` to everyone but ladder's own sessions, and makes their change log, which begins when
 * the gate is opened. In the caller's transaction; where the gate is there already, only for tables that are new. The tables' other
 * triggers are not touched.
 */
export async function installTarget(client: Client, plan: Plan, id: string): Promise<void> {
  await client.query(`${MAKE_GATE}; ${MAKE_CHANGES}`);
  await client.query(`INSERT INTO ${NOTES}.gate (id, open) VALUES ($1, false) ON CONFLICT DO NOTHING`, [id]);
  await guard(client, plan.tables, id);
}

/** Lets everyone write, and logs it from here on, in one transaction of its own. Does nothing when the gate is open. */
export async function openGate(client: Client): Promise<void> {
  await setGate(client, true);
}

/**
 * Refuses everyone but ladder. When this returns, all who wrote have ended, what they committed is in the change log, and nobody writes
 * any more: changing the triggers waits for every writer, and also a transaction that began before sees the new ones. In one
 * transaction of its own. Does nothing when the gate is closed.
 * @throws UserError when the application's transactions do not let go of the tables for 10 s.
 */
export async function closeGate(client: Client): Promise<void> {
  await setGate(client, false);
}

/** Whether the application may write. Undefined: there is no gate. */
export async function gateOf(client: Client): Promise<"open" | "closed" | undefined> {
  const known = await client.query<{ known: boolean }>(`SELECT to_regclass('${NOTES}.gate') IS NOT NULL AS known`);
  if (!known.rows[0]?.known) return undefined;
  const { rows } = await client.query<{ open: boolean }>(`SELECT open FROM ${NOTES}.gate`);
  return rows[0] === undefined ? undefined : rows[0].open ? "open" : "closed";
}

/**
 * Takes gate, change log and all that is in it away, in one transaction of its own: everyone may write then.
 * @throws UserError when the application's transactions do not let go of the tables for 10 s.
 */
export async function removeTarget(client: Client): Promise<void> {
  const tables: Locked = { names: () => guardedNames(client), mode: "ACCESS EXCLUSIVE", what: "removed" };
  await besideWriters(client, tables, async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT p.oid::regprocedure::text AS name FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
       WHERE n.nspname = $1 AND (p.proname = 'refuse' OR p.proname LIKE 'changed\\_%')`,
      [NOTES],
    );
    // Their triggers go with them.
    for (const { name } of rows) await client.query(`DROP FUNCTION ${name} CASCADE`);
    await client.query(`DROP TABLE IF EXISTS ${NOTES}.changes, ${NOTES}.gate`);
  });
}

/** Gate closed and log off, for the tables that have neither. Gives those. */
async function guard(client: Client, plans: readonly TablePlan[], id: string): Promise<TargetTable[]> {
  const planned = new Map(plans.map((plan) => [plan.target, plan]));
  const guarded = new Set((await guardedTables(client)).map(({ oid }) => oid));
  const tables = (await targetTables(client)).filter(({ oid }) => !guarded.has(oid));
  for (const table of tables) {
    const statements = [
      `CREATE TRIGGER ${GATE} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.${escapeIdentifier(table.name)}
       FOR EACH STATEMENT WHEN (${byOthers(id)}) EXECUTE FUNCTION ${NOTES}.refuse()`,
      ...logStatements(table, planned.get(table.name), id),
      switched(table, false),
    ];
    for (const sql of statements) await client.query(sql);
  }
  return tables;
}

const setGate = (client: Client, open: boolean): Promise<void> =>
  besideWriters(
    client,
    { names: () => guardedNames(client), mode: "SHARE ROW EXCLUSIVE", what: open ? "opened" : "closed" },
    () => switchGate(client, open),
  );

async function switchGate(client: Client, open: boolean): Promise<void> {
  const { rows } = await client.query<{ id: string; open: boolean }>(`SELECT id, open FROM ${NOTES}.gate FOR UPDATE`);
  const [gate] = rows;
  if (gate === undefined) throw new Error("the target has no gate");
  if (gate.open === open) return;
  for (const table of await guardedTables(client)) await client.query(switched(table, open));
  if (!open) await guardNewTables(client, gate.id);
  await client.query(
    `UPDATE ${NOTES}.gate SET open = $1, opened_at = coalesce(opened_at, CASE WHEN $1 THEN now() END)`,
    [open],
  );
}

/** Tables that the application made while it was served: what is in them has no place in SQLite. */
async function guardNewTables(client: Client, id: string): Promise<void> {
  for (const { name } of await guard(client, [], id))
    await client.query(
      `INSERT INTO ${NOTES}.changes (tbl) SELECT ${escapeLiteral(name)} WHERE EXISTS (SELECT FROM public.${escapeIdentifier(name)})`,
    );
}

async function guardedTables(client: Client): Promise<TargetTable[]> {
  const { rows } = await client.query<TargetTable>(
    `SELECT c.oid::text AS oid, c.relname AS name FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
     WHERE t.tgname = $1 AND NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
    [GATE],
  );
  return rows;
}

const guardedNames = async (client: Client): Promise<string[]> => (await guardedTables(client)).map(({ name }) => name);

/** Triggers that are off cost nothing: the gate while the application writes, the log while millions of rows are copied. */
function switched(table: TargetTable, open: boolean): string {
  const [gate, log] = open ? ["DISABLE", "ENABLE"] : ["ENABLE", "DISABLE"];
  const actions = [`${gate} TRIGGER ${GATE}`, ...LOG_TRIGGERS.map((name) => `${log} TRIGGER ${name}`)];
  return `ALTER TABLE public.${escapeIdentifier(table.name)} ${actions.join(", ")}`;
}

import { type Client, escapeIdentifier } from "pg";
import { loadMigrations } from "../../catalogue/migrations";
import { type ApplyProgress, applyMigrations } from "../../schema/apply";
import { codeOf } from "../../schema/connectionErrors";
import { recordedHistory, refuseHistory } from "../../schema/history";
import { ExitCode, UserError } from "../../settings/errors";
import type { Plan } from "../model";
import { isNoted, MAKE_NOTES, noteLater } from "./notes";
import { refuseServer } from "./server";
import { NOTES } from "./session";
import { takeDown } from "./takeDown";
import { inTransaction } from "./transaction";

export interface PrepareOptions {
  /** Threads that will copy, each with a session of its own. Default: 2. */
  readonly workers?: number;
  /** Closes the tables to others, in the transaction that makes them or takes them over. Default: they are left open. */
  readonly close?: (client: Client) => Promise<void>;
  readonly onProgress?: (progress: ApplyProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the target's tables, by the plan or by the catalogue's migrations, and takes down what is to come after the rows. Does nothing where
 * that is done already; a run that was killed goes on.
 * @throws UserError for a target that is not empty, or of somebody else's schema (exit code 4), or that cannot hold the promotion.
 */
export async function prepareTarget(client: Client, plan: Plan, options: PrepareOptions = {}): Promise<void> {
  if (await isPrepared(client)) return;
  await refuseTarget(client, plan, options.workers ?? 2);
  await client.query(MAKE_NOTES);
  if (plan.catalogue === undefined) await makePlanned(client, plan, options);
  else await makeCatalogue(client, plan.catalogue, plan, options);
}

/**
 * Looks, and changes nothing.
 * @throws UserError for a target that is not empty, or that cannot hold the promotion.
 */
export async function refuseTarget(client: Client, plan: Plan, workers: number): Promise<void> {
  await refuseServer(client, plan, workers);
  await refuseForeignTables(client, plan);
}

async function isPrepared(client: Client): Promise<boolean> {
  if (!(await isNoted(client, "prepared"))) return false;
  const { rowCount } = await client.query(`SELECT FROM ${NOTES}.prepared`);
  return rowCount === 1;
}

async function makePlanned(client: Client, plan: Plan, { close }: PrepareOptions): Promise<void> {
  await inTransaction(client, async () => {
    for (const sql of plan.create) await make(client, sql);
    await close?.(client);
    for (const { table, name, sql } of plan.indexes)
      await noteLater(client, { kind: "index", tbl: table, name, sql, undo: null });
    for (const { table, name, sql } of plan.foreignKeys) {
      const undo = `ALTER TABLE public.${escapeIdentifier(table)} DROP CONSTRAINT ${escapeIdentifier(name)}`;
      await noteLater(client, { kind: "foreign key", tbl: table, name, sql, undo });
    }
    for (const [at, sql] of plan.finish.entries())
      await noteLater(client, { kind: "finish", tbl: "", name: String(at + 1), sql, undo: null });
    await client.query(`INSERT INTO ${NOTES}.prepared DEFAULT VALUES`);
  });
}

async function make(client: Client, sql: string): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    if (!/^(42|22|54)/.test(codeOf(error))) throw error;
    throw new UserError(
      `PostgreSQL does not take a statement of the plan (${error instanceof Error ? error.message : codeOf(error)}): ${firstLine(sql)} Nothing was made. Go back with --rollback, give the table or column another type or name in the rules, and begin again.`,
      ExitCode.failed,
    );
  }
}

const firstLine = (sql: string): string => {
  const line = sql.trim().replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
};

async function makeCatalogue(
  client: Client,
  catalogue: NonNullable<Plan["catalogue"]>,
  plan: Plan,
  options: PrepareOptions,
) {
  const { onProgress, signal, close } = options;
  const settings = await sessionSettings(client);
  try {
    const { pending } = await applyMigrations({
      client,
      database: catalogue,
      migrations: loadMigrations(catalogue, "postgresql"),
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (pending.length > 0)
      throw new UserError(
        "Interrupted while the target's tables were made. Run again: it goes on from there.",
        ExitCode.interrupted,
      );
  } finally {
    await restoreSettings(client, settings);
  }
  await inTransaction(client, async () => {
    // Closed first, which waits for who writes: whatever anybody wrote until then is seen.
    await close?.(client);
    await refuseRows(client, plan);
    await takeDown(client);
    await client.query(`INSERT INTO ${NOTES}.prepared DEFAULT VALUES`);
  });
}

/** Migrations have a session of their own making; the promotion's is to go on as it was. */
async function sessionSettings(client: Client): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM (SELECT name, current_setting(name) AS setting FROM pg_settings WHERE context = 'user') AS s UNION ALL SELECT 'role', current_setting('role')",
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

async function restoreSettings(client: Client, before: Readonly<Record<string, string>>): Promise<void> {
  const now = await sessionSettings(client).catch(() => undefined);
  // The session is lost: the error that ended it tells.
  if (now === undefined) return;
  for (const [name, setting] of Object.entries(before))
    if (now[name] !== setting) await client.query("SELECT set_config($1, $2, false)", [name, setting]);
}

/** Tables in the schema `public` that no migration of the catalogue made. Without a history there is none that did. */
async function refuseForeignTables(client: Client, plan: Plan): Promise<void> {
  const { catalogue } = plan;
  const recorded = catalogue === undefined ? [] : await recordedHistory(client);
  if (catalogue !== undefined && recorded.length > 0) {
    const migrations = loadMigrations(catalogue, "postgresql");
    refuseHistory(recorded, { place: `Database ${client.database}`, catalogue, migrations });
    return refuseRows(client, plan);
  }
  const tables = await relationsIn(client, "r", "p", "v", "m", "f");
  if (tables.length > 0) throw notEmpty(`it has ${listed(tables)} already`);
}

async function refuseRows(client: Client, plan: Plan): Promise<void> {
  const there = new Set(await relationsIn(client, "r", "p"));
  const filled: string[] = [];
  for (const { target } of plan.tables) {
    if (!there.has(target)) continue;
    const { rowCount } = await client.query(`SELECT FROM public.${escapeIdentifier(target)} LIMIT 1`);
    if (rowCount !== 0) filled.push(target);
  }
  if (filled.length > 0) throw notEmpty(`there are rows in ${listed(filled)} already`);
}

const notEmpty = (why: string): UserError =>
  new UserError(
    `The target is not empty: ${why}. Nothing was changed. Name an empty database, or let ladder remove all that is there with --reset-target.`,
    ExitCode.refused,
  );

/** Names of relations of these kinds in the schema `public`, but for those of extensions. */
export async function relationsIn(client: Client, ...kinds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind::text = ANY ($1)
       AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY c.relname`,
    [kinds],
  );
  return rows.map(({ name }) => name);
}

const NAMED = 10;

/** `a, b and 3 more` */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(", ");
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}

import { type Client, DatabaseError } from "pg";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { BOB, type Guarded, SAYING, seed } from "./guarded";

/** A way to get around row-level security. */
export interface Attempt {
  /** Completes "withstands …". */
  readonly what: string;
  /** What Bob sends, one message each, within one transaction that knows who he is. The last one is the attempt. */
  readonly sql: (table: Guarded) => readonly string[];
  /** The tables that it concerns. Default: all. */
  readonly only?: Guarded["table"];
}

/** What the one who tried got to see. */
export interface Answer {
  /** Of the last statement, each row's columns with `|` between, sorted. */
  readonly rows: readonly string[];
  /** The server's refusal, with all that it says beside the message. */
  readonly error: string | undefined;
  /** All that ever came back: rows of every statement, notices, notifications, errors. */
  readonly everything: string;
}

const allOf = (error: unknown): string => {
  if (!(error instanceof DatabaseError)) return String(error);
  const { code, message, detail, hint, where, internalQuery } = error;
  return [code, message, detail, hint, where, internalQuery].filter(Boolean).join(" / ");
};

/** Sends statements in one transaction, as the application on behalf of Bob, or as whoever the client is. */
export async function send(client: Client, statements: readonly string[]): Promise<Answer> {
  const heard: string[] = [];
  client.on("notice", (notice) => heard.push(String(notice.message)));
  client.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
  let rows: string[] = [];
  let error: string | undefined;
  try {
    await client.query("BEGIN");
    for (const text of statements) {
      const result = await client.query<unknown[]>({ text, rowMode: "array" });
      rows = result.rows.map((row) => row.join("|")).sort();
      heard.push(...rows);
    }
    await client.query("COMMIT");
  } catch (caught) {
    error = allOf(caught);
    heard.push(error);
  } finally {
    await client.end();
  }
  return { rows, error, everything: heard.join("\n") };
}

/** Makes the attempt as Bob. */
export async function attempt(database: CatalogueDatabase, table: Guarded, { sql }: Attempt): Promise<Answer> {
  const identity = SAYING.set_config(table.setting, table.person(BOB));
  return send(await database.connect("app"), [identity, ...sql(table)]);
}

/** The same as the owner of the tables, for whom there is no row-level security: what the attempt would tell without it. */
export const withoutProtection = async (database: CatalogueDatabase, table: Guarded, { sql }: Attempt) =>
  send(await database.connect("owner"), sql(table));

/** Everything that an attempt must leave alone: rows that are not Bob's, policies, rights, owners, and settings of roles and databases. */
const STATE = ({ table, author, person }: Guarded): string => `
SELECT 'row', t::text FROM ${table} t WHERE ${author} <> '${person(BOB)}'
UNION ALL SELECT 'table', concat_ws(' ', oid::regclass, relowner::regrole, relacl, relrowsecurity, relkind) FROM pg_class
  WHERE relnamespace IN ('public'::regnamespace, 'ladder'::regnamespace)
UNION ALL SELECT 'policy', concat_ws(' ', polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy
UNION ALL SELECT 'function', concat_ws(' ', oid::regprocedure, proowner::regrole, proacl, prosecdef, md5(prosrc)) FROM pg_proc
  WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
UNION ALL SELECT 'trigger', concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
UNION ALL SELECT 'schema', concat_ws(' ', nspname, nspowner::regrole, nspacl) FROM pg_namespace
UNION ALL SELECT 'role', concat_ws(' ', rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication) FROM pg_roles
UNION ALL SELECT 'member', concat_ws(' ', roleid::regrole, member::regrole) FROM pg_auth_members
UNION ALL SELECT 'setting', concat_ws(' ', setdatabase, setrole::regrole, setconfig) FROM pg_db_role_setting
UNION ALL SELECT 'extension', extname FROM pg_extension
UNION ALL SELECT 'slot', slot_name FROM pg_replication_slots
UNION ALL SELECT 'publication', pubname FROM pg_publication
ORDER BY 1, 2`;

/** The state that an attempt must leave as it is, as text to compare. Read by the superuser. */
export async function stateOf(superuser: Client, table: Guarded): Promise<string> {
  const { rows } = await superuser.query<string[]>({ text: STATE(table), rowMode: "array" });
  return rows.map((row) => row.join(" ")).join("\n");
}

/** Puts the rows back. */
export async function reseed(superuser: Client, table: Guarded): Promise<void> {
  await superuser.query(`${seed(table)}; SELECT setval('${table.table}_id_seq', 100)`);
}

import { type Client, escapeIdentifier } from "pg";
import type { Figures } from "../machine/work";
import type { Plan } from "../model";
import { doLater, isNoted, laterOf, undoLater } from "../target/notes";
import { NOTES } from "../target/session";
import { inTransaction } from "../target/transaction";

/**
 * Takes away what ladder made in a PostgreSQL that nobody else ever wrote into, in one transaction: the plan's tables, or the rows in those
 * of a catalogue's migrations, which stay as the migrations made them. The notes go with it.
 */
export async function undoTarget(client: Client, plan: Plan): Promise<Figures> {
  await inTransaction(client, async () => {
    if (await isNoted(client, "prepared")) {
      if (plan.catalogue === undefined) await dropTables(client, plan);
      else await emptyTables(client, plan);
    }
    await client.query(`DROP SCHEMA IF EXISTS ${NOTES} CASCADE`);
  });
  return plan.catalogue === undefined
    ? { tables: "dropped" }
    : { tables: `empty, as the migrations of ${plan.catalogue} made them` };
}

const named = ({ tables }: Plan): string => tables.map(({ target }) => `public.${escapeIdentifier(target)}`).join(", ");

/** With the views of the plan, which hang on them. */
async function dropTables(client: Client, plan: Plan): Promise<void> {
  if (plan.tables.length > 0) await client.query(`DROP TABLE IF EXISTS ${named(plan)} CASCADE`);
}

async function emptyTables(client: Client, plan: Plan): Promise<void> {
  // Of other tables, too: PostgreSQL truncates none that a foreign key names.
  for (const key of await laterOf(client, "foreign key", true)) await undoLater(client, key);
  const { rowCount } = await client.query(`SELECT FROM ${NOTES}.prepared`);
  if (rowCount !== 1) return;
  await client.query(`TRUNCATE ${named(plan)} RESTART IDENTITY`);
  for (const kind of ["index", "foreign key", "trigger", "finish"] as const)
    for (const later of await laterOf(client, kind, false)) await doLater(client, later);
  // Nothing was checked while there were no rows; there are none now.
  for (const { tbl, name } of await laterOf(client, "foreign key", true))
    await client.query(`ALTER TABLE public.${escapeIdentifier(tbl)} VALIDATE CONSTRAINT ${escapeIdentifier(name)}`);
}

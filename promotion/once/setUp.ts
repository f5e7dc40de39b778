import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { seedUsers } from "../mapping/breedingUsers";
import type { Plan } from "../model";

/** Makes on a copy of the source what the plan's mapping needs there; users who are in the target already keep their numbers. */
export async function setUp(db: Database, client: Client | undefined, plan: Plan): Promise<void> {
  const users = client !== undefined && plan.catalogue === "ai_breeding" ? await usersOf(client) : [];
  db.transaction(() => {
    // The copy of a source that is being promoted has another promotion's numbers.
    for (const sql of plan.sourceTeardown) db.exec(sql);
    if (users.length > 0) seedUsers(db, users);
    for (const sql of plan.sourceSetup) db.exec(sql);
  }).immediate();
}

async function usersOf(client: Client): Promise<{ id: number; username: string }[]> {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('public.users') IS NOT NULL AS there");
  if (rows[0]?.there !== true) return [];
  return (await client.query<{ id: number; username: string }>("SELECT id, username FROM public.users ORDER BY id"))
    .rows;
}

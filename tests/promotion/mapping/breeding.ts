import { join } from "node:path";
import Database from "better-sqlite3";
import { loadMigrations } from "../../../catalogue/migrations";
import { mappingOf } from "../../../promotion/mapping";
import { NO_RULES, type Plan, type Rules } from "../../../promotion/model";
import { type Brought, bring } from "../../../promotion/once/bring";
import { readSchema } from "../../../promotion/source/schema";
import { targetOf } from "../../../promotion/target/session";
import { connectionFrom } from "../../../schema/connection";
import type { CatalogueDatabase } from "../../servers/catalogueDatabase";
import { temporaryFolder } from "../../support/temporary";

/** A SQLite file of the documented tables, with more SQL after them. */
export function breedingFile(sql: string): string {
  const path = join(temporaryFolder(), "breeding.sqlite");
  const db = new Database(path);
  for (const migration of loadMigrations("ai_breeding", "sqlite")) db.exec(migration.sql);
  db.exec(sql);
  db.close();
  return path;
}

export interface Given {
  readonly quarantine?: boolean;
  readonly existing?: "refuse" | "upsert";
  readonly rules?: Rules;
  readonly profiled?: Parameters<typeof mappingOf>[2];
}

/** Brings a file over into a database as its owner. The file gets the mapping's tables. */
export async function bringFile(
  path: string,
  database: CatalogueDatabase,
  given: Given = {},
): Promise<Brought & { plan: Plan }> {
  const { quarantine = false, existing = "refuse", rules = NO_RULES, profiled = [] } = given;
  const db = new Database(path);
  try {
    const plan = mappingOf("ai_breeding", readSchema(db), profiled, rules);
    const connection = connectionFrom({ LADDER_DATABASE_URL: database.url("owner") }, database.name);
    const target = targetOf(connection, "00000000-0000-4000-8000-000000000000");
    const brought = await bring({ db, target, plan, quarantine, existing, onProgress: () => undefined });
    return { ...brought, plan };
  } finally {
    db.close();
  }
}

/** Empties all tables of the database. */
export const empty = (database: CatalogueDatabase): Promise<string> =>
  database.psql("TRUNCATE users, agents, user_balance, payments, chat_messages RESTART IDENTITY CASCADE", "owner");

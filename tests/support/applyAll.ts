import { loadMigrations } from "../../catalogue/migrations";
import type { CatalogueDatabase } from "../servers/catalogueDatabase";

/** Applies all migrations to a database that has none, as its owner, each in a transaction of its own. */
export async function applyAll(database: CatalogueDatabase): Promise<void> {
  for (const { sql } of loadMigrations(database.name, "postgresql"))
    await database.psql(`BEGIN;\n${sql}\nCOMMIT;`, "owner");
}

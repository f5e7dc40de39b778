import Database from "better-sqlite3";
import { loadMigrations } from "../../../../catalogue/migrations";
import { mappingOf } from "../../../../promotion/mapping";
import { NO_RULES, type Plan, type Rules, type TableProfile } from "../../../../promotion/model";
import { readSchema } from "../../../../promotion/source/schema";

/** A database in memory with the documented tables, and more SQL after them. */
export function documented(catalogue: "ai_breeding" | "ai_company", sql = ""): Database.Database {
  const db = new Database(":memory:");
  for (const migration of loadMigrations(catalogue, "sqlite")) db.exec(migration.sql);
  db.exec(sql);
  return db;
}

interface Given {
  readonly profiles?: readonly TableProfile[];
  readonly rules?: Rules;
}

/** The plan for a database as it is, without a profile unless one is given. */
export const planOf = (
  catalogue: "ai_breeding" | "ai_company",
  db: Database.Database,
  { profiles = [], rules = NO_RULES }: Given = {},
): Plan => mappingOf(catalogue, readSchema(db), profiles, rules);

/** Runs the plan's setup as a promotion does it: in one transaction, and safely twice. */
export function setUp(db: Database.Database, plan: Plan): void {
  for (let time = 0; time < 2; time++) db.transaction(() => db.exec(plan.sourceSetup.join(";\n"))).immediate();
}

/** What a table's plan reads of each row, by target column. */
export function rowsOf(db: Database.Database, plan: Plan, target: string): Record<string, unknown>[] {
  const table = plan.tables.find((one) => one.target === target);
  if (table === undefined) throw new Error(`no table ${target} in the plan`);
  const columns = table.columns.map(({ select, target: name }) => `${select} AS "${name}"`).join(", ");
  return db.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM "${table.source}" AS s ORDER BY 1`).all();
}

import type { Database } from "better-sqlite3";
import type { LeftOut, SourceSchema, SourceTable, TableProfile } from "../../model";
import type { AssessedTable } from "../assessment";
import type { Case } from "./case";
import { databaseCases } from "./database";
import { registerTests } from "./examples";
import { foreignKeyCases } from "./foreignKeys";
import { settled } from "./settled";
import { tableCases } from "./tables";

export interface Found {
  readonly schema: SourceSchema;
  readonly profiles: readonly TableProfile[];
  readonly assessed: readonly AssessedTable[];
  readonly journalMode: string;
  /** Of the plan, when there is one. */
  readonly leftOut: readonly LeftOut[] | undefined;
}

function columnCases(db: Database, table: SourceTable, profile: TableProfile, assessed: AssessedTable): Case[] {
  return table.columns.flatMap((column, at) => {
    const counted = profile.columns[at];
    const seen = assessed.columns[at];
    if (counted === undefined || seen === undefined) return [];
    return settled(db, table, { column, profile: counted, assessed: seen });
  });
}

/** Every awkward case of a database, table by table. Reads only, in the snapshot that the connection is in. */
export function* findCases(
  db: Database,
  { schema, profiles, assessed, journalMode, leftOut }: Found,
): Generator<string, Case[]> {
  registerTests(db);
  const cases: Case[] = [];
  for (const [at, table] of schema.tables.entries()) {
    const profile = profiles[at];
    const seen = assessed[at];
    if (profile === undefined || seen === undefined || !seen.carried) continue;
    yield table.name;
    cases.push(...columnCases(db, table, profile, seen), ...tableCases(db, table, profile));
  }
  return [...cases, ...foreignKeyCases(db, schema), ...databaseCases(schema, journalMode, leftOut)];
}

import { type CatalogueName, UserError } from "../../settings";
import type { Plan, Rules, SourceSchema, TableProfile } from "../model";
import { aiBreeding } from "./aiBreeding";
import { aiCompany } from "./aiCompany";
import { buildPlan, type Mapping } from "./build";
import { matchTables, sameName } from "./match";

const MAPPINGS: Partial<Record<CatalogueName, Mapping>> = { ai_breeding: aiBreeding, ai_company: aiCompany };

/** The logical databases that have a mapping from SQLite. */
export const MAPPED: readonly CatalogueName[] = ["ai_breeding", "ai_company"];

/** The logical database whose tables these are: all that its mapping needs are there. Undefined: none. */
export const catalogueOf = (schema: SourceSchema): CatalogueName | undefined =>
  MAPPED.find((name) =>
    MAPPINGS[name]?.tables.every(({ source }) => schema.tables.some((table) => sameName(table.name, source))),
  );

/**
 * The plan that brings an application's SQLite tables into those of a logical database's migrations.
 * @throws UserError for a catalogue without a mapping (usage), and for tables and columns that are missing or would be lost, for rules
 * that do not fit and for times that nobody can tell (refused).
 */
export function mappingOf(
  catalogue: CatalogueName,
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  rules: Rules,
): Plan {
  const mapping = MAPPINGS[catalogue];
  if (mapping === undefined)
    throw new UserError(
      `There is no mapping from SQLite onto ${catalogue}. Allowed: ${MAPPED.join(", ")}; or take the tables as they are with --translate.`,
    );
  return buildPlan(catalogue, mapping, matchTables(catalogue, mapping.tables, { schema, profiles, rules }), {
    schema,
    rules,
  });
}

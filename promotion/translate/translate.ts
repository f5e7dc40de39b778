import { ExitCode, UserError } from "../../settings";
import { NO_RULES, type Plan, type Rules, type SourceSchema, type TableProfile } from "../model";
import { Findings } from "./findings";
import { foreignKeysOf } from "./foreignKeys";
import { indexesOf } from "./indexes";
import { Names } from "./names";
import { parentsFirst } from "./order";
import type { PlannedTable } from "./planned";
import { createTable, plannedTable, tablePlan, tellRenamed } from "./table";
import { leaveTriggers } from "./triggers";
import { viewsOf } from "./views";
import { searchesOf } from "./virtualTables";

/**
 * Translates a SQLite database's schema into a plan that makes the same tables in PostgreSQL. What has no sure counterpart there is left
 * out and told, never guessed.
 * @throws UserError with every question that rules.yaml has to answer first.
 */
export function translate(schema: SourceSchema, profiles: readonly TableProfile[], rules: Rules = NO_RULES): Plan {
  const { plan, questions } = drafted(schema, profiles, rules);
  if (questions.length > 0)
    throw new UserError(
      [
        `No plan was made: ${questions.length === 1 ? "a column needs" : `${questions.length} columns need`} a ruling.`,
        ...questions.map((question) => `  - ${question}`),
      ].join("\n"),
      ExitCode.refused,
    );
  return plan;
}

/** The same, with open questions beside a plan that answers them by what most values are: for a report. */
export function drafted(
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  rules: Rules = NO_RULES,
): { readonly plan: Plan; readonly questions: readonly string[] } {
  const findings = new Findings();
  // Tables, indexes and views share their names in PostgreSQL; the tables choose first.
  const names = new Names();
  const tables = plannedTables(schema, profiles, rules, names, findings);
  const views = viewsOf(schema, tables, names, findings);
  const create = tables.map((table) => createTable(table, names, findings));
  const indexes = tables.flatMap((table) => indexesOf(table, names, findings));
  const searches = searchesOf(schema, tables, names, findings);
  const foreignKeys = foreignKeysOf(tables, findings);
  leaveCollations(tables, findings);
  leaveTriggers(schema, findings);
  const plan: Plan = {
    sourceSetup: [],
    sourceTeardown: [],
    create,
    indexes: [...indexes, ...searches],
    foreignKeys,
    finish: [...views, ...findings.comments()],
    tables: tables.map(tablePlan),
    leftOut: findings.leftOut,
  };
  return { plan, questions: findings.questions };
}

function plannedTables(
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  rules: Rules,
  names: Names,
  findings: Findings,
): PlannedTable[] {
  const kept = schema.tables.filter((table) => {
    const skip = rules.tables[table.name]?.skip === true;
    if (skip) findings.leave(`table ${table.name}`, "rules.yaml says skip", "take the rule away to move it");
    return !skip;
  });
  return parentsFirst(kept).map((source) => {
    const rule = rules.tables[source.name];
    const wanted = rule?.rename ?? source.name;
    const target = names.take(wanted);
    if (target !== wanted) tellRenamed(`table ${wanted}`, target, target, findings);
    const profile = profiles.find(({ table }) => table === source.name);
    return plannedTable(source, target, profile, rule, findings);
  });
}

/** Queries compare such columns byte by byte from now on; only their unique indexes keep the collation. */
function leaveCollations(tables: readonly PlannedTable[], findings: Findings): void {
  for (const { source, target, columns } of tables)
    for (const { source: column, typed } of columns)
      if (typed.kind === "text" && column.collation.toUpperCase() !== "BINARY") {
        const name = JSON.stringify(typed.sql.slice(1, -1));
        findings.leave(
          `collation ${column.collation} of ${source.name}.${column.name}`,
          "PostgreSQL compares texts as they are",
          column.collation.toUpperCase() === "NOCASE"
            ? `in queries, compare lower(${name} COLLATE "C") with lower($1 COLLATE "C"): the indexes are on that`
            : "say in queries how texts are to be compared",
          target,
        );
      }
}

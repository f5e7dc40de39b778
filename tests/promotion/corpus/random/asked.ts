import type Database from "better-sqlite3";
import type { Assessment } from "../../../../promotion/assess/assessment";
import type { TableRule } from "../../../../promotion/model";
import { quoted } from "./names";

/** What must be so in the data for a question to be asked. */
const QUESTIONS: readonly (readonly [words: RegExp, holds: (storages: ReadonlySet<string>) => boolean])[] = [
  [/which no one type of PostgreSQL takes/, (has) => has.has("blob") && (has.has("integer") || has.has("real"))],
  [/: texts and numbers for times/, (has) => has.has("text") && (has.has("integer") || has.has("real"))],
  [/with an offset and .* without one/, (has) => has.has("zoned") && has.has("plain")],
  [/numbers? like|other numbers?/, (has) => !has.has("text") && (has.has("integer") || has.has("real"))],
];

/** Questions that were asked without cause, and rules that answer all of them: each column becomes text. */
export function answered(
  db: Database.Database,
  { tables }: Assessment,
): { wrong: string[]; rules: Record<string, TableRule> } {
  const wrong: string[] = [];
  const rules: Record<string, TableRule> = {};
  for (const table of tables) {
    const asked = table.columns.filter(({ question }) => question !== undefined);
    for (const { name, question = "" } of asked) {
      const kind = QUESTIONS.find(([words]) => words.test(question));
      if (!kind?.[1](storagesOf(db, table.name, name)))
        wrong.push(`asked without cause: ${table.name}.${name}: ${question}`);
    }
    const columns = Object.fromEntries(asked.map(({ name }) => [name, { type: "text" as const }]));
    if (asked.length > 0) rules[table.name] = { columns };
  }
  return { wrong, rules };
}

function storagesOf(db: Database.Database, table: string, column: string): Set<string> {
  const name = quoted(column);
  const kind = `CASE WHEN typeof(${name}) <> 'text' THEN typeof(${name}) WHEN ${name} GLOB '*[0-9][zZ]' OR substr(${name}, 11) GLOB '*[0-9][-+][0-9][0-9]*' THEN 'zoned' ELSE 'plain' END`;
  const found = db
    .prepare<[], string>(`SELECT DISTINCT ${kind} FROM ${quoted(table)}`)
    .pluck()
    .all();
  return new Set([...found, ...(found.includes("zoned") || found.includes("plain") ? ["text"] : [])]);
}

import type { SourceSchema } from "../model";
import type { Findings } from "./findings";

/** SQLite's triggers are programs in its own SQL: they are listed, not translated. */
export function leaveTriggers(schema: SourceSchema, findings: Findings): void {
  for (const { name, table } of schema.triggers)
    findings.leave(
      `trigger ${name} on ${table}`,
      "triggers are written in SQLite's own SQL",
      "write it anew for PostgreSQL, or do its work in the application",
    );
}

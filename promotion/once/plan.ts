import type { Database } from "better-sqlite3";
import type { CatalogueName } from "../../settings";
import { profileTable } from "../assess/profile";
import { catalogueOf, mappingOf } from "../mapping";
import { NO_RULES, type Plan, type Progress } from "../model";
import { readRules } from "../rules/read";
import { readSchema } from "../source/schema";
import { translate } from "../translate/translate";

/** How the tables of the source are found a place. */
export interface Ruling {
  /** The logical database that they are mapped onto; `translate`: none, they are taken as they are. Default: that whose tables they are. */
  readonly onto?: CatalogueName | "translate";
  /** Absolute path of rules.yaml. */
  readonly rules?: string;
}

/**
 * Reads every row once, and makes the plan.
 * @throws UserError for rules that do not fit, for questions that they leave open, and for what has no place in a catalogue.
 */
export function planOf(
  db: Database,
  { onto, rules: file }: Ruling,
  watch: { readonly onProgress: (progress: Progress) => void; readonly signal?: AbortSignal | undefined },
): Plan {
  const schema = readSchema(db);
  const rules = file === undefined ? NO_RULES : readRules(file, schema);
  let done = 0;
  const profiles = schema.tables.map((table) =>
    profileTable(db, table, {
      onRows(rows) {
        done += rows;
        watch.onProgress({ phase: "assess", table: table.name, done, unit: "rows" });
      },
      ...(watch.signal === undefined ? {} : { signal: watch.signal }),
    }),
  );
  const catalogue = onto ?? catalogueOf(schema) ?? "translate";
  return catalogue === "translate" ? translate(schema, profiles, rules) : mappingOf(catalogue, schema, profiles, rules);
}

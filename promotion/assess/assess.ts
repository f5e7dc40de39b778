import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import type { CatalogueName } from "../../settings";
import { UserError } from "../../settings/errors";
import { mappingOf } from "../mapping";
import { brokenChecks } from "../mapping/preflight";
import {
  NO_RULES,
  type Plan,
  type Progress,
  type Rules,
  type SourceFile,
  type SourceSchema,
  type TableProfile,
} from "../model";
import { readRules } from "../rules/read";
import { explainSource } from "../source/open";
import { readSchema } from "../source/schema";
import { openUntouched } from "../source/untouched";
import { drafted } from "../translate/translate";
import type { Assessment } from "./assessment";
import type { Case } from "./cases/case";
import { findCases } from "./cases/find";
import { assessedTables } from "./columns";
import { estimate } from "./estimates";
import { nextUnlessStopped, profileSteps } from "./profile";

export interface AssessOptions {
  readonly source: SourceFile;
  /** Path of rules.yaml. Default: no rules. */
  readonly rules?: string;
  /** The logical database that it is mapped onto. Default: the schema is translated as it is. */
  readonly catalogue?: CatalogueName;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

/** Drives work that yields now and then, so that the program hears Ctrl-C and draws how far it is. */
async function drive<Step, Result>(
  steps: Generator<Step, Result>,
  signal: AbortSignal | undefined,
  onStep: (step: Step) => void,
): Promise<Result> {
  for (;;) {
    const step = nextUnlessStopped(steps, signal);
    if (step.done) return step.value;
    onStep(step.value);
    await setImmediate();
  }
}

async function profileAll(
  db: Database,
  schema: SourceSchema,
  rules: Rules,
  { signal, onProgress }: AssessOptions,
): Promise<TableProfile[]> {
  const profiles: TableProfile[] = [];
  for (const table of schema.tables) {
    if (rules.tables[table.name]?.skip === true) {
      profiles.push({ table: table.name, rows: 0, bytes: 0, largestRowBytes: 0, columns: [] });
      continue;
    }
    let done = 0;
    const profile = await drive(profileSteps(db, table), signal, (rows) => {
      done += rows;
      onProgress?.({ phase: "assess", table: table.name, done, unit: "rows" });
    });
    profiles.push(profile);
  }
  return profiles;
}

/** What is wrong for a plan is part of an assessment, and no failure of it. */
function planOrReason(make: () => Plan): { plan?: Plan; refusal?: string } {
  try {
    return { plan: make() };
  } catch (error) {
    if (error instanceof UserError) return { refusal: error.message };
    throw error;
  }
}

/** A draft shows what stays behind while questions are still open; it is no plan to go by. */
function translated(
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  rules: Rules,
): { plan?: Plan; questions: readonly string[]; refusal?: string } {
  try {
    return drafted(schema, profiles, rules);
  } catch (error) {
    if (error instanceof UserError) return { questions: [], refusal: error.message };
    throw error;
  }
}

/** Rows that a catalogue's tables do not take. What a mapping adds to the source is made as temporary tables for it. */
function brokenCases(db: Database, plan: Plan | undefined): Case[] {
  if (plan?.catalogue === undefined) return [];
  db.pragma("query_only = OFF");
  const broken = brokenChecks(db, plan);
  db.pragma("query_only = ON");
  return broken.map(({ table, reason, rows, keys }) => {
    const key = plan.tables.find(({ source }) => source === table)?.sourceKey.join(", ");
    return {
      id: "mapped-row",
      table,
      count: rows,
      refused: rows,
      keys: keys.map((values) => `${key}=${values}`),
      outcome: "aside",
      done: `${reason}; such rows are refused, or put into quarantine`,
    };
  });
}

async function read(db: Database, options: AssessOptions): Promise<Assessment> {
  const { source, catalogue, signal, onProgress } = options;
  const schema = readSchema(db);
  const rules = options.rules === undefined ? NO_RULES : readRules(options.rules, schema);
  const journalMode = String(db.pragma("journal_mode", { simple: true }));
  const profiles = await profileAll(db, schema, rules, options);
  const mapped =
    catalogue === undefined
      ? undefined
      : { ...planOrReason(() => mappingOf(catalogue, schema, profiles, rules)), questions: [] };
  const tables = assessedTables(schema.tables, profiles, rules, mapped);
  const { plan: draft, questions, refusal } = mapped ?? translated(schema, profiles, rules);
  const plan = questions.length === 0 ? draft : undefined;
  const found = { schema, profiles, assessed: tables, journalMode, leftOut: draft?.leftOut };
  const ofSchema = await drive(findCases(db, found), signal, (table) =>
    onProgress?.({ phase: "awkward cases", table, done: 0, unit: "rows" }),
  );
  const cases = [...brokenCases(db, draft), ...ofSchema];
  const carried = profiles.filter((_profile, at) => tables[at]?.carried);
  return {
    file: source.path,
    bytes: Number(db.pragma("page_count", { simple: true })) * Number(db.pragma("page_size", { simple: true })),
    walBytes: statSync(`${source.path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    sqliteVersion: String(db.prepare("SELECT sqlite_version()").pluck().get()),
    journalMode,
    encoding: schema.encoding,
    ...(catalogue === undefined ? {} : { catalogue }),
    tables,
    cases,
    questions,
    estimates: estimate(schema, carried),
    leftOut: draft?.leftOut ?? [],
    ...(refusal === undefined ? {} : { refusal }),
    schema,
    profiles,
    rules,
    ...(plan === undefined ? {} : { plan }),
  };
}

/**
 * Reads a whole database in one snapshot and tells what a promotion would meet. Writes nothing, neither into the database nor beside it.
 * Open questions, and what a plan refuses, are in the result.
 * @throws UserError for a database or rules that cannot be read, and (interrupted) when `signal` fires.
 */
export async function assess(options: AssessOptions): Promise<Assessment> {
  const { db, close } = openUntouched(options.source);
  try {
    db.exec("BEGIN");
    return await read(db, options);
  } catch (error) {
    throw explainSource(options.source.path, error);
  } finally {
    close();
  }
}

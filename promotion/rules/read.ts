import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { UserError } from "../../settings/errors";
import type { Rules, SourceSchema } from "../model";
import { contradictionsIn, type Problem } from "./contradictions";
import { resolveNames } from "./names";
import { nearestOf } from "./nearest";
import { columnShape, type RulesText, rulesShape, tableShape } from "./shape";

/** Says where a rule stands: `line 7, tables.users.columns.born: `. */
function placeOf(document: Document, lines: LineCounter, path: readonly string[]): string {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}, ${path.join(".")}: `;
  }
  return path.length === 0 ? "" : `${path.join(".")}: `;
}

/** The keys that may stand beside the last of a path. */
const keysAt = (path: readonly string[]): string[] =>
  Object.keys((path.length === 0 ? rulesShape : path.length === 2 ? tableShape : columnShape).shape);

function problemOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no rule ${key} here. ${nearestOf(key, keysAt(path))}`,
    }));
  if (issue.code === "invalid_type" && ["object", "record"].includes(issue.expected))
    return [{ path, message: "it is a group of rules, with keys of its own." }];
  return [{ path, message: `${issue.message}.` }];
}

function refuse(name: string, problems: readonly string[]): never {
  const count = problems.length === 1 ? "One rule" : `${problems.length} rules`;
  throw new UserError([`${count} of ${name} cannot be used:`, ...problems.map((line) => `  - ${line}`)].join("\n"));
}

/** @throws UserError with the line of each problem: YAML, unknown keys, tables and columns, values, contradictions. */
export function parseRules(text: string, name: string, schema: SourceSchema): Rules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw new UserError(`${name} is not valid YAML: ${error.message.split("\n")[0]} Mend that line and run again.`);
  const tell = (problems: readonly Problem[]): string[] =>
    problems.map(({ path, message }) => placeOf(document, lines, path) + message);
  const shaped = rulesShape.safeParse(document.toJS() ?? {});
  if (!shaped.success) return refuse(name, tell(shaped.error.issues.flatMap(problemOf)));
  const { rules, problems } = resolveNames(shaped.data, schema);
  const all = problems.length > 0 ? problems : contradictionsIn(rules, schema);
  if (all.length > 0) refuse(name, tell(all));
  return withoutNothing(rules);
}

/** Rules of which nothing was said are left out, so that equal rules are equal values. */
function withoutNothing({ version, tables }: RulesText): Rules {
  const isSaid = ([, rule]: [string, object]): boolean => Object.keys(rule).length > 0;
  const cleaned = Object.entries(tables).map(([name, { columns, ...rule }]): [string, object] => {
    const said = Object.entries(columns ?? {}).filter(isSaid);
    return [name, said.length > 0 ? { ...rule, columns: Object.fromEntries(said) } : rule];
  });
  return { version, tables: Object.fromEntries(cleaned.filter(isSaid)) };
}

/**
 * Reads rules.yaml for a database. Names of tables and columns may be written in any case of ASCII, and come back as the schema has them.
 * @throws UserError for a file that cannot be read, and as `parseRules` does.
 */
export function readRules(file: string, schema: SourceSchema): Rules {
  return parseRules(contentOf(file), basename(file), schema);
}

/** The checksum of a file of rules. @throws UserError for a file that cannot be read. */
export const rulesHash = (file: string): string => createHash("sha256").update(contentOf(file)).digest("hex");

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(
      code === "ENOENT"
        ? `There is no file of rules at ${file}. Check the path; \`--step assess\` writes one that is ready to edit.`
        : `${file} cannot be read (${code}). Check that it is a file you may read.`,
    );
  }
}

import type { CodecSpec, ColumnRule, TableRule } from "../model";
import type { AssessedColumn, AssessedTable, Assessment } from "./assessment";

/** Names that YAML would read as something else than a text are written in quotes, as in JSON. */
const isPlain = (name: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^(true|false|null|nan|inf)$/i.test(name);
const key = (name: string): string => (isPlain(name) ? name : JSON.stringify(name));
/** Nothing that is shown may end the comment that it stands in. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
const scalar = (value: unknown): string => (typeof value === "string" ? key(value) : String(value));

const INTEGERS = { 16: "smallint", 32: "integer", 64: "bigint" } as const;

/** The rule that says what is proposed. */
export function ruleOf(codec: CodecSpec): ColumnRule {
  const empty = codec.empty === undefined ? {} : { empty: codec.empty };
  switch (codec.kind) {
    case "integer":
      return { type: INTEGERS[codec.bits], ...empty };
    case "double":
      return { type: "double precision", ...empty };
    case "json":
      return { type: "jsonb", ...empty };
    case "numeric": {
      const { precision, scale, round } = codec;
      return {
        type: "numeric",
        ...(precision === undefined ? {} : { precision, scale: scale ?? 0 }),
        ...(round === undefined ? {} : { round }),
        ...empty,
      };
    }
    case "text":
      return {
        type: "text",
        ...(codec.nul === undefined ? {} : { nul: codec.nul }),
        ...(codec.invalid === undefined ? {} : { invalid: codec.invalid }),
      };
    case "timestamp":
      return { type: codec.zone ? "timestamptz" : "timestamp", from: codec.from, ...empty };
    case "date":
      return { type: "date", from: codec.from, ...empty };
    default:
      return { type: codec.kind, ...empty };
  }
}

const flow = (rule: ColumnRule): string =>
  `{ ${Object.entries(rule)
    .map(([name, value]) => `${name}: ${scalar(value)}`)
    .join(", ")} }`;

function columnLines(column: AssessedColumn, rule: ColumnRule | undefined, mapped: boolean): string[] {
  const name = key(column.name);
  const why = oneLine(`${column.declared || "no type"}: ${column.warning ?? column.why}`);
  if (column.question !== undefined) {
    const ruled = rule ?? {};
    return [
      `# To be answered: ${oneLine(column.question)}`,
      `${name}:`,
      `  type: ${ruled.type ?? ""}`.trimEnd(),
      ...(/\bfrom: /.test(column.question) ? [`  from: ${ruled.from ?? ""}`.trimEnd()] : []),
    ];
  }
  if (rule !== undefined) return [`${name}: ${flow(rule)} # ${why}`];
  // What a migration has fixed cannot be ruled otherwise.
  const fixed = mapped || column.codec === undefined;
  return [fixed ? `# ${name}: ${why}` : `# ${name}: ${flow(ruleOf(column.codec))} # ${why}`];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function tableLines(table: AssessedTable, rule: TableRule, mapped: boolean): string[] {
  if (!table.carried) return [`${key(table.name)}:`, "  skip: true"];
  const renamed = rule.rename === undefined ? [`# rename: ${key(table.name)}`] : [`rename: ${key(rule.rename)}`];
  const columns = table.columns.flatMap((column) => columnLines(column, rule.columns?.[column.name], mapped));
  const content = ["# skip: true", ...renamed, "columns:", ...indent(columns)];
  return [`# ${table.rows} rows`, `${key(table.name)}:`, ...indent(content)];
}

const HEAD = `# Rules for moving this database to PostgreSQL, read with --rules.
# What is commented out is what happens anyway; take the # away to change it.
# A column may have:
#   type: smallint, integer, bigint, boolean, double precision, numeric, text, bytea, jsonb, timestamp, timestamptz, date
#   precision, scale, round: true   with numeric
#   from: text, seconds, milliseconds, microseconds, julian   with timestamp, timestamptz, date
#   empty: "null"   empty texts become NULL (not with text)
#   nul: strip   leaves NUL characters out of texts
#   invalid: replace, latin1   for texts that are no UTF-8
#   rename: another name
version: 1`;

/**
 * A rules.yaml that is ready to edit: the rules that were read, an empty answer for every question, and all the rest as comments.
 * Read back with the answers filled in it leaves no question.
 */
export function rulesFile({ tables, rules, catalogue }: Assessment): string {
  const lines = tables.flatMap((table) => tableLines(table, rules.tables[table.name] ?? {}, catalogue !== undefined));
  return `${[HEAD, lines.length === 0 ? "tables: {}" : "tables:", ...indent(lines)].join("\n")}\n`;
}

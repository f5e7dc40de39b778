import type { AssessedTable, Assessment } from "./assessment";
import { CASES, type Case, type Outcome } from "./cases/case";

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

function time(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const count = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Names may hold anything, and a report goes to a terminal and into Markdown. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");

/** In the order of what the user has to do. */
const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ["question", "To be ruled on"],
  ["aside", "Refused row by row, or put into quarantine"],
  ["left", "Stays behind"],
  ["note", "Good to know"],
  ["carried", "Carried, and easily lost elsewhere"],
];

const placeOf = ({ table, column }: Case): string =>
  table === undefined ? "" : column === undefined ? table : `${table}.${column}`;

const totals = ({ tables }: Assessment) => ({
  tables: tables.filter(({ carried }) => carried).length,
  rows: tables.reduce((rows, table) => rows + table.rows, 0),
});

function caseLine(one: Case): string {
  const place = placeOf(one);
  const keys = one.keys.length === 0 ? "" : ` (${one.keys.join("; ")}${one.count > one.keys.length ? "; …" : ""})`;
  const number = one.count === 1 && keys === "" ? "" : `: ${count(one.count)}`;
  return printable(`${place === "" ? "" : `${place}: `}${CASES[one.id]}${number}${keys}: ${one.done}`);
}

function summary(assessment: Assessment): string[] {
  const { estimates, walBytes, bytes, file, encoding, journalMode, sqliteVersion } = assessment;
  const { tables, rows } = totals(assessment);
  return [
    `${file}: ${size(bytes)}${walBytes > 0 ? `, ${size(walBytes)} of write-ahead log` : ""}, ${encoding}, journal mode ${journalMode}, read with SQLite ${sqliteVersion}`,
    `${count(rows)} rows in ${tables} tables${assessment.catalogue === undefined ? "" : `, onto the tables of ${assessment.catalogue}`}`,
    `Estimated: ${time(estimates.seconds)} of copying and verifying while the application writes, ${estimates.freezeMilliseconds} ms of waiting writers, ${size(estimates.targetBytes)} of disk in PostgreSQL and ${size(estimates.walBytes)} of its write-ahead log`,
  ];
}

function verdict({ questions, refusal, cases }: Assessment): string {
  if (questions.length > 0)
    return `${questions.length === 1 ? "One column needs" : `${questions.length} columns need`} a ruling in rules.yaml before a plan can be made.`;
  if (refusal !== undefined) return `No plan can be made: ${refusal}`;
  const aside = cases
    .filter(({ outcome }) => outcome === "aside")
    .reduce((sum, one) => sum + (one.refused ?? one.count), 0);
  return aside === 0
    ? "Nothing stands in the way of a promotion."
    : `${count(aside)} values or rows cannot be carried as they are: rule on them in rules.yaml, mend them, or promote with --quarantine.`;
}

function grouped(cases: readonly Case[]): { title: string; cases: readonly Case[] }[] {
  return OUTCOMES.map(([outcome, title]) => ({ title, cases: cases.filter((one) => one.outcome === outcome) })).filter(
    (group) => group.cases.length > 0,
  );
}

/** What stays behind, besides what a case has told already. */
const others = ({ leftOut, cases }: Assessment): string[] =>
  leftOut
    .filter(({ what }) => !cases.some(({ done }) => done.startsWith(`${what}: `)))
    .map(({ what, why, instead }) => printable(`${what}: ${why}; ${instead}`));

/** An assessment for a terminal. What is carried without a question is only counted. */
export function reportText(assessment: Assessment): string {
  const groups = grouped(assessment.cases).map(({ title, cases }) =>
    cases.every(({ outcome }) => outcome === "carried")
      ? [`${title}: ${count(cases.length)} cases, listed in the report`]
      : [`${title}:`, ...cases.map((one) => `  - ${caseLine(one)}`)],
  );
  const left = others(assessment);
  return [
    ...summary(assessment).map(printable),
    "",
    ...groups.flat(),
    ...(left.length === 0 ? [] : ["Not as it was in SQLite:", ...left.map((line) => `  - ${line}`)]),
    "",
    printable(verdict(assessment)),
  ].join("\n");
}

const cell = (text: string): string =>
  printable(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("`", "\\`");
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function tableSection(table: AssessedTable): string[] {
  const classes = ({ classes: found }: AssessedTable["columns"][number]): string =>
    Object.entries(found)
      .filter(([, number]) => number > 0)
      .map(([name, number]) => `${count(number)} ${name}`)
      .join(", ");
  return [
    `### ${cell(table.name)}`,
    "",
    table.carried
      ? `${count(table.rows)} rows, ${size(table.bytes)}, the largest ${size(table.largestRowBytes)}.`
      : "Left out by rules.yaml.",
    "",
    ...(table.carried
      ? [
          row(["column", "declared", "values", "becomes", "why"]),
          "|---|---|---|---|---|",
          ...table.columns.map((column) =>
            row([
              column.name,
              column.declared,
              classes(column),
              column.question === undefined ? (column.type ?? "") : "?",
              column.question ?? [column.why, column.warning].filter((part) => part !== undefined).join("; "),
            ]),
          ),
          "",
        ]
      : []),
  ];
}

/** The whole assessment, to be kept and read by people. */
export function reportMarkdown(assessment: Assessment): string {
  const { tables, estimates, cases } = assessment;
  const left = others(assessment);
  return `${[
    "# Assessment",
    "",
    ...summary(assessment).map((line) => `- ${cell(line)}`),
    "",
    cell(verdict(assessment)),
    "",
    "## What was found",
    "",
    ...grouped(cases).flatMap(({ title, cases: found }) => [
      `### ${title}`,
      "",
      ...found.map((one) => `- ${cell(caseLine(one))}`),
      "",
    ]),
    ...(left.length === 0 ? [] : ["## Not as it was in SQLite", "", ...left.map((line) => `- ${cell(line)}`), ""]),
    "## How the estimates were made",
    "",
    ...estimates.how.map((line) => `- ${line}`),
    "",
    "## Tables",
    "",
    ...tables.flatMap(tableSection),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

/** The assessment as JSON, without the schema, the profiles and the plan, which are kept apart. */
export function reportJson(assessment: Assessment): string {
  const { schema: _schema, profiles: _profiles, plan: _plan, ...told } = assessment;
  return `${JSON.stringify(told, null, 2)}\n`;
}

import type { ForeignKeyCheck } from "./orphans";
import type { SequenceCheck } from "./sequences";
import type { MoneySum } from "./sums";

/** The figures of one table. */
export interface TableVerdict {
  readonly source: string;
  readonly target: string;
  /** When they were compared; rows in quarantine are not counted. */
  readonly rows: { readonly source: number; readonly target: number };
  /** Parts that were compared each for itself. */
  readonly ranges: number;
  /** Sums of the hashes of all rows, 64 bits in hex. */
  readonly checksum: { readonly source: string; readonly target: string };
  readonly quarantined: number;
  /** Rows that were written while they were compared, and agreed when they were compared again. */
  readonly settled: number;
  /** Rows that are written so often that they are compared at the cut-over, when nobody writes; "table" for one without a key. */
  readonly moving: number | "table";
  /** Rows that differ. */
  readonly differing: number;
  /** More differ than were counted. */
  readonly more: boolean;
  readonly sums: readonly MoneySum[];
}

/** What was compared, and whether it is the same. Plain JSON; holds no value of a row but keys. */
export interface Verdict {
  readonly promotion: string;
  /** Of this machine's clock, in ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly identical: boolean;
  readonly tables: readonly TableVerdict[];
  readonly foreignKeys: readonly ForeignKeyCheck[];
  readonly sequences: readonly SequenceCheck[];
  /** False before the cut-over, which sets the sequences: they are told then, and not judged. */
  readonly sequencesJudged: boolean;
  /** In words; up to 20 of each table. */
  readonly differences: readonly string[];
}

type Findings = Omit<Verdict, "identical">;

/**
 * Judges: a single row that differs, or a sequence behind is enough. Rows without a parent are told only: SQLite has them too, and the
 * foreign key is added so that it guards new rows.
 */
export function judged(findings: Findings): Verdict {
  const { tables, sequences, sequencesJudged, differences } = findings;
  const identical =
    differences.length === 0 &&
    tables.every(({ differing, more }) => differing === 0 && !more) &&
    tables.every((table) => !isQuiet(table) || sidesAgree(table)) &&
    (!sequencesJudged || sequences.every(({ beyond }) => beyond));
  return { ...findings, identical };
}

/** Nothing was written while it was compared: then the figures themselves must agree. */
const isQuiet = ({ settled, moving }: TableVerdict): boolean => settled === 0 && moving === 0;

const sidesAgree = ({ rows, checksum, sums }: TableVerdict): boolean =>
  rows.source === rows.target &&
  checksum.source === checksum.target &&
  sums.every(({ source, target }) => source === target);

/** The verdict as a page to read. */
export function verdictMarkdown(verdict: Verdict): string {
  const { tables, differences, foreignKeys, sequences } = verdict;
  const rows = tables.reduce((sum, table) => sum + table.rows.source, 0);
  const money = tables.flatMap((table) =>
    table.sums.map((sum) => ({ ...sum, column: `${table.target}.${sum.column}` })),
  );
  const quarantined = tables.reduce((sum, table) => sum + table.quarantined, 0);
  return [
    `# Verdict: ${verdict.identical ? "identical" : "NOT identical"}`,
    `Promotion ${verdict.promotion}. Compared from ${verdict.startedAt} to ${verdict.endedAt}: ${counted(tables.length, "table")}, ${counted(rows, "row")}, every value of every column${quarantined === 0 ? "" : `; ${counted(quarantined, "row")} in quarantine not carried`}.`,
    ...(differences.length === 0
      ? []
      : ["## What differs", differences.map((line) => `- ${escaped(line)}`).join("\n")]),
    "## Tables",
    grid(
      [
        "Table",
        "Rows in SQLite",
        "Rows in PostgreSQL",
        "Ranges",
        "Checksum in SQLite",
        "Checksum in PostgreSQL",
        "Quarantined",
        "Written meanwhile",
        "Differing",
      ],
      tables.map((table) => [
        table.source === table.target ? table.target : `${table.source} → ${table.target}`,
        table.rows.source,
        table.rows.target,
        table.ranges,
        table.checksum.source,
        table.checksum.target,
        table.quarantined,
        writtenMeanwhile(table),
        table.more ? `more than ${table.differing}` : table.differing,
      ]),
    ),
    ...section(
      "## Sums of money",
      ["Column", "In SQLite", "In PostgreSQL"],
      money.map(({ column, source, target }) => [column, source, target]),
    ),
    ...section(
      "## Foreign keys",
      ["Table", "Foreign key", "References", "Rows without a parent"],
      foreignKeys.map(({ table, name, references, orphans }) => [table, name, references, orphans]),
    ),
    ...section(
      verdict.sequencesJudged ? "## Sequences" : "## Sequences (set at the cut-over)",
      ["Column", "Given out last", "Greatest number", "Beyond it"],
      sequences.map(({ table, column, last, greatest, beyond }) => [
        `${table}.${column}`,
        last ?? "no sequence",
        greatest,
        beyond ? "yes" : "no",
      ]),
    ),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function writtenMeanwhile({ settled, moving }: TableVerdict): string {
  if (moving === "table") return "the whole table is compared at the cut-over";
  return moving === 0 ? `${settled}` : `${settled}; ${moving} more are compared at the cut-over`;
}

function section(title: string, heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return rows.length === 0 ? [] : [title, grid(heads, rows)];
}

function grid(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => escaped(String(cell))).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Names and keys may be anything. */
const escaped = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, "\\$&").replace(/\s+/g, " ");

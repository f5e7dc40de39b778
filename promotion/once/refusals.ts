import { ExitCode, UserError } from "../../settings";
import type { RefusedColumn } from "../copy/row";
import type { SqliteValue } from "../model";

/** Rows that cannot be carried, by table, column and reason. */
export interface Refused {
  readonly table: string;
  /** Empty: the row as a whole. */
  readonly column: string;
  readonly reason: string;
  readonly rows: number;
  /** Of the first ones. */
  readonly keys: readonly string[];
}

const EXAMPLES = 5;
const LINES = 20;

/** Counts refusals while rows go by. */
export class Refusals {
  private readonly found = new Map<string, Refused & { rows: number; keys: string[] }>();

  add(table: string, key: readonly SqliteValue[], { column, reason }: RefusedColumn): void {
    const id = JSON.stringify([table, column, reason]);
    const known = this.found.get(id) ?? { table, column, reason, rows: 0, keys: [] };
    this.found.set(id, known);
    known.rows += 1;
    if (known.keys.length < EXAMPLES) known.keys.push(key.map(shown).join(", "));
  }

  list(): Refused[] {
    return [...this.found.values()];
  }
}

const shown = (value: SqliteValue): string =>
  typeof value === "bigint" || typeof value === "number" || typeof value === "string" || value === null
    ? String(value)
    : "(bytes)";

/** One line for each reason: `agents.energy: … : 3 rows (keys 1, 2, 3)`. */
export const refusedLine = ({ table, column, reason, rows, keys }: Refused): string =>
  `${table}${column === "" ? "" : `.${column}`}: ${reason}: ${rows} ${rows === 1 ? "row" : "rows"} (${keys.length < rows ? "such as " : ""}key ${keys.join("; ")})`;

/** What is thrown where nothing may stay behind. */
export function refusedRows(refused: readonly Refused[]): UserError {
  const lines = refused.slice(0, LINES).map((one) => `  ${refusedLine(one)}`);
  const more = refused.length > LINES ? [`  and ${refused.length - LINES} reasons more`] : [];
  return new UserError(
    `Some rows cannot be carried as they are; nothing was written:\n${[...lines, ...more].join("\n")}\nMend them in SQLite, rule on them in rules.yaml, or accept with --quarantine that they stay behind.`,
    ExitCode.refused,
  );
}

import type { SourceSchema, TableProfile } from "../model";
import type { Estimates } from "./assessment";

/** Measured on two cores with three million rows of eight columns, rounded down; a wider machine is faster. */
const VALUES_PER_SECOND = 2.4e6;
const BYTES_PER_SECOND = 50e6;
const INDEX_ENTRIES_PER_SECOND = 1e6;
const COUNTED_ROWS_PER_SECOND = 5e6;
/** A row of PostgreSQL has a header of 24 bytes and a pointer of 4, and fills its page to nine tenths. */
const ROW_BYTES = 28;
const NUMBER_BYTES = 8;
const INDEX_ENTRY_BYTES = 24;
const FILL = 0.9;
/** Drain, sequences, foreign keys and the two commits of a cut-over. */
const FREEZE_MS = 300;
const FREEZE_MS_PER_TABLE = 20;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Estimates from the rows, their bytes and the indexes of the tables that are carried. */
export function estimate(schema: SourceSchema, profiles: readonly TableProfile[]): Estimates {
  const rows = sum(profiles.map((table) => table.rows));
  const values = sum(profiles.map((table) => table.rows * table.columns.length));
  const bytes = sum(profiles.map((table) => table.bytes));
  const numbers = sum(profiles.flatMap(({ columns }) => columns.map(({ classes }) => classes.integer + classes.real)));
  const entries = sum(
    profiles.map((table) => {
      const found = schema.tables.find(({ name }) => name === table.table);
      return table.rows * ((found?.indexes.length ?? 0) + (found?.rowidAlias === undefined ? 0 : 1));
    }),
  );
  const copy = Math.max(values / VALUES_PER_SECOND, bytes / BYTES_PER_SECOND);
  const index = entries / INDEX_ENTRIES_PER_SECOND;
  const verify = values / VALUES_PER_SECOND;
  const targetBytes = (bytes + rows * ROW_BYTES + numbers * NUMBER_BYTES + entries * INDEX_ENTRY_BYTES) / FILL;
  return {
    seconds: Math.ceil(copy + index + verify),
    targetBytes: Math.ceil(targetBytes),
    walBytes: Math.ceil(targetBytes),
    freezeMilliseconds: Math.ceil(
      FREEZE_MS + FREEZE_MS_PER_TABLE * profiles.length + (1000 * rows) / COUNTED_ROWS_PER_SECOND,
    ),
    how: [
      `time: ${values} values at ${VALUES_PER_SECOND / 1e6} million a second or ${bytes} bytes at ${BYTES_PER_SECOND / 1e6} MB a second for the copy, ${entries} index entries at ${INDEX_ENTRIES_PER_SECOND / 1e6} million a second, and the values once more for the verification, as measured on two cores`,
      `disk: SQLite's pages, ${ROW_BYTES} bytes for each row, ${NUMBER_BYTES} for each number, ${INDEX_ENTRY_BYTES} for each index entry, pages filled to ${FILL * 100} %`,
      "write-ahead log: as much again, until a checkpoint has recycled it",
      `write freeze: ${FREEZE_MS} ms, ${FREEZE_MS_PER_TABLE} ms for each table, and a count of ${rows} rows at ${COUNTED_ROWS_PER_SECOND / 1e6} million a second`,
    ],
  };
}

import type { Database } from "better-sqlite3";
import { quoteName } from "../../local/sqlite/shape";
import { ExitCode, UserError } from "../../settings/errors";
import type { SourceColumn, SourceTable, TableProfile } from "../model";
import { InvalidText } from "../model";
import { readValue, valueColumns } from "../source/values";
import { ColumnCounter } from "./columnCounter";

/** Rows between two reports. */
const STEP = 10_000;
/** Larger values are not loaded: a text of half a gigabyte is more than a string of JavaScript can hold. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** Beyond this a value is not even looked into. */
const TOO_LARGE_BYTES = 256 * 1024 * 1024;

/** Nothing was written that would have to be undone. */
const stopped = (): UserError =>
  new UserError("Interrupted. Nothing was written; run it again when you like.", ExitCode.interrupted);

/** The next step of work that yields now and then. Stopped work ends its statements, so that the connection can be used again. */
export function nextUnlessStopped<Step, Result>(
  steps: Generator<Step, Result>,
  signal: AbortSignal | undefined,
): IteratorResult<Step, Result> {
  return signal?.aborted ? steps.throw(stopped()) : steps.next();
}

interface Pages {
  bytes: number;
  largest: number;
}

function pagesOf(db: Database, table: string): Pages {
  const found = db
    .prepare<[string], Pages>(
      "SELECT ifnull(sum(pgsize), 0) AS bytes, ifnull(max(mx_payload), 0) AS largest FROM dbstat WHERE name = ?",
    )
    .get(table);
  return found ?? { bytes: 0, largest: 0 };
}

/** SQL that is true for values that are counted by their size alone; undefined when there can be none. */
function apartOf(column: SourceColumn, largest: number): string | undefined {
  const name = quoteName(column.name);
  const isLarge = `octet_length(${name}) > ${LARGE_BYTES}`;
  if (column.affinity === "BLOB") return `(typeof(${name}) = 'blob' OR ${isLarge})`;
  return largest > LARGE_BYTES ? `(${isLarge})` : undefined;
}

interface Counting {
  readonly counter: ColumnCounter;
  readonly name: string;
  readonly apart: string | undefined;
}

function countApart(db: Database, table: string, { counter, name, apart }: Counting): void {
  if (apart === undefined) return;
  const rows = db
    .prepare<[], { storage: "text" | "blob"; count: number; longest: number }>(
      `SELECT typeof(${name}) AS storage, count(*) AS count, max(octet_length(${name})) AS longest FROM ${table} WHERE ${apart} GROUP BY 1`,
    )
    .all();
  for (const { storage, count, longest } of rows) counter.apart(storage, count, longest);
}

/** Only the bytes tell U+FFFD from what is no UTF-8; in a database of UTF-16 any text may hold half a character. */
function* countInvalid(
  db: Database,
  table: string,
  { counter, name }: Counting,
  utf8: boolean,
): Generator<number, void> {
  if (counter.textCount === 0 || (utf8 && !counter.texts.doubtful)) return;
  const rows = db
    .prepare<[], [unknown, unknown]>(
      `SELECT ${valueColumns(name)} FROM ${table} WHERE typeof(${name}) = 'text' AND octet_length(${name}) < ${TOO_LARGE_BYTES}`,
    )
    .raw()
    .safeIntegers();
  let read = 0;
  for (const [storage, raw] of rows.iterate()) {
    if (readValue(storage, raw) instanceof InvalidText) counter.texts.counts.invalid += 1;
    read += 1;
    if (read % STEP === 0) yield 0;
  }
}

function* countRows(db: Database, table: string, columns: readonly Counting[]): Generator<number, number> {
  const selected = columns.map(({ name, apart }) =>
    apart === undefined ? name : `CASE WHEN ${apart} THEN NULL ELSE ${name} END`,
  );
  const counters = columns.map(({ counter }) => counter);
  const rows = db
    .prepare<[], unknown[]>(`SELECT ${selected.join(", ")} FROM ${table}`)
    .raw()
    .safeIntegers();
  let count = 0;
  for (const row of rows.iterate()) {
    for (let at = 0; at < counters.length; at++) counters[at]?.add(row[at]);
    count += 1;
    if (count % STEP === 0) yield STEP;
  }
  yield count % STEP;
  return count;
}

/**
 * Counts what the values of a table are, reading every row once in the snapshot that the connection is in. Yields the rows read since the
 * last time, so that the caller can show how far it is, or stop. Until it is done the connection is busy.
 */
export function* profileSteps(db: Database, table: SourceTable): Generator<number, TableProfile> {
  const utf8 = db.pragma("encoding", { simple: true }) === "UTF-8";
  const quoted = `main.${quoteName(table.name)}`;
  const pages = pagesOf(db, table.name);
  const columns = table.columns.map((column) => ({
    counter: new ColumnCounter(column.name),
    name: quoteName(column.name),
    apart: apartOf(column, pages.largest),
  }));
  const rows = yield* countRows(db, quoted, columns);
  for (const column of columns) {
    countApart(db, quoted, column);
    yield* countInvalid(db, quoted, column, utf8);
  }
  return {
    table: table.name,
    rows,
    bytes: pages.bytes,
    largestRowBytes: pages.largest,
    columns: columns.map(({ counter }) => counter.profile()),
  };
}

/**
 * Profiles one table at once. `onRows` gets the rows read since its last call. The caller holds a read transaction when it wants
 * several tables of one snapshot.
 * @throws UserError (interrupted) when `signal` has fired.
 */
export function profileTable(
  db: Database,
  table: SourceTable,
  { onRows, signal }: { readonly onRows?: (rows: number) => void; readonly signal?: AbortSignal } = {},
): TableProfile {
  const steps = profileSteps(db, table);
  for (;;) {
    const step = nextUnlessStopped(steps, signal);
    if (step.done) return step.value;
    onRows?.(step.value);
  }
}

import BetterSqlite, { type Database } from "better-sqlite3";
import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import { quoteName } from "../../local/sqlite/shape";
import { ExitCode, UserError } from "../../settings/errors";
import { readValue, valueColumns } from "../source/values";
import { NOTES } from "../target/session";
import type { Changed } from "./backChanges";
import { keyText, OLD_KEY, OLD_ROWID, oldRows } from "./backOld";
import type { BackTable } from "./backPlan";
import { list } from "./stage";

/** Rows of PostgreSQL that are asked for at a time. */
const ROWS = 200;

type Texts = readonly (string | null)[];

/** Writes the changed rows of a table, as PostgreSQL has them now. What is the same there stays as SQLite stored it. Gives how many. */
export async function writeRows(db: Database, client: Client, table: BackTable, changed: Changed): Promise<number> {
  const write = rowWriter(db, table);
  let rows = 0;
  for await (const [key, values] of currentRows(client, table, changed)) {
    write(key, values);
    rows++;
  }
  return rows;
}

async function* currentRows(client: Client, table: BackTable, { whole }: Changed): AsyncGenerator<[Texts, Texts]> {
  const { plan, columns } = table;
  const target = `public.${escapeIdentifier(plan.target)}`;
  const keys = plan.targetKey.length;
  const selected = [...plan.targetKey.map((name) => list([name], "t")), ...columns.map(({ select }) => select)];
  const joined = whole ? "" : `JOIN ${await changedKeys(client, table)} AS c ON ${sameKey(table)}`;
  await client.query("BEGIN");
  try {
    await client.query(
      `DECLARE _ladder_back NO SCROLL CURSOR FOR SELECT ${selected.join(", ")} FROM ${target} AS t ${joined}`,
    );
    for (;;) {
      const { rows } = await client.query<(string | null)[]>({
        text: `FETCH ${ROWS} FROM _ladder_back`,
        rowMode: "array",
        types: { getTypeParser: () => (text: string) => text },
      });
      for (const row of rows) yield [row.slice(0, keys), row.slice(keys)];
      if (rows.length < ROWS) return;
    }
  } finally {
    await client.query("ROLLBACK");
  }
}

/** The table's distinct changed keys, in the types of its columns. */
async function changedKeys(client: Client, { plan }: BackTable): Promise<string> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute AS a
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
    [`public.${escapeIdentifier(plan.target)}`],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  const parts = plan.targetKey.map((name, at) => `key[${at + 1}]::${types.get(name)} AS k${at}`);
  return `(SELECT DISTINCT ${parts.join(", ")} FROM ${NOTES}.changes WHERE tbl = ${escapeLiteral(plan.target)} AND key IS NOT NULL)`;
}

const sameKey = ({ plan }: BackTable): string =>
  plan.targetKey.map((name, at) => `${list([name], "t")} = c.k${at}`).join(" AND ");

/** Writes a row where there was one, of which all that PostgreSQL does not know is kept, or a new one. */
function rowWriter(db: Database, table: BackTable): (key: Texts, values: Texts) => void {
  const { plan, columns, writable, rowidIsHidden, rowid } = table;
  const source = `main.${quoteName(plan.source)}`;
  const placeOf = new Map(columns.map((column, at) => [column.source, at]));
  const old = db
    .prepare<[string], unknown[]>(
      `SELECT ${columns.map((column) => valueColumns(`o.${quoteName(column.source)}`)).join(", ")} FROM ${oldRows(table)} AS o WHERE ${OLD_KEY} = ?`,
    )
    .raw()
    .safeIntegers();
  const named = [...(rowidIsHidden ? [rowid] : []), ...columns.map((column) => quoteName(column.source))];
  const insert = db.prepare(`INSERT INTO ${source} (${named.join(", ")}) VALUES (${named.map(() => "?").join(", ")})`);
  const number = rowidIsHidden ? newNumbers(db, table, source) : () => [];
  const kept = writable.map((name) => {
    const at = placeOf.get(name);
    return at === undefined
      ? `o.${quoteName(name)}`
      : `CASE WHEN @same${at} THEN o.${quoteName(name)} ELSE @value${at} END`;
  });
  const into = [...(rowidIsHidden ? [rowid] : []), ...writable.map(quoteName)];
  const from = [...(rowidIsHidden ? [`o.${OLD_ROWID}`] : []), ...kept];
  const insertAgain = db.prepare(
    `INSERT INTO ${source} (${into.join(", ")}) SELECT ${from.join(", ")} FROM ${oldRows(table)} AS o WHERE ${OLD_KEY} = @key`,
  );
  return (key, values) => {
    const was = plan.targetKey.length === 0 ? undefined : old.get(keyText(key));
    const now = columns.map(({ codec }, at) => codec.decode(values[at] ?? null));
    explained(plan.source, key, () => {
      if (was === undefined) {
        insert.run(...number(), ...now);
        return;
      }
      const parameters: Record<string, unknown> = { key: keyText(key) };
      for (const [at, { codec }] of columns.entries()) {
        const same = codec.encode(readValue(was[2 * at], was[2 * at + 1])) === (values[at] ?? null);
        parameters[`same${at}`] = same ? 1n : 0n;
        parameters[`value${at}`] = same ? null : now[at];
      }
      insertAgain.run(parameters);
    });
  };
}

const LARGEST = 2n ** 63n - 1n;

/** Hidden numbers for new rows, beyond those that rows still to be written again had. SQLite chooses where there is none beyond. */
function newNumbers(db: Database, table: BackTable, source: string): () => [bigint | null] {
  let last =
    db
      .prepare<[], bigint>(
        `SELECT max(0, ifnull((SELECT max(${table.rowid}) FROM ${source}), 0), ifnull((SELECT max(${OLD_ROWID}) FROM ${oldRows(table)}), 0))`,
      )
      .pluck()
      .safeIntegers()
      .get() ?? 0n;
  return () => {
    if (last === LARGEST) return [null];
    last += 1n;
    return [last];
  };
}

function explained(table: string, key: Texts, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof BetterSqlite.SqliteError) || !error.code.startsWith("SQLITE_CONSTRAINT")) throw error;
    throw new UserError(
      `Row ${key.join("/")} of ${table} cannot go back, for SQLite refuses it: ${error.message}. Change it in PostgreSQL, then roll back again.`,
      ExitCode.failed,
    );
  }
}

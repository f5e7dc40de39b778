import type { Database } from "better-sqlite3";
import type { SourceForeignKey, SourceSchema, SourceTable } from "../../model";
import type { Case } from "./case";
import { EXAMPLES, exampleKeys, rowidName } from "./examples";

const show = ({ columns, table }: SourceForeignKey): string => `(${columns.join(", ")}) to ${table}`;

/** A key that SQLite can check: its parent has these columns as its primary key or as a unique index. */
function isWhole(key: SourceForeignKey, parent: SourceTable | undefined): boolean {
  if (parent === undefined || key.references.length === 0) return false;
  const same = (columns: readonly (string | undefined)[]): boolean =>
    columns.length === key.references.length && key.references.every((name) => columns.includes(name));
  return (
    same(parent.primaryKey) ||
    parent.indexes.some(
      ({ unique, where, terms }) => unique && where === undefined && same(terms.map(({ column }) => column)),
    )
  );
}

interface Orphans {
  readonly position: number;
  readonly count: number;
  readonly keys: readonly string[];
}

/**
 * Rows whose parent is not there, by foreign key. Undefined where SQLite cannot check the table: one of its keys refers to what is no key,
 * or a collation is the application's own.
 */
function orphansOf(db: Database, table: SourceTable): Orphans[] | undefined {
  const check = "FROM pragma_foreign_key_check(?)";
  try {
    return db
      .prepare<[string], { fkid: number; count: number }>(`SELECT fkid, count(*) AS count ${check} GROUP BY fkid`)
      .all(table.name)
      .map(({ fkid, count }) => {
        const rowids = db
          .prepare<[string, number], bigint | null>(`SELECT "rowid" ${check} WHERE fkid = ? LIMIT ${EXAMPLES}`)
          .pluck()
          .safeIntegers()
          .all(table.name, fkid)
          .filter((rowid) => rowid !== null);
        const rowid = rowidName(table);
        const keys = rowid === undefined ? [] : exampleKeys(db, table, `${rowid} IN (${rowids.join(", ")})`);
        // The pragma counts from the last.
        return { position: table.foreignKeys.length - 1 - fkid, count, keys };
      });
  } catch (error) {
    if (error instanceof Error && /mismatch|no such collation/.test(error.message)) return undefined;
    throw error;
  }
}

/** The tables that can be reached from each by foreign keys, itself only by way of another. */
function inCircle(schema: SourceSchema): string[] {
  const next = new Map(
    schema.tables.map(({ name, foreignKeys }) => [
      name,
      foreignKeys.map(({ table }) => table).filter((to) => to !== name),
    ]),
  );
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(next.get(from) ?? [])];
    for (let to = open.pop(); to !== undefined; to = open.pop()) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(...(next.get(to) ?? []));
    }
    return seen;
  };
  return schema.tables.map(({ name }) => name).filter((name) => reaches(name).has(name));
}

const orphanCase = (table: string, key: SourceForeignKey, count: number, keys: readonly string[]): Case => ({
  id: "orphan",
  table,
  ...(key.columns.length === 1 && key.columns[0] !== undefined ? { column: key.columns[0] } : {}),
  count,
  keys,
  outcome: "note",
  done: `no parent in ${key.table}: carried as they are, but the foreign key stays NOT VALID until they are mended`,
});

function ofTable(db: Database, schema: SourceSchema, table: SourceTable): Case[] {
  const { name, foreignKeys } = table;
  if (foreignKeys.length === 0) return [];
  const parentOf = (key: SourceForeignKey) => schema.tables.find((one) => one.name === key.table);
  const whole = foreignKeys.filter((key) => isWhole(key, parentOf(key)));
  const broken = foreignKeys.filter((key) => !whole.includes(key));
  const composite = foreignKeys.filter(({ columns }) => columns.length > 1).length;
  const made = "made at the cut-over, and validated after it";
  const cases: Case[] = [];
  if (whole.length > 0)
    cases.push({ id: "foreign-key", table: name, count: whole.length, keys: [], outcome: "carried", done: made });
  if (composite > 0)
    cases.push({
      id: "composite-foreign-key",
      table: name,
      count: composite,
      keys: [],
      outcome: "carried",
      done: made,
    });
  if (broken.length > 0)
    cases.push({
      id: "broken-foreign-key",
      table: name,
      count: broken.length,
      keys: [],
      outcome: "left",
      done: `${broken.map(show).join("; ")}: there is no such table, or no key on it`,
    });
  const orphans = orphansOf(db, table);
  if (orphans === undefined && whole.length > 0)
    cases.push({
      id: "orphan",
      table: name,
      count: 0,
      keys: [],
      outcome: "note",
      done: "rows without a parent were not looked for: SQLite cannot check this table before its foreign keys are mended",
    });
  for (const { position, count, keys } of orphans ?? []) {
    const key = foreignKeys[position];
    if (key !== undefined && whole.includes(key)) cases.push(orphanCase(name, key, count, keys));
  }
  return cases;
}

/** What foreign keys there are, whether they hold, and the rows that break them. */
export function foreignKeyCases(db: Database, schema: SourceSchema): Case[] {
  const circle = inCircle(schema);
  const cycle: Case[] =
    circle.length === 0
      ? []
      : [
          {
            id: "foreign-key-cycle",
            count: circle.length,
            keys: [],
            outcome: "carried",
            done: `${circle.join(", ")}: no order of the tables is needed, for the keys are made after the rows`,
          },
        ];
  return [...schema.tables.flatMap((table) => ofTable(db, schema, table)), ...cycle];
}

import { existsSync, readFileSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import type { Client } from "pg";
import type { Entry } from "./application";
import { beginning, SCHEMA, type Side, TABLES } from "./operations";
import { randomOf } from "./random";
import { doInSqlite } from "./sides";

type Transaction = Extract<Entry, { readonly did: unknown }>;

/** What the applications say: what they meant to commit, and what was acknowledged. */
export interface Written {
  /** By writer and serial. */
  readonly meant: ReadonlyMap<string, Transaction>;
  readonly kept: ReadonlySet<string>;
}

const nameOf = ({ writer, serial }: { readonly writer: string; readonly serial: number }): string =>
  `${writer} ${serial}`;

export function readLogs(files: readonly string[]): Written {
  const meant = new Map<string, Transaction>();
  const kept = new Set<string>();
  for (const file of files) {
    if (!existsSync(file)) continue;
    // A line that a kill tore was not acknowledged, nor sent to be.
    for (const line of readFileSync(file, "utf8").split("\n").slice(0, -1)) {
      const entry = JSON.parse(line) as Entry;
      if ("kept" in entry) kept.add(nameOf(entry));
      else meant.set(nameOf(entry), entry);
    }
  }
  return { meant, kept };
}

/** How many acknowledged transactions a side has. */
export const keptBy = ({ meant, kept }: Written, side: Side): number =>
  [...kept].filter((name) => meant.get(name)?.side === side).length;

export type Contents = Readonly<Record<string, readonly string[]>>;

const shown = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.values(row).map((value) =>
      value === null ? null : Buffer.isBuffer(value) ? `x${value.toString("hex")}` : String(value),
    ),
  );

export const contentsOfSqlite = (db: Database): Contents =>
  Object.fromEntries(
    TABLES.map((table) => [
      table,
      db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all().map(shown).sort(),
    ]),
  );

export async function contentsOfPostgres(client: Client): Promise<Contents> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES)
    found[table] = (await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows.map(shown).sort();
  return found;
}

/** A database of the schema with its first rows. */
export function fill(db: Database, seed: number): void {
  db.exec(SCHEMA);
  db.transaction(() => doInSqlite(db, beginning(seed, randomOf(seed))))();
}

/**
 * What is wrong with the contents of the side that serves: all that was acknowledged must be there, what was not may be, and nothing else.
 * `done` says which transactions are there; done again in their order in a database of its own, they give what all tables must hold.
 */
export function problemsOf(contents: Contents, written: Written, seed: number): string[] {
  const problems: string[] = [];
  const there = (contents.done ?? [])
    .map((row) => JSON.parse(row) as [string, string, string])
    .map(([n, writer, serial]) => ({ n: Number(n), name: `${writer} ${serial}` }))
    .sort((a, b) => a.n - b.n);
  const names = new Set(there.map(({ name }) => name));
  for (const name of written.kept)
    if (!names.has(name)) problems.push(`lost: ${name}, acknowledged by ${written.meant.get(name)?.side}`);
  const model = new Sqlite(":memory:");
  model.pragma("foreign_keys = ON");
  fill(model, seed);
  for (const [at, { n, name }] of there.entries()) {
    const transaction = written.meant.get(name);
    if (transaction === undefined || transaction.n !== n || n !== at + 1) {
      problems.push(`${name} is there as number ${n}, at ${at + 1}, and was meant as ${transaction?.n}`);
      continue;
    }
    model.prepare("UPDATE clock SET n = ?").run(n);
    model.prepare("INSERT INTO done VALUES (?, ?, ?)").run(n, transaction.writer, transaction.serial);
    doInSqlite(model, transaction.did);
  }
  const expected = contentsOfSqlite(model);
  model.close();
  for (const table of TABLES) {
    const [have, want] = [new Set(contents[table]), new Set(expected[table])];
    const more = [...have].filter((row) => !want.has(row));
    const missing = [...want].filter((row) => !have.has(row));
    const lengths = [contents[table]?.length, expected[table]?.length];
    if (more.length + missing.length > 0 || lengths[0] !== lengths[1])
      problems.push(
        `${table}: ${lengths[0]} rows, ${lengths[1]} expected; too many ${more.slice(0, 3).join(" ")}; missing ${missing.slice(0, 3).join(" ")}`,
      );
  }
  return problems;
}

import type { Database } from "better-sqlite3";
import type { SourceIndex } from "../model";
import { readCreateIndex } from "./createIndex";

interface IndexRow {
  name: string;
  unique: number;
  origin: SourceIndex["origin"];
}

interface TermRow {
  seqno: number;
  cid: number;
  name: string | null;
  desc: number;
  coll: string;
}

const ROWID = -1;

function readIndex(db: Database, row: IndexRow): SourceIndex {
  const sql = db
    .prepare<[string], string | null>("SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND name = ?")
    .pluck()
    .get(row.name);
  const text = typeof sql === "string" ? readCreateIndex(sql) : { terms: [] };
  const terms = db
    .prepare<[string], TermRow>(
      'SELECT seqno, cid, name, "desc", coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno',
    )
    .all(row.name)
    .map((term) => ({
      ...(term.name === null
        ? { expression: term.cid === ROWID ? "rowid" : (text.terms[term.seqno] ?? "") }
        : { column: term.name }),
      descending: term.desc === 1,
      collation: term.coll,
    }));
  return {
    name: row.name,
    unique: row.unique === 1,
    origin: row.origin,
    ...("where" in text && text.where !== undefined ? { where: text.where } : {}),
    terms,
  };
}

/** The indexes of a table in the order of their making, those of PRIMARY KEY and UNIQUE too. */
export function readIndexes(db: Database, table: string): SourceIndex[] {
  return db
    .prepare<[string], IndexRow>('SELECT name, "unique", origin FROM pragma_index_list(?) ORDER BY seq DESC')
    .all(table)
    .map((row) => readIndex(db, row));
}

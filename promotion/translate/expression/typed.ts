import type { Affinity, CodecSpec } from "../../model";
import { Unsure } from "../sql/unsure";

/**
 * What an expression gives in PostgreSQL. `opaque`: a column whose values SQLite and PostgreSQL have in different forms (times, JSON,
 * mixed classes), of which only NULL can be asked.
 */
export type Kind = "null" | "integer" | "boolean" | "double" | "numeric" | "text" | "bytea" | "opaque";

/** A translated expression, with what SQLite's rules of comparison need to know of it. */
export interface Typed {
  readonly sql: string;
  readonly kind: Kind;
  /** Needs no parentheses around it. */
  readonly atom?: boolean;
  /** Of a column or CAST. Undefined: no affinity, as of every other expression. */
  readonly affinity?: Affinity | undefined;
  /** Of a column or COLLATE. Undefined: none of its own, so that the other side of a comparison may say one. */
  readonly collation?: string | undefined;
  /** Written with COLLATE, which beats a column's. */
  readonly collated?: boolean;
  /** An integer that PostgreSQL computes in 64 bits. */
  readonly wide?: boolean;
  /** An integer that a double holds exactly. */
  readonly small?: boolean;
  /** The value of a number or string written out. */
  readonly literal?: string;
  /** Of decimals, and of floats that SQLite may compute as integers (`mixed`): digits before and after the point. Undefined: any. */
  readonly digits?: number;
  /** A float of PostgreSQL that is an integer in SQLite where all that it was computed from are. */
  readonly mixed?: boolean;
  /** Why the column is opaque. */
  readonly reason?: string;
  /** A text of the present time: the moment itself, as timestamptz. */
  readonly moment?: string;
  /** A text of digits alone: the integer that SQLite takes it for. */
  readonly number?: Typed;
  /** For a document: the codec's kind tells what may be asked of it. */
  readonly codec?: CodecSpec;
}

/** What the names of an expression stand for. */
export interface Scope {
  /** Undefined: no such column. */
  column(name: string, table?: string): Typed | undefined;
  /** The present time and chance may be used: in defaults and views. */
  readonly changing?: boolean;
  /** Aggregates may be used: in views. */
  readonly aggregates?: boolean;
}

/** With parentheses where it needs them. */
export const closed = ({ sql, atom }: Typed): string => (atom ? sql : `(${sql})`);

export const boolean = (sql: string): Typed => ({ sql, kind: "boolean" });
export const text = (sql: string, atom = true): Typed => ({ sql, kind: "text", atom });
export const integer = (sql: string, more: Partial<Typed> = {}): Typed => ({
  sql,
  kind: "integer",
  atom: true,
  ...more,
});

/** SQLite's booleans are the integers 0 and 1. */
export const asInteger = (typed: Typed): Typed =>
  typed.kind === "boolean"
    ? { ...typed, ...integer(`${closed(typed)}::int`, { small: true }) }
    : (typed.number ?? typed);

/** As a condition of PostgreSQL: SQLite takes every number but 0 for true. @throws Unsure for texts and bytes. */
export function condition(typed: Typed): string {
  switch (typed.kind) {
    case "boolean":
      return typed.sql;
    case "null":
      return "NULL::boolean";
    case "integer":
    case "double":
    case "numeric":
      return `${closed(typed)} <> 0`;
    default:
      throw opaque(typed) ?? new Unsure(`it takes a ${typed.kind} for a condition`);
  }
}

export const opaque = ({ kind, reason }: Typed): Unsure | undefined =>
  kind === "opaque" ? new Unsure(reason ?? "it uses a column whose values change their form") : undefined;

/** Quotes a string for PostgreSQL. */
export const quoteText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

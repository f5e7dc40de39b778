import type { Refusal, SqliteValue } from "./value";

/** What a number or a text in a time column means. Text without an offset is UTC. */
export const TIME_FORMS = ["text", "seconds", "milliseconds", "microseconds", "julian"] as const;
export type TimeForm = (typeof TIME_FORMS)[number];

/** What happens to an empty text in a column that is no text column. Default: it cannot be carried. */
interface Common {
  readonly empty?: "null";
}

/**
 * How the values of one column become PostgreSQL's, as JSON: it is written into the journal, so that a resumed promotion encodes as the
 * one that began.
 */
export type CodecSpec = Common &
  (
    | { readonly kind: "integer"; readonly bits: 16 | 32 | 64 }
    /** 0, 1, and the words that PostgreSQL takes for a boolean. */
    | { readonly kind: "boolean" }
    | { readonly kind: "double" }
    /** `round`: more decimals than `scale` are rounded half away from zero, as PostgreSQL does. Default: they cannot be carried. */
    | { readonly kind: "numeric"; readonly precision?: number; readonly scale?: number; readonly round?: boolean }
    /**
     * `nul: strip` leaves the NUL characters out, `invalid` repairs bytes that are no UTF-8 (`replace`: U+FFFD, `latin1`: read as
     * ISO 8859-1). Default: such a value cannot be carried. `length`: of VARCHAR, in characters. `numbers`: integers and reals in the
     * column become their text as SQLite shows it.
     */
    | {
        readonly kind: "text";
        readonly length?: number;
        readonly nul?: "strip";
        readonly invalid?: "replace" | "latin1";
        readonly numbers?: boolean;
      }
    /** Bytes of a BLOB, and of a TEXT as it is stored. */
    | { readonly kind: "bytea" }
    | { readonly kind: "json" }
    | { readonly kind: "timestamp"; readonly from: TimeForm; readonly zone: boolean }
    | { readonly kind: "date"; readonly from: TimeForm }
  );

/** A value's encoding in SQLite's own SQL, for whole chunks without a crossing into JavaScript for each value. */
export interface SqlEncoding {
  /** SQL that gives what COPY takes for the value, before its escapes, or NULL. Only right where `clean` is 1. */
  readonly text: string;
  /** True when `text` is letter for letter what `encode` gives, and not only the same value to PostgreSQL. */
  readonly canonical: boolean;
  /** SQL that gives 1 when `text` is right for the row's value. */
  readonly clean: string;
  /** True when the text may hold a backslash, tab or line end, so that COPY needs its escapes. */
  readonly escapes: boolean;
}

/** One column's way from SQLite to PostgreSQL and back. */
export interface Codec {
  /** The type of the column as CREATE TABLE takes it. */
  readonly type: string;
  /**
   * PostgreSQL's own output for the value (with TimeZone UTC, DateStyle ISO, extra_float_digits 1, bytea_output hex), not escaped for
   * COPY; null for NULL. The same text is what the value is compared by.
   */
  encode(value: SqliteValue): string | null | Refusal;
  /** What SQLite would store for a value that PostgreSQL shows so. `encode(decode(text))` is `text`. */
  decode(text: string | null): SqliteValue;
  /** Undefined: only JavaScript can encode this column. */
  sql(expression: string): SqlEncoding | undefined;
}

/** Rows of a table after one rowid and up to another; without both ends, all of them. */
export interface Span {
  readonly after?: bigint;
  readonly upTo?: bigint;
}

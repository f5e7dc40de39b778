import type { CodecSpec, ColumnProfile, ColumnRule, SourceColumn, SourceTable } from "../../model";

/** What is known of a column when its type is decided. Without a profile the declaration is believed. */
export interface Given {
  readonly table: Pick<SourceTable, "name">;
  readonly column: SourceColumn;
  readonly profile?: ColumnProfile | undefined;
  readonly rule?: ColumnRule | undefined;
}

export interface Proposal {
  readonly codec: CodecSpec;
  /** One sentence of what was found and why this type follows. */
  readonly why: string;
  /** What the user should know before the copy: values that cannot be carried, a type that became wider, a rule against the data. */
  readonly warning?: string;
  /** Only the user can tell. With the line for rules.yaml. Until it is ruled no plan is made. */
  readonly question?: string;
}

/** Counts of a column's values, all 0 where nothing was profiled. */
export interface Found {
  readonly profiled: boolean;
  readonly integers: number;
  readonly reals: number;
  readonly texts: number;
  readonly blobs: number;
  readonly numbers: number;
  readonly values: number;
}

export function found(profile: ColumnProfile | undefined): Found {
  const { integer = 0, real = 0, text = 0, blob = 0 } = profile?.classes ?? {};
  return {
    profiled: profile !== undefined,
    integers: integer,
    reals: real,
    texts: text,
    blobs: blob,
    numbers: integer + real,
    values: integer + real + text + blob,
  };
}

/** Fewer than one in a hundred: such values are mistakes, to be put aside and looked at; the column keeps its type. */
export const few = (some: number, all: number): boolean => some * 100 < all;

/** `3 texts, 1 blob` */
export function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(
      ([what, count]) => `${count} ${count === 1 ? what.replace(/\b(number|text|blob|integer|real)s\b/, "$1") : what}`,
    )
    .join(", ");
}

/** The classes of the values, as a sentence has them. */
export const classes = ({ integers, reals, texts, blobs }: Found): string => list({ integers, reals, texts, blobs });

/** Where a ruling goes in rules.yaml. */
export const ruling = ({ table, column }: Given, answer: string): string =>
  `in rules.yaml, under tables: ${quoted(table.name)}: columns: ${quoted(column.name)}: { ${answer} }`;

const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

import { Refusal, type SqliteValue, type TablePlan } from "../model";

/** A row that is not the same on both sides. It holds no value but of the key. */
export interface Difference {
  /** In PostgreSQL. */
  readonly table: string;
  /** Of the source. Empty when only PostgreSQL has the row and its key cannot be reckoned back, and in a table without a key. */
  readonly key: readonly SqliteValue[];
  /** The key in PostgreSQL: its columns with their texts. */
  readonly shown: string;
  /**
   * missing: PostgreSQL has not got it · extra: SQLite has not got it · differs: in `columns` · refused: it cannot be carried, and is
   * not in quarantine · quarantined: it is in quarantine, and PostgreSQL has it all the same.
   */
  readonly kind: "missing" | "extra" | "differs" | "refused" | "quarantined";
  /** Of PostgreSQL. */
  readonly columns: readonly string[];
}

/** A row that differed when it was looked at; while the application writes, it may be right a moment later. */
export type Suspect = Pick<Difference, "key" | "shown">;

/** `id = 7`, `a = x, b = y`: a key may be shown, but not at any length. */
export function shownKey({ targetKey }: TablePlan, texts: readonly (string | null | Refusal)[]): string {
  return targetKey
    .map((name, at) => {
      const text = texts[at] ?? null;
      return `${name} = ${text instanceof Refusal ? `(${text.reason})` : (text?.slice(0, LONGEST) ?? "NULL")}`;
    })
    .join(", ");
}

const LONGEST = 200;

/** A difference in words, without a value of the row. */
export function differenceText({ table, shown, kind, columns }: Difference): string {
  const row = shown === "" ? `a row of ${table}` : `${table}, ${shown}`;
  switch (kind) {
    case "missing":
      return `${row}: is not in PostgreSQL`;
    case "extra":
      return `${row}: is in PostgreSQL only`;
    case "differs":
      return columns.length === 0 ? `${row}: differs` : `${row}: differs in ${columns.join(", ")}`;
    case "refused":
      return `${row}: cannot be carried, and is not in quarantine`;
    case "quarantined":
      return `${row}: is in quarantine, and in PostgreSQL too`;
  }
}

import type { Affinity } from "../model";

const BY_PART: readonly [RegExp, Affinity][] = [
  [/INT/i, "INTEGER"],
  [/CHAR|CLOB|TEXT/i, "TEXT"],
  [/BLOB/i, "BLOB"],
  [/REAL|FLOA|DOUB/i, "REAL"],
];

/** The affinity that SQLite gives a declared type: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(declared: string, strict = false): Affinity {
  if (declared === "" || (strict && /^any$/i.test(declared))) return "BLOB";
  return BY_PART.find(([part]) => part.test(declared))?.[1] ?? "NUMERIC";
}

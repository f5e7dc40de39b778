import type { Database } from "better-sqlite3";
import { quoteName } from "../../../local/sqlite/shape";
import { Refusal, type SourceTable } from "../../model";
import { readValue, valueColumns } from "../../source/values";
import { codecOf } from "../../values/codec";
import type { Case } from "./case";
import { columnFindings } from "./columns";
import { countRows, exampleKeys } from "./examples";
import type { Finding, Seen } from "./finding";

/** Makes `ladder_refuses` say of a value whether the column's codec refuses it. Undefined while nobody knows the codec. */
function refusesOf(db: Database, { column, assessed }: Seen): string | undefined {
  if (assessed.codec === undefined || assessed.question !== undefined) return undefined;
  const codec = codecOf(assessed.codec);
  db.function("ladder_refuses", { directOnly: true, safeIntegers: true }, (storage: unknown, raw: unknown) =>
    codec.encode(readValue(storage, raw)) instanceof Refusal ? 1n : 0n,
  );
  return `ladder_refuses(${valueColumns(quoteName(column.name))})`;
}

/** Columns whose profile cannot rule out a value that the type refuses, besides what the cases look for. */
function mayRefuse({ profile, assessed: { codec } }: Seen): boolean {
  const { classes, texts } = profile;
  switch (codec?.kind) {
    case "numeric":
      return codec.precision !== undefined || classes.text > 0;
    case "timestamp":
    case "date":
      return classes.integer + classes.real + classes.blob > 0 || classes.text > (texts?.time ?? 0);
    case "text":
      return codec.length !== undefined;
    default:
      return false;
  }
}

/** The cases of one column, with the rows counted that its codec does refuse: only the codec itself knows. */
export function settled(db: Database, table: SourceTable, seen: Seen): Case[] {
  const findings = columnFindings(seen);
  const refuses = refusesOf(db, seen);
  const caseOf = ({ id, outcome, done }: Finding, where: string, count: number, refused: number): Case => ({
    id,
    table: table.name,
    column: seen.column.name,
    count,
    ...(refused > 0 ? { refused } : {}),
    keys: exampleKeys(db, table, where),
    outcome,
    done,
  });
  const cases = findings.map((finding) => {
    const { where, outcome } = finding;
    const count = finding.count ?? countRows(db, table, where);
    if (outcome !== "aside" || refuses === undefined) return caseOf(finding, where, count, 0);
    const refused = countRows(db, table, `(${where}) AND ${refuses}`);
    return refused === 0
      ? caseOf({ ...finding, outcome: "carried", done: `the column becomes ${seen.assessed.type}` }, where, count, 0)
      : caseOf(finding, `(${where}) AND ${refuses}`, count, refused);
  });
  return refuses !== undefined && mayRefuse(seen) ? [...cases, ...others(db, table, seen, findings, refuses)] : cases;
}

function others(db: Database, table: SourceTable, seen: Seen, findings: readonly Finding[], refuses: string): Case[] {
  const told = findings.filter(({ outcome }) => outcome === "aside").map(({ where }) => `(${where}) IS NOT TRUE`);
  const where = [...told, refuses].join(" AND ");
  const count = countRows(db, table, where);
  if (count === 0) return [];
  return [
    {
      id: "refused-value",
      table: table.name,
      column: seen.column.name,
      count,
      refused: count,
      keys: exampleKeys(db, table, where),
      outcome: "aside",
      done: `the column becomes ${seen.assessed.type}; such rows are refused, or put into quarantine`,
    },
  ];
}

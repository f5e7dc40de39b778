import { escapeIdentifier } from "pg";
import type { CodecSpec, ColumnProfile, SourceColumn } from "../../model";
import { found } from "../types/proposal";
import type { Kind, Typed } from "./typed";

/** A column as expressions use it. `sql`: how PostgreSQL names it; by default by itself. */
export function columnTyped(
  column: SourceColumn,
  target: string,
  codec: CodecSpec,
  profile: ColumnProfile | undefined,
  sql = escapeIdentifier(target),
): Typed {
  const { affinity, collation } = column;
  const base = { sql, atom: true, codec, affinity };
  const kind = kindOf(column, codec, profile);
  if (kind === undefined)
    return {
      ...base,
      kind: "opaque",
      reason: `it uses the values of ${column.name}, whose form changes to ${shown(codec)}`,
    };
  return {
    ...base,
    kind,
    ...(kind === "text" ? { collation } : {}),
    ...(codec.kind === "integer" ? { wide: codec.bits === 64, small: codec.bits < 64 } : {}),
    ...(codec.kind === "numeric" && codec.precision !== undefined ? { digits: codec.precision } : {}),
  };
}

const shown = (codec: CodecSpec): string =>
  codec.kind === "json" ? "jsonb" : codec.kind === "timestamp" ? "a timestamp" : `a ${codec.kind}`;

/** Undefined where PostgreSQL's values are not what SQLite computes with: words for booleans, numbers in texts, times. */
function kindOf(column: SourceColumn, codec: CodecSpec, profile: ColumnProfile | undefined): Kind | undefined {
  const { affinity } = column;
  const { texts } = found(profile);
  // A column of another affinity keeps a text of digits as a text.
  const numbers = affinity === "INTEGER" || affinity === "NUMERIC" || (affinity === "BLOB" && texts === 0);
  switch (codec.kind) {
    case "integer":
      return numbers ? "integer" : undefined;
    case "boolean":
      return numbers && texts === 0 ? "boolean" : undefined;
    case "double":
      return affinity === "REAL" ? "double" : undefined;
    case "numeric":
      return (numbers && affinity !== "BLOB") || affinity === "REAL" ? "numeric" : undefined;
    case "text":
      return textsOnly(column, codec, profile) ? "text" : undefined;
    case "bytea":
      return affinity === "BLOB" && texts === 0 ? "bytea" : undefined;
    default:
      return undefined;
  }
}

function textsOnly({ affinity }: SourceColumn, codec: CodecSpec, profile: ColumnProfile | undefined): boolean {
  const numbers = found(profile).numbers > 0 || (codec.kind === "text" && codec.numbers === true);
  return affinity === "TEXT" || (!numbers && profile !== undefined);
}

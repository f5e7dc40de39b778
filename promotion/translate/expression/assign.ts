import type { Affinity, CodecSpec, SourceColumn } from "../../model";
import { Unsure } from "../sql/unsure";
import { asText } from "./arithmetic";
import { EXACT_DIGITS, isRough } from "./digits";
import { asInteger, closed, opaque, type Typed } from "./typed";

/** An expression's value as a column takes it, after the conversion that the column's affinity makes in SQLite. @throws Unsure */
export function assigned(value: Typed, { affinity }: Pick<SourceColumn, "affinity">, codec: CodecSpec): string {
  if (value.kind === "null") return "NULL";
  const unsure = opaque(value);
  if (unsure) throw unsure;
  if (codec.kind === "timestamp" || codec.kind === "date") return moment(value, codec);
  const sql =
    codec.kind === "text"
      ? asTextColumn(value, affinity)
      : value.kind === codec.kind
        ? same(value, affinity)
        : number(value, affinity, codec);
  if (sql === undefined) throw new Unsure(`it gives a ${value.kind} for a column of another type`);
  return sql;
}

function asTextColumn(value: Typed, affinity: Affinity): string | undefined {
  if (value.kind === "text" && !value.number && (affinity === "TEXT" || affinity === "BLOB")) return value.sql;
  return affinity === "TEXT" ? asText(value) : undefined;
}

const same = (value: Typed, affinity: Affinity): string | undefined =>
  isRough(value) || (value.kind === "integer" && (affinity === "TEXT" || affinity === "REAL")) ? undefined : value.sql;

function number(value: Typed, affinity: Affinity, codec: CodecSpec): string | undefined {
  const { kind, sql } = asInteger(value);
  if (codec.kind === "integer" && kind === "integer" && affinity !== "TEXT" && affinity !== "REAL") return sql;
  if (codec.kind === "double" && affinity === "REAL" && kind === "integer") return `(${sql})::double precision`;
  // Shorter than what a float holds, the column has no place for what differs.
  const rounds = kind === "double" && codec.kind === "numeric" && (codec.precision ?? Infinity) <= EXACT_DIGITS;
  return codec.kind === "numeric" && (kind === "integer" || rounds) ? sql : undefined;
}

const SECONDS: Readonly<Record<string, (x: string) => string>> = {
  seconds: (x) => `${x}::double precision`,
  milliseconds: (x) => `${x} / 1000.0::double precision`,
  microseconds: (x) => `${x} / 1000000.0::double precision`,
  julian: (x) => `(${x} - 2440587.5) * 86400`,
};

function moment(value: Typed, codec: Extract<CodecSpec, { from: string }>): string {
  const number = asInteger(value);
  const seconds = SECONDS[codec.from];
  const counts = (number.kind === "integer" || number.kind === "double") && seconds !== undefined;
  const at = value.moment ?? (counts ? `to_timestamp(${seconds(closed(number))})` : undefined);
  if (at === undefined) throw new Unsure("it gives something that is no time");
  if (codec.kind === "timestamp" && codec.zone) return at;
  return codec.kind === "date" ? `(${at} AT TIME ZONE 'UTC')::date` : `(${at} AT TIME ZONE 'UTC')`;
}

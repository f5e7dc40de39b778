import { Unsure } from "../sql/unsure";
import { asInteger, closed, integer, opaque, type Typed } from "./typed";

export const AGGREGATES = ["count", "sum", "total", "avg", "min", "max"];

/** `argument` undefined: `count(*)`. Sums of floats may differ in their last digit, for both add in the order of their rows. @throws Unsure */
export function aggregate(name: string, distinct: boolean, argument: Typed | undefined): Typed {
  const only = distinct ? "DISTINCT " : "";
  if (!argument) return integer("count(*)", { wide: true, small: true });
  const unsure = name === "count" ? undefined : opaque(argument);
  if (unsure) throw unsure;
  if (name === "count") {
    if (distinct && (argument.kind === "opaque" || (argument.collation ?? "BINARY") !== "BINARY"))
      throw new Unsure("it counts values that PostgreSQL tells apart otherwise");
    return integer(`count(${only}${argument.sql})`, { wide: true, small: true });
  }
  const value = asInteger(argument);
  if (name === "min" || name === "max") return extreme(name, value);
  const sum = `${only}${value.sql}`;
  if (value.kind !== "integer" && value.kind !== "double" && value.kind !== "numeric")
    throw new Unsure(`it takes the ${name} of a ${value.kind}`);
  if (name === "avg") return { sql: `avg(${sum})::double precision`, kind: "double" };
  if (name === "total") return { sql: `coalesce(sum(${sum}), 0)::double precision`, kind: "double" };
  if (value.kind === "integer") return integer(`sum(${sum})::bigint`, { atom: false, wide: true });
  return { sql: `sum(${sum})`, kind: value.kind, atom: true };
}

function extreme(name: string, value: Typed): Typed {
  if (value.kind === "bytea" || (value.kind === "text" && (value.collation ?? "BINARY") !== "BINARY"))
    throw new Unsure(`it takes the ${name} of values that PostgreSQL orders otherwise`);
  const sql = value.kind === "text" ? `${closed(value)} COLLATE "C"` : value.sql;
  const { affinity, literal, ...shape } = value;
  return { ...shape, sql: `${name}(${sql})`, atom: true };
}

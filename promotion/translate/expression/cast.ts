import { affinityOf } from "../../source/affinity";
import { Unsure } from "../sql/unsure";
import { asText } from "./arithmetic";
import { digitsOf, EXACT_DIGITS, refuseRough } from "./digits";
import { asInteger, closed, integer, opaque, type Typed } from "./typed";

/** CAST between numbers, and of integers to text. @throws Unsure for texts read as numbers, and floats written as texts. */
export function cast(value: Typed, to: string): Typed {
  const unsure = opaque(value);
  if (unsure) throw unsure;
  const affinity = affinityOf(to);
  const number = asInteger(value);
  const collation = value.collation === undefined ? {} : { collation: value.collation };
  switch (affinity) {
    case "TEXT":
      return { sql: value.kind === "text" ? value.sql : asText(value), kind: "text", affinity, ...collation };
    case "INTEGER":
      if (number.kind === "integer") return { ...withoutLiteral(number), affinity };
      if (number.kind === "double") return truncated(number);
      if (number.kind === "numeric" && digitsOf(number) <= EXACT_DIGITS)
        return integer(`trunc(${number.sql})::bigint`, { wide: true, affinity });
      break;
    case "REAL":
      refuseRough(number);
      if (number.kind === "integer" || number.kind === "double" || number.kind === "numeric")
        return { sql: `${closed(number)}::double precision`, kind: "double", affinity };
      break;
    case "BLOB":
      if (value.kind === "bytea") return { ...value, affinity };
      break;
    case "NUMERIC":
      if (number.kind === "integer") return { ...withoutLiteral(number), affinity };
  }
  throw new Unsure(`it casts a ${value.kind} to ${to}`);
}

/** Towards zero, and to the ends of 64 bits beyond them. */
function truncated(value: Typed): Typed {
  refuseRough(value);
  const x = `${closed(value)}::double precision`;
  return integer(
    `CASE WHEN ${x} >= 9223372036854775807 THEN 9223372036854775807 WHEN ${x} <= -9223372036854775808 THEN '-9223372036854775808'::bigint ELSE trunc(${x})::bigint END`,
    { atom: false, wide: true, affinity: "INTEGER" },
  );
}

const withoutLiteral = ({ literal, ...value }: Typed): Typed => value;

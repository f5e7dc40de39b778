import type { Binary } from "../sql/syntax";
import { Unsure } from "../sql/unsure";
import { digitsOf, EXACT_DIGITS, refuseRough } from "./digits";
import { asInteger, closed, integer, opaque, type Typed } from "./typed";

/**
 * Numbers of SQLite: integers of 64 bits and floats. A result beyond their range is an error in PostgreSQL, not another value.
 * @throws Unsure
 */
export function arithmetic(left: Typed, operator: Binary, right: Typed): Typed {
  const [a, b] = [asInteger(left), asInteger(right)];
  const unsure = opaque(a) ?? opaque(b);
  if (unsure) throw unsure;
  if (a.kind === "integer" && b.kind === "integer") return integers(a, operator, b);
  if (operator === "%") throw new Unsure("it takes the remainder of a number that is no integer");
  const mixed = !isFloat(a) && !isFloat(b);
  const digits = mixed ? digitsAfter(a, operator, b) : undefined;
  refuseRough(a);
  refuseRough(b);
  const sql = `${asDouble(a)} ${operator} ${operator === "/" ? divisor(asDouble(b), b) : asDouble(b)}`;
  return { sql, kind: "double", ...(mixed ? { mixed, digits } : {}) };
}

/** A float in SQLite too, whatever its value. */
const isFloat = ({ kind, mixed }: Typed): boolean => kind === "double" && !mixed;

/**
 * SQLite computes with decimals that are whole as with integers. A float gives the same as long as they are short; a product of longer ones
 * is at least on the same side of whatever is short.
 */
function digitsAfter(a: Typed, operator: Binary, b: Typed): number {
  if (operator === "/")
    throw new Unsure("it divides decimals, which SQLite does by whole numbers where both are whole");
  if (operator === "*") return digitsOf(a) + digitsOf(b);
  const digits = Math.max(digitsOf(a), digitsOf(b)) + 1;
  if (digits > EXACT_DIGITS)
    throw new Unsure("it calculates with decimals of many digits, which SQLite does in floating point");
  return digits;
}

function integers(a: Typed, operator: Binary, b: Typed): Typed {
  const first = a.wide || b.wide ? closed(a) : `${closed(a)}::bigint`;
  const second = operator === "/" || operator === "%" ? divisor(closed(b), b) : closed(b);
  return integer(`${first} ${operator} ${second}`, { atom: false, wide: true });
}

/** Division by zero gives NULL in SQLite. */
const divisor = (sql: string, { literal }: Typed): string =>
  literal !== undefined && Number(literal) !== 0 ? sql : `nullif(${sql}, 0)`;

function asDouble(typed: Typed): string {
  if (typed.kind === "double" && typed.literal === undefined) return closed(typed);
  if (typed.kind === "double" || typed.kind === "integer" || typed.kind === "numeric")
    return `${closed(typed)}::double precision`;
  throw new Unsure(`it calculates with a ${typed.kind}`);
}

/** `& | << >>`, of integers; shifts only by a number written out. @throws Unsure */
export function bits(left: Typed, operator: Binary, right: Typed): Typed {
  const [a, b] = [asInteger(left), asInteger(right)];
  if (a.kind !== "integer" || b.kind !== "integer")
    throw opaque(a) ?? opaque(b) ?? new Unsure("it uses bits of no integer");
  const shifts = operator === "<<" || operator === ">>";
  if (shifts && !(b.literal !== undefined && Number(b.literal) >= 0 && Number(b.literal) < 64))
    throw new Unsure("it shifts by a number that is not written out");
  const first = a.wide || (b.wide && !shifts) ? closed(a) : `${closed(a)}::bigint`;
  return integer(`${first} ${operator} ${closed(b)}`, { atom: false, wide: true });
}

/** `||` joins texts; integers become their digits. @throws Unsure for floats, which the two write differently. */
export function joined(left: Typed, right: Typed): Typed {
  return { sql: `${asText(left)} || ${asText(right)}`, kind: "text" };
}

/** As SQLite writes the value. @throws Unsure */
export function asText(typed: Typed): string {
  const unsure = opaque(typed);
  if (unsure) throw unsure;
  const value = typed.kind === "boolean" ? asInteger(typed) : typed;
  if (value.kind === "text") return closed(value);
  if (value.kind === "integer") return `${closed(value)}::text`;
  if (value.kind === "null") return "NULL::text";
  throw new Unsure(`it writes a ${value.kind} as text`);
}

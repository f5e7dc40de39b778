import { Unsure } from "../sql/unsure";
import { digitsOf } from "./digits";
import { asInteger, closed, opaque, type Typed } from "./typed";

type Shape = Pick<Typed, "kind" | "wide" | "small" | "digits" | "mixed">;

/** Values of which an expression gives one, in forms of one type, and that type. @throws Unsure where they are of several kinds. */
export function common(values: readonly Typed[]): readonly [readonly Typed[], Shape] {
  const given = values.filter(({ kind }) => kind !== "null");
  for (const value of given) {
    const unsure = opaque(value);
    if (unsure) throw unsure;
  }
  const kinds = [...new Set(given.map(({ kind }) => kind))];
  const kind = kindOf(kinds, given);
  const forms = values.map((value) => formed(value, kind));
  return [
    forms,
    shapeOf(
      kind,
      given.map((value) => (kinds.length > 1 ? asInteger(value) : value)),
    ),
  ];
}

function kindOf(kinds: readonly Typed["kind"][], given: readonly Typed[]): Typed["kind"] {
  const [first] = kinds;
  if (first === undefined) throw new Unsure("it gives nothing but NULL");
  if (kinds.length === 1) return first;
  const only = (...some: Typed["kind"][]) => kinds.every((kind) => some.includes(kind));
  if (only("integer", "boolean")) return "integer";
  if (only("integer", "numeric")) return "numeric";
  const literals = given.every(
    ({ kind, literal, small }) => kind !== "integer" || (literal !== undefined && small === true),
  );
  if (only("integer", "double") && literals) return "double";
  throw new Unsure(`what it gives may be ${kinds.join(" or ")}`);
}

function formed(value: Typed, kind: Typed["kind"]): Typed {
  if (value.kind === "null") return value;
  if (kind !== "double") return kind === value.kind ? value : asInteger(value);
  return value.literal === undefined ? value : { ...value, sql: `${closed(value)}::double precision`, atom: false };
}

function shapeOf(kind: Typed["kind"], given: readonly Typed[]): Shape {
  if (kind === "integer")
    return { kind, wide: given.some(({ wide }) => wide), small: given.every(({ small }) => small) };
  const floats = given.filter((value) => value.kind !== "double" || value.mixed);
  const mixed = kind === "double" && floats.length > 0;
  if (kind !== "numeric" && !mixed) return { kind };
  return { kind, digits: Math.max(...floats.map(digitsOf)), ...(mixed ? { mixed } : {}) };
}

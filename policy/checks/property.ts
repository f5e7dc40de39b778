import { type Path, type Reading, read, readFlag, readList, readNumber, readText } from "../reading/reader";
import type { Value } from "../reading/value";
import type { Judgement } from "../rule";

/**
 * The demands that most rules are made of. Each judges one property, in all seven cases: absent, right, wrong, of the
 * wrong type, unknown, secret, and behind an unknown. They answer nothing when the demand is met.
 */
export type Judgements = readonly Judgement[];

export const violated = (message: string, urn?: string): Judgements => [
  { verdict: "violated", message, ...(urn === undefined ? {} : { urn }) },
];

export const unverified = (what: string, urn?: string): Judgements => [
  { verdict: "unverified", message: `${what} not known before \`pulumi up\`.`, ...(urn === undefined ? {} : { urn }) },
];

/** A path for people, in backticks: `spec.containers[0].image`. */
export const shown = (path: Path): string =>
  `\`${path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "")}\``;

/** What was found. A text is never repeated: it may be a secret that stands in the wrong place. */
function found(reading: Reading<unknown>): string {
  if (reading.state === "absent") return "not set";
  if (reading.state !== "known") return "of the wrong type";
  const plain = !reading.secret && (typeof reading.value === "boolean" || typeof reading.value === "number");
  return plain ? String(reading.value) : "another value";
}

/** Demands a condition of a value that must be there. `must` completes "It must …". */
function demand<T>(reading: Reading<T>, path: Path, holds: (value: T) => boolean, must: string): Judgements {
  if (reading.state === "unknown") return unverified(shown(path));
  if (reading.state === "known" && holds(reading.value)) return [];
  return violated(`${shown(path)} is ${found(reading)}; it must ${must}.`);
}

/** The judgements of a property, but none when it is left out, because what the cloud then does is right. */
export const unlessAbsent = (from: Value, path: Path, judgements: Judgements): Judgements =>
  read(from, ...path).state === "absent" ? [] : judgements;

/** The property must be exactly true: absent is not enough. */
export const mustBeTrue = (from: Value, ...path: Path): Judgements =>
  demand(readFlag(from, ...path), path, (value) => value, "be true");

/** The property must be false or absent. */
export const mustNotBeTrue = (from: Value, ...path: Path): Judgements =>
  unlessAbsent(
    from,
    path,
    demand(readFlag(from, ...path), path, (value) => !value, "be false or left out"),
  );

/** The property must be true or absent. */
export const mustNotBeFalse = (from: Value, ...path: Path): Judgements =>
  unlessAbsent(
    from,
    path,
    demand(readFlag(from, ...path), path, (value) => value, "be true or left out"),
  );

/** The property must be exactly false: absent is not enough. */
export const mustBeFalse = (from: Value, ...path: Path): Judgements =>
  demand(readFlag(from, ...path), path, (value) => !value, "be false");

/** The property must have a value: a text that is not empty, a list with items, or one that `pulumi up` will fill in. */
export function mustBeSet(from: Value, ...path: Path): Judgements {
  const reading = read(from, ...path);
  if (reading.state === "unknown") return [];
  const empty =
    reading.state !== "known" || reading.value === "" || (Array.isArray(reading.value) && reading.value.length === 0);
  return empty
    ? violated(`${shown(path)} is ${reading.state === "known" ? "empty" : found(reading)}; it must be set.`)
    : [];
}

export const mustBeAtLeast = (minimum: number, from: Value, ...path: Path): Judgements =>
  demand(readNumber(from, ...path), path, (value) => value >= minimum, `be ${minimum} or more`);

export const mustBeAtMost = (maximum: number, from: Value, ...path: Path): Judgements =>
  demand(readNumber(from, ...path), path, (value) => value <= maximum, `be ${maximum} or less`);

/** The text must be one of these. */
export const mustBeOneOf = (allowed: readonly string[], from: Value, ...path: Path): Judgements =>
  demand(readText(from, ...path), path, (value) => allowed.includes(value), `be ${allowed.join(" or ")}`);

/** The list must hold all of these texts. An unknown item may be any of them. */
export function mustHold(wanted: readonly string[], from: Value, ...path: Path): Judgements {
  const list = readList(from, ...path);
  if (list.state === "unknown") return unverified(shown(path));
  const items = list.state === "known" ? list.value.map((_, index) => readText(list.value, index)) : [];
  const missing = wanted.filter((text) => !items.some((item) => item.state === "known" && item.value === text));
  if (missing.length === 0) return [];
  if (items.some((item) => item.state === "unknown")) return unverified(shown(path));
  return violated(
    `${shown(path)} ${list.state === "known" ? "lacks" : `is ${found(list)}; it must hold`} ${missing.join(", ")}.`,
  );
}

import { type Path, read, readList, readStructure } from "../reading/reader";
import type { StackResource } from "../reading/stackView";
import type { Value } from "../reading/value";
import { type Judgements, mustBeOneOf, shown, unlessAbsent, unverified, violated } from "./property";

/** Checks put together from checks: of each item of a list, of a part, of a part that may be left out. */

/** What a rule says of one thing in a resource, from the resource's properties and the path of that thing. */
export type Check = (from: Value, ...path: Path) => Judgements;

/** Says of each item of a list what a check says; nothing when there is no list. */
export const each =
  (check: Check): Check =>
  (from, ...path) => {
    const list = readList(from, ...path);
    if (list.state === "absent") return [];
    if (list.state === "unknown") return unverified(shown(path));
    if (list.state === "mistyped") return violated(`${shown(path)} must be a list.`);
    return list.value.flatMap((_, index) => check(from, ...path, index));
  };

/** A check of a structure. One that is not known, or is none, is told once and not for each of its parts. */
export const structure =
  (check: Check): Check =>
  (from, ...path) => {
    const part = readStructure(from, ...path);
    if (part.state === "unknown") return unverified(shown(path));
    if (part.state === "mistyped") return violated(`${shown(path)} must be a structure.`);
    return check(from, ...path);
  };

/** A check of the part at a path inside of a thing. */
export const at =
  (inside: Path, check: Check): Check =>
  (from, ...path) =>
    check(from, ...path, ...inside);

/** Several checks of the same thing. */
export const all =
  (...checks: readonly Check[]): Check =>
  (from, ...path) =>
    checks.flatMap((check) => check(from, ...path));

/** A check that is content when the thing is left out. */
export const optional =
  (check: Check): Check =>
  (from, ...path) =>
    unlessAbsent(from, path, check(from, ...path));

/** The text must be one of these. */
export const oneOf =
  (...allowed: readonly string[]): Check =>
  (from, ...path) =>
    mustBeOneOf(allowed, from, ...path);

/** The thing must not be there; what says nothing, such as an empty text or a 0, is as good as nothing. */
export const leftOut: Check = (from, ...path) => {
  const reading = read(from, ...path);
  if (reading.state === "absent") return [];
  if (reading.state === "unknown") return unverified(shown(path));
  const nothing =
    reading.state === "known" &&
    (reading.value === "" || reading.value === 0 || (Array.isArray(reading.value) && reading.value.length === 0));
  return nothing ? [] : violated(`${shown(path)} must be left out.`);
};

/** The same finding once: what a whole sets for its parts would else be told for each of them. */
export function distinct(judgements: Judgements): Judgements {
  const told = new Map(judgements.map((judgement) => [`${judgement.urn} ${judgement.message}`, judgement]));
  return [...told.values()];
}

/** The same judgements, of the resource that is meant. */
export const about = (urn: string, judgements: Judgements): Judgements =>
  judgements.map((judgement) => ({ ...judgement, urn }));

/** The same judgements, of a resource that is told by its name as well, because the rule speaks of several. */
export const aboutNamed = ({ name, urn }: StackResource, judgements: Judgements): Judgements =>
  judgements.map(({ verdict, message }) => ({ verdict, message: `${name}: ${message}`, urn }));

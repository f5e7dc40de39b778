import type { RuleInfo } from "../rule";
import { CATALOGUES } from ".";
import type { Aside, Catalogue, Control } from "./control";

/** What became of a control of others: rules show it, or there is a reason why none does. */
export interface Covered {
  readonly id: string;
  readonly asks: string;
  /** The rules that name it. */
  readonly rules: readonly string[];
  readonly aside?: Aside;
}

export interface Coverage {
  readonly catalogue: Catalogue;
  readonly controls: readonly Covered[];
}

/** How the rules answer to the standards of others. */
export function coverageOf(rules: readonly RuleInfo[], catalogues: readonly Catalogue[] = CATALOGUES): Coverage[] {
  const naming = (id: string) => rules.filter(({ ids }) => ids.includes(id)).map(({ name }) => name);
  const covered = ([id, asks, aside]: Control): Covered => ({
    id,
    asks,
    rules: naming(id),
    ...(aside === undefined ? {} : { aside }),
  });
  return catalogues.map((catalogue) => ({ catalogue, controls: catalogue.controls.map(covered) }));
}

/**
 * What is wrong with the tables, as sentences: controls that are neither shown nor set aside, or both; ids in rules that
 * no table has; controls that stand twice.
 */
export function problemsOfCoverage(
  rules: readonly RuleInfo[],
  catalogues: readonly Catalogue[] = CATALOGUES,
): readonly string[] {
  const controls = coverageOf(rules, catalogues).flatMap((coverage) => coverage.controls);
  const known = new Set(controls.map(({ id }) => id));
  const foreign = rules.flatMap(({ name, ids }) =>
    ids
      .filter((id) => catalogues.some((catalogue) => catalogue.ids.test(id)) && !known.has(id))
      .map((id) => `${name} names ${id}, which no table in policy/controls has`),
  );
  const undecided = controls.flatMap(({ id, rules: by, aside }) => {
    if (by.length > 0 && aside !== undefined) return [`${id} is ${aside.status}, but ${by.join(", ")} names it`];
    return by.length === 0 && aside === undefined ? [`no rule names ${id}, and it is not set aside`] : [];
  });
  const twice = controls.filter(({ id }, at) => controls.findIndex((other) => other.id === id) !== at);
  return [...foreign, ...undecided, ...twice.map(({ id }) => `${id} stands twice`)];
}

import type { CapturedStack } from "../../support/capture";
import type { Seed } from "./seed";

/** Mistakes in one stack: an engine takes seconds to judge a stack, and as long for five mistakes as for one. */
export interface SeedGroup {
  readonly name: string;
  readonly seeds: readonly Seed[];
  /** The stack with all of them. */
  readonly stack: CapturedStack;
}

const LARGEST = 6;

/**
 * Puts mistakes together that cannot answer for one another: of one stack and one stage, of different rules, in different resources.
 * @param captured gives the stack without mistakes.
 */
export function groupSeeds(seeds: readonly Seed[], captured: (stack: Seed["stack"]) => CapturedStack): SeedGroup[] {
  const groups: SeedGroup[] = [];
  for (const seed of seeds) {
    const clean = captured(seed.stack);
    const at = groups.findIndex(
      (group) =>
        seed.alone === undefined &&
        group.seeds.length < LARGEST &&
        group.seeds.every(
          (other) =>
            other.alone === undefined &&
            other.stack === seed.stack &&
            other.stoppedAt === seed.stoppedAt &&
            other.rule !== seed.rule &&
            areApart(touched(clean, other), touched(clean, seed)),
        ),
    );
    const group = groups[at];
    if (group === undefined)
      groups.push({ name: `group ${groups.length + 1}`, seeds: [seed], stack: seed.change(clean) });
    else groups[at] = { ...group, seeds: [...group.seeds, seed], stack: seed.change(group.stack) };
  }
  return groups;
}

/** URNs of what a mistake changes, takes away or adds. */
function touched(clean: CapturedStack, { change }: Seed): Set<string> {
  const before = new Set(clean.resources);
  const after = new Set(change(clean).resources);
  const different = [...before].filter((one) => !after.has(one)).concat([...after].filter((one) => !before.has(one)));
  return new Set(different.map(({ urn }) => urn));
}

const areApart = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].every((urn) => !other.has(urn));

import type { CapturedResource, CapturedStack } from "../tests/support/capture";

/**
 * A stack of so many resources: the given one over and over, each time with other names. Cut off at the end, which leaves no
 * resource without what it is made from, since that comes before it.
 */
export function manyResources(stack: CapturedStack, count: number): CapturedStack {
  const copies = Math.ceil(count / stack.resources.length);
  const resources = Array.from({ length: copies }, (_, copy) => renamed(stack, copy)).flat();
  return { ...stack, resources: resources.slice(0, count), outputs: { tier: stack.outputs.tier ?? null } };
}

/** The first copy keeps its names; in the others every name, and every text that holds the stack's prefix, gets a number. */
function renamed({ stack, resources }: CapturedStack, copy: number): readonly CapturedResource[] {
  if (copy === 0) return resources;
  const urns = new Map(resources.map(({ urn }) => [urn, `${urn}-${copy}`]));
  const named = new RegExp(`-${stack}\\b`, "g");
  const text = JSON.stringify(resources, (_, value: unknown) =>
    typeof value === "string" ? (urns.get(value) ?? value.replace(named, `-${stack}${copy}`)) : value,
  );
  return (JSON.parse(text) as CapturedResource[]).map((resource) => ({
    ...resource,
    name: `${resource.name}-${copy}`,
  }));
}

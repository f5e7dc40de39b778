import type { Refusal, Values } from "../model";

/** Inputs of which one, and only one, must be given; one that is not known yet counts as given. */
export function exactlyOne(inputs: Values, names: readonly string[]): Refusal[] {
  const given = names.filter((name) => inputs[name] !== undefined);
  if (given.length === 1) return [];
  return [
    {
      property: given[1] ?? names[0] ?? "",
      reason: `one of ${names.join(", ")} must be given, not ${given.length === 0 ? "none" : given.join(" and ")}`,
    },
  ];
}

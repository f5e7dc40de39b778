import { parsePreview } from "../../../guard/previewSteps";

/** What a preview registers, by URN, without what differs between two programs that register the same. */
export function registeredIn(previewJson: string): Readonly<Record<string, unknown>> {
  const entries = parsePreview(previewJson).steps.flatMap(({ urn, new: made }) => {
    if (made === undefined) return [];
    const { custom, protect, retainOnDelete, inputs, dependencies, propertyDependencies } = made;
    const madeFrom = Object.entries(propertyDependencies).filter(([, from]) => from !== null && from.length > 0);
    const sorted = madeFrom.map(([input, from]) => [input, [...(from ?? [])].sort()]);
    return [
      [
        urn,
        {
          custom,
          protect,
          retainOnDelete,
          inputs,
          dependencies: [...dependencies].sort(),
          madeFrom: Object.fromEntries(sorted),
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
}

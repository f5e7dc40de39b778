import { type Cloud, type Reference, type Refusal, type ResourceModel, UNKNOWN, type Values } from "./model";

/** References that lead nowhere: the cloud would answer that it does not know the other resource. */
export function refusedReferences({ references = {} }: ResourceModel, inputs: Values, cloud: Cloud): Refusal[] {
  return Object.entries(references).flatMap(([path, { types, by, always = [] }]) =>
    valuesAt(inputs, path.split("."))
      .filter((value) => value !== undefined && value !== UNKNOWN && value !== "")
      .filter((value) => typeof value !== "string" || !always.includes(value))
      .filter((value) => !types.some((type) => isThere(cloud, type, by, value)))
      .map((value) => ({ property: path, reason: `there is no ${types.join(" or ")} ${String(value)}` })),
  );
}

function isThere(cloud: Cloud, type: string, by: Reference["by"], value: unknown): boolean {
  const output = typeof by === "object" ? by[type] : by;
  return output === undefined
    ? cloud.find(type, String(value)) !== undefined
    : cloud.all(type).some(({ values }) => values[output] === value);
}

/** All values at a path; lists on the way, and at its end, are gone through. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [first, ...rest] = path;
  if (first === undefined) return [value];
  if (typeof value !== "object" || value === null || value === UNKNOWN) return [];
  return valuesAt(Reflect.get(value, first), rest);
}

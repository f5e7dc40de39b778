import { type Path, type Reading, readList, readText } from "../reading/reader";
import type { Value } from "../reading/value";
import { type Check, each } from "./parts";
import { type Judgements, shown, violated } from "./property";

/** Something of the right type must be set. What `pulumi up` will fill in is set. */
function demandContent<T extends { readonly length: number }>(
  reading: Reading<T>,
  path: Path,
  form: string,
): Judgements {
  if (reading.state === "unknown" || (reading.state === "known" && reading.value.length > 0)) return [];
  const found = { known: "empty", absent: "not set", mistyped: "of the wrong type" }[reading.state];
  return violated(`${shown(path)} is ${found}; it must be ${form}.`);
}

/** The property must be a text that is not empty, such as the ARN of a key. */
export const mustBeText = (from: Value, ...path: Path): Judgements =>
  demandContent(readText(from, ...path), path, "set");

/** The property must be a list with at least one item. */
export const mustHaveItems = (from: Value, ...path: Path): Judgements =>
  demandContent(readList(from, ...path), path, "a list with items");

/** Says of each item of a list that must have some what a check says. */
export const eachOfSome =
  (check: Check): Check =>
  (from, ...path) => {
    const missing = mustHaveItems(from, ...path);
    return missing.length > 0 ? missing : each(check)(from, ...path);
  };

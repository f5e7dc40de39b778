import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf, typeOf } from "../../../guard/urn";
import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";

type Golden = Readonly<Record<string, { readonly protect?: true; readonly inputs: unknown }>>;

/** The resources that a stack of ours makes, as its recorded preview knows them; without their references. */
export function goldenStack(stack: "smb" | "prod"): readonly StackResource[] {
  const file = join(__dirname, "../../golden", `${stack}.json`);
  const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
  return Object.entries(golden).map(([urn, { protect = false, inputs }]) => ({
    urn,
    type: typeOf(urn),
    name: nameOf(urn),
    props: toMarked(inputs),
    options: { protect, ignoreChanges: [] },
    propertyDependencies: {},
  }));
}

/** The recording writes marks in place of what is not known or secret. */
function toMarked(value: unknown): Value {
  if (value === "[unknown]") return UNKNOWN;
  if (value === "[secret]") return new Secret(UNKNOWN);
  if (Array.isArray(value)) return value.map(toMarked);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toMarked(item)]));
  return value as Value;
}

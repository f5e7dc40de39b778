import type { ProfileName } from "../policy/limits";
import { LIMITS } from "../policy/limits";
import type { ResourceView } from "../policy/reading/resource";
import { type StackResource, StackView } from "../policy/reading/stackView";
import { Secret, toValue, type Value } from "../policy/reading/value";
import { matchesType, type Rule } from "../policy/rule";
import { type Captured, MASK, nameOf } from "./captured";

/** That a rule of ours is violated by a resource. */
export interface Violation {
  readonly policy: string;
  readonly urn: string;
}

/** What our rules hold against a stack, the secrets of which are masked. */
export function violationsOf(
  resources: readonly Captured[],
  rules: readonly Rule[],
  profile: ProfileName,
): readonly Violation[] {
  const inputs = resources.map((resource) => viewOf(resource, toValue(resource.inputs)));
  const stack = new StackView(
    resources.map((resource) => viewOf(resource, toValue({ ...resource.inputs, ...resource.outputs }))),
  );
  const asked = rules.filter(({ levels }) => levels[profile] !== "disabled");
  return asked.flatMap((rule) => {
    const limits = LIMITS[profile];
    const judged =
      rule.scope === "stack"
        ? rule.check(stack, limits).map((judgement) => ({ ...judgement, urn: judgement.urn ?? "" }))
        : inputs
            .filter(({ type }) => matchesType(rule.types, type))
            .flatMap((view) => rule.check(view, limits).map((judgement) => ({ urn: view.urn, ...judgement })));
    return judged
      .filter(({ verdict }) => verdict === "violated")
      .map(({ urn }): Violation => ({ policy: rule.name, urn }));
  });
}

const viewOf = ({ urn, type, references, parent, options }: Captured, props: Value): ResourceView & StackResource => ({
  urn,
  type,
  name: nameOf(urn),
  props: withSecrets(props),
  options,
  propertyDependencies: references,
  ...(parent === undefined ? {} : { parent }),
});

/** To a rule, what was masked is a text that is secret. */
function withSecrets(value: Value): Value {
  if (value === MASK) return new Secret(MASK);
  if (Array.isArray(value)) return value.map(withSecrets);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, Value]) => [key, withSecrets(item)]));
}

import type { ProfileName } from "../policy/limits";
import { profileConfig } from "../policy/profile";
import { Secret, toValue, type Value } from "../policy/reading/value";
import type { Rule } from "../policy/rule";
import { judgeState, type StateResource } from "../policy/running/state";
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
  return judgeState(resources.map(stateOf), rules, profileConfig(profile, rules))
    .filter(({ judgement }) => judgement.verdict === "violated")
    .map(({ rule, urn = "" }): Violation => ({ policy: rule.name, urn }));
}

const stateOf = ({ urn, type, references, parent, options, inputs, outputs }: Captured): StateResource => ({
  urn,
  type,
  name: nameOf(urn),
  props: withSecrets(toValue(inputs)),
  outputs: withSecrets(toValue({ ...inputs, ...outputs })),
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

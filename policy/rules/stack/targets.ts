import { leaves, read, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { Unknown } from "../../reading/value";

/** What tells one resource from another in the cloud, when it is written down as a plain text. */
const IDENTIFIERS = ["id", "arn", "name", "bucket"];

/**
 * Which resources of the stack an input means. `elsewhere`: a text that is none of theirs, such as the id of a VPC that was
 * there before; `unknown`: only `pulumi up` will tell, and no resource of that type has part in it.
 */
export interface Targets {
  readonly found: readonly StackResource[];
  readonly rest: "none" | "elsewhere" | "unknown";
}

/** The resources of a type that an input means: those that its value comes from, or those whose id, ARN or name it spells out. */
export function targetsOf(stack: StackView, resource: StackResource, property: string, type: string): Targets {
  const referred = stack.referredBy(resource, type, property);
  if (referred.length > 0) return { found: referred, rest: "none" };
  const value = read(resource.props, property);
  if (value.state === "unknown") return { found: [], rest: "unknown" };
  const ends = value.state === "known" ? leaves(value.value) : [];
  const texts = new Set(ends.map((leaf) => leaf.value));
  const found = stack.ofType(type).filter(({ props }) =>
    IDENTIFIERS.some((identifier) => {
      const own = readText(props, identifier);
      return own.state === "known" && own.value !== "" && texts.has(own.value);
    }),
  );
  if (found.length > 0 || ends.length === 0) return { found, rest: "none" };
  return { found, rest: ends.some((leaf) => leaf.value instanceof Unknown) ? "unknown" : "elsewhere" };
}

/** What of one type means a resource by one of its inputs, and whether an input that is not known yet may mean it too. */
export interface Pointing {
  readonly found: readonly StackResource[];
  readonly perhaps: boolean;
}

/** The resources of a type, an input of which means this resource. */
export function pointingTo(stack: StackView, resource: StackResource, type: string, property: string): Pointing {
  const all = stack.ofType(type).map((from) => ({ from, targets: targetsOf(stack, from, property, resource.type) }));
  return {
    found: all.filter(({ targets }) => targets.found.includes(resource)).map(({ from }) => from),
    perhaps: all.some(({ targets }) => targets.rest === "unknown"),
  };
}

import type { StackResource, StackView } from "../../reading/stackView";

/** The nearest component around a resource whose type begins like this. */
export function componentOf(stack: StackView, resource: StackResource, type: string): StackResource | undefined {
  const parent = resource.parent === undefined ? undefined : stack.withUrn(resource.parent);
  return parent === undefined || parent.type.startsWith(type) ? parent : componentOf(stack, parent, type);
}

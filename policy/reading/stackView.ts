import type { ResourceView } from "./resource";

/** A resource among the others of its stack. */
export interface StackResource extends ResourceView {
  /** The URN of the component that it belongs to. */
  readonly parent?: string;
  /** For each input, the URNs of the resources that its value comes from; known even while the value is not. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** All resources of a stack, its own `pulumi:pulumi:Stack` with the stack outputs among them; indexed once for all rules. */
export class StackView {
  readonly #byUrn: ReadonlyMap<string, StackResource>;
  readonly #byType = new Map<string, StackResource[]>();
  #referrers: Map<string, Reference[]> | undefined;

  constructor(readonly resources: readonly StackResource[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      const same = this.#byType.get(resource.type);
      if (same === undefined) this.#byType.set(resource.type, [resource]);
      else same.push(resource);
    }
  }

  withUrn(urn: string): StackResource | undefined {
    return this.#byUrn.get(urn);
  }

  /** The resources of one type, or of several. */
  ofType(...types: readonly string[]): readonly StackResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** The resources of a type that an input of a resource takes its value from; from any of its inputs without `property`. */
  referredBy(resource: StackResource, type: string, property?: string): readonly StackResource[] {
    const urns = Object.entries(resource.propertyDependencies)
      .filter(([key]) => property === undefined || key === property)
      .flatMap(([, found]) => found);
    return [...new Set(urns)].flatMap((urn) => {
      const target = this.#byUrn.get(urn);
      return target?.type === type ? [target] : [];
    });
  }

  /** The resources of a type, one input of which takes its value from a resource; any of their inputs without `property`. */
  referringTo(resource: StackResource, type: string, property?: string): readonly StackResource[] {
    this.#referrers ??= referrersOf(this.resources);
    const found = (this.#referrers.get(resource.urn) ?? [])
      .filter(({ from, input }) => from.type === type && (property === undefined || property === input))
      .map(({ from }) => from);
    return [...new Set(found)];
  }
}

interface Reference {
  readonly from: StackResource;
  readonly input: string;
}

function referrersOf(resources: readonly StackResource[]): Map<string, Reference[]> {
  const referrers = new Map<string, Reference[]>();
  for (const from of resources) {
    for (const [input, urns] of Object.entries(from.propertyDependencies)) {
      for (const urn of urns) {
        const references = referrers.get(urn);
        if (references === undefined) referrers.set(urn, [{ from, input }]);
        else references.push({ from, input });
      }
    }
  }
  return referrers;
}

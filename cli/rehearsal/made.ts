import { isDeepStrictEqual } from "node:util";
import { ADOPTED_URN } from "../../rehearsal/adopted";
import type { CloudResource } from "../../rehearsal/model";
import type { Planned } from "../plan";

/** A resource of the engine's exported state. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  /** `<urn>::<id>` of the provider resource that it is made through. */
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

/** What `pulumi stack export` gives. */
export interface ExportedState {
  readonly deployment: { readonly resources?: readonly StateResource[] };
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const MASK = "[secret]";

/** Secrets stay encrypted in an export; their place is shown, never what they hold. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "ciphertext" in value) return MASK;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}

const maskedAll = (values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, masked(value)]));

/** Every resource of the state, with its secrets masked. */
export const resourcesOf = ({ deployment }: ExportedState): Planned[] =>
  (deployment.resources ?? []).map(({ urn, type, inputs, outputs }) => ({
    urn,
    type,
    inputs: maskedAll(inputs),
    outputs: maskedAll(outputs),
  }));

/** What the clouds hold and the state does not know: what a real account would go on paying for. */
export function orphansOf({ deployment }: ExportedState, held: readonly CloudResource[]): CloudResource[] {
  const known = new Set((deployment.resources ?? []).map(({ urn, id }) => `${urn}::${id ?? ""}`));
  return held.filter(({ urn, id }) => urn !== ADOPTED_URN && !known.has(`${urn}::${id}`));
}

/** The longest way through the dependencies, by the typical times of the real cloud. */
export interface LongestChain {
  readonly seconds: number;
  readonly urns: readonly string[];
}

/** @param secondsOf Typical time that the real cloud takes to make a resource, in seconds. */
export function longestChain({ deployment }: ExportedState, secondsOf: (urn: string) => number): LongestChain {
  const resources = new Map((deployment.resources ?? []).map((resource) => [resource.urn, resource]));
  const done = new Map<string, LongestChain>();
  const chainTo = (urn: string): LongestChain => {
    const found = done.get(urn);
    if (found !== undefined) return found;
    const resource = resources.get(urn);
    const before = [
      ...(resource?.dependencies ?? []),
      ...(resource?.provider === undefined ? [] : [resource.provider.replace(/::[^:]*$/, "")]),
      ...Object.values(resource?.propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
    ];
    const longest = [...new Set(before)].map(chainTo).reduce(longer, { seconds: 0, urns: [] });
    const chain = { seconds: longest.seconds + secondsOf(urn), urns: [...longest.urns, urn] };
    done.set(urn, chain);
    return chain;
  };
  return [...resources.keys()].map(chainTo).reduce(longer, { seconds: 0, urns: [] });
}

const longer = (one: LongestChain, other: LongestChain): LongestChain => (other.seconds > one.seconds ? other : one);

/** True when two states hold the same resources with the same outputs. */
export const sameState = (one: ExportedState, other: ExportedState): boolean =>
  isDeepStrictEqual(resourcesOf(one), resourcesOf(other));

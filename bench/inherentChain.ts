import { type ExportedState, type LongestChain, longestChain } from "../cli/rehearsal/made";
import { typeOf } from "../guard/urn";

type Resources = NonNullable<ExportedState["deployment"]["resources"]>;

const INSTANCE = "aws:rds/instance:Instance";

/** What cannot be made side by side, in any program: network → primary → replica → its name. */
const INHERENT = [
  "aws:ec2/vpc:Vpc",
  "aws:ec2/subnet:Subnet",
  "aws:rds/subnetGroup:SubnetGroup",
  INSTANCE,
  INSTANCE,
  "aws:route53/record:Record",
];

export interface Chains {
  /** The inherent one, as long as it takes in the graph of this program. */
  readonly inherent: LongestChain;
  /** The longest of all, whatever it leads to. */
  readonly longest: LongestChain;
}

/**
 * The chains of a state, by the typical times of the real cloud. What takes no time is left out of them.
 * @throws Error when what leads to the readers' names is not the inherent chain, or when the database is not what takes longest:
 * then that chain is no measure to hold `up` against.
 */
export function chainsOf(state: ExportedState, secondsOf: (urn: string) => number): Chains {
  const known = withProviders(state);
  const readers = known.filter(({ urn }) => /::names-postgres-read-[^:]*$/.test(urn)).map(({ urn }) => urn);
  const inherent = chainIn(upTo(known, readers), secondsOf);
  const types = inherent.urns.map(typeOf);
  if (types.join() !== INHERENT.join())
    throw new Error(
      `the readers' names wait for something else than network, primary and replica: ${types.join(" → ")}`,
    );
  const longest = chainIn(known, secondsOf);
  const databases = longest.urns.filter((urn) => typeOf(urn) === INSTANCE);
  if (databases.length !== 2) throw new Error(`something else takes longest: ${longest.urns.join(" → ")}`);
  return { inherent, longest };
}

function chainIn(resources: Resources, secondsOf: (urn: string) => number): LongestChain {
  const { seconds, urns } = longestChain({ deployment: { resources } }, secondsOf);
  return { seconds, urns: urns.filter((urn) => secondsOf(urn) > 0) };
}

/** A resource waits for its provider, which may itself wait: that of a cluster for the cluster. */
const withProviders = ({ deployment: { resources = [] } }: ExportedState): Resources =>
  resources.map((resource) => {
    const { provider } = resource as { readonly provider?: string };
    const waitsFor = provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))];
    return { ...resource, dependencies: [...(resource.dependencies ?? []), ...waitsFor] };
  });

/** The resources of these URNs, with all that they wait for. */
function upTo(resources: Resources, urns: readonly string[]): Resources {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const wanted = new Set<string>();
  const want = (urn: string): void => {
    if (wanted.has(urn)) return;
    wanted.add(urn);
    const { dependencies = [], propertyDependencies = {} } = byUrn.get(urn) ?? {};
    for (const before of [...dependencies, ...Object.values(propertyDependencies).flatMap((some) => some ?? [])])
      want(before);
  };
  for (const urn of urns) want(urn);
  return resources.filter(({ urn }) => wanted.has(urn));
}

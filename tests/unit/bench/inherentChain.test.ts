import { describe, expect, it } from "vitest";
import { chainsOf } from "../../../bench/inherentChain";

const urnOf = (type: string, name: string): string => `urn:pulumi:prod::p::${type}::${name}`;

interface Part {
  readonly type: string;
  readonly seconds: number;
  readonly after?: readonly string[];
  readonly provider?: string;
}

const INHERENT: Readonly<Record<string, Part>> = {
  vpc: { type: "aws:ec2/vpc:Vpc", seconds: 12 },
  subnet: { type: "aws:ec2/subnet:Subnet", seconds: 2, after: ["vpc"] },
  subnets: { type: "aws:rds/subnetGroup:SubnetGroup", seconds: 3, after: ["subnet"] },
  primary: { type: "aws:rds/instance:Instance", seconds: 900, after: ["subnets"] },
  replica: { type: "aws:rds/instance:Instance", seconds: 900, after: ["primary"] },
  "names-postgres-read-1": { type: "aws:route53/record:Record", seconds: 35, after: ["replica"] },
};

/** The chains of a state of these parts. */
function chains(parts: Readonly<Record<string, Part>>) {
  const all = new Map(Object.entries(parts));
  const urn = (name: string): string => urnOf(all.get(name)?.type ?? "", name);
  const resources = [...all].map(([name, { type, after = [], provider }]) => ({
    urn: urn(name),
    type,
    propertyDependencies: { input: after.map(urn) },
    ...(provider === undefined ? {} : { provider: `${urn(provider)}::an-id` }),
  }));
  const seconds = new Map([...all].map(([name, part]) => [urn(name), part.seconds]));
  const { inherent, longest } = chainsOf({ deployment: { resources } }, (one) => seconds.get(one) ?? 0);
  const names = (urns: readonly string[]) => urns.map((one) => one.split("::").at(-1));
  return {
    inherent: { ...inherent, names: names(inherent.urns) },
    longest: { ...longest, names: names(longest.urns) },
  };
}

describe("the inherent chain", () => {
  it("leads from the network to the readers' name, and is the longest where nothing waits for that name", () => {
    const { inherent, longest } = chains({
      ...INHERENT,
      cluster: { type: "aws:eks/cluster:Cluster", seconds: 900, after: ["subnet"] },
    });
    expect(inherent.names).toEqual(Object.keys(INHERENT));
    expect(inherent.seconds).toBe(1852);
    expect(longest.names).toEqual(inherent.names);
  });

  it("ends at the name, and the longest chain tells what waits for it", () => {
    const { inherent, longest } = chains({
      ...INHERENT,
      deployment: { type: "kubernetes:apps/v1:Deployment", seconds: 120, after: ["names-postgres-read-1"] },
    });
    expect(inherent.seconds).toBe(1852);
    expect(longest.seconds).toBe(1972);
    expect(longest.names.at(-1)).toBe("deployment");
  });

  it("is no measure where something else stands in it", () => {
    const waits: Part = { type: "aws:rds/proxy:Proxy", seconds: 300, after: ["primary"] };
    const replica = { type: "aws:rds/instance:Instance", seconds: 900, after: ["proxy"] };
    expect(() => chains({ ...INHERENT, proxy: waits, replica })).toThrow("wait for something else");
  });

  it("is no measure where something else takes longest, through a provider as well", () => {
    const cluster: Part = { type: "aws:eks/cluster:Cluster", seconds: 1800, after: ["subnet"] };
    const provider: Part = { type: "pulumi:providers:kubernetes", seconds: 0, after: ["cluster"] };
    const workload: Part = { type: "kubernetes:apps/v1:Deployment", seconds: 120, provider: "provider" };
    expect(() => chains({ ...INHERENT, cluster, provider, workload })).toThrow(/takes longest: .*cluster.*workload/);
  });
});

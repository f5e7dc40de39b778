import type { World } from "./world";

/** A network that a stack uses and did not make. */
export interface AdoptedNetwork {
  readonly region: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** The URN of what no stack owns: what was there before, and what a stack left on purpose when it was taken down. */
export const ADOPTED_URN = "adopted";

/** Puts an adopted network into the clouds, as if it had always been there: its subnets one after the other, over three zones. */
export function adoptNetwork(world: World, { region, vpcId, subnetIds }: AdoptedNetwork): void {
  const put = (type: string, id: string, values: Readonly<Record<string, unknown>>): void => {
    if (world.find(type, id) === undefined)
      world.put({ type, id, urn: ADOPTED_URN, values: { ...values, region }, serial: world.nextSerial() });
  };
  put("aws:ec2/vpc:Vpc", vpcId, { cidrBlock: "10.0.0.0/16", enableDnsSupport: true, enableDnsHostnames: true });
  for (const [index, id] of subnetIds.entries())
    put("aws:ec2/subnet:Subnet", id, {
      vpcId,
      cidrBlock: `10.0.${index}.0/24`,
      availabilityZone: `${region}${"abc".charAt(index % 3)}`,
    });
}

/** What a stack left on purpose is its own no longer: gives it up, so that it is not taken for something that went wrong. */
export function giveUp(world: World, urns: ReadonlySet<string>): void {
  for (const resource of world.all().filter(({ urn }) => urns.has(urn))) {
    world.remove(resource);
    world.put({ ...resource, urn: ADOPTED_URN });
  }
}

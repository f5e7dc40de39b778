import type { World } from "./world";

/** A network that a stack uses and did not make. */
export interface AdoptedNetwork {
  readonly region: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** The URN of what was there before: no stack owns it. */
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

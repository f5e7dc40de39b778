import { UserError } from "../../settings/errors";

/** What must be true of a VPC that is adopted. Settings ask for the ids first; this is for whoever makes the component by hand. */

export interface Adopted {
  readonly mode: "create" | "adopt";
  readonly vpcId?: string;
  readonly privateSubnetIds?: readonly string[];
  readonly dataSubnetIds?: readonly string[];
}

/** Refuses `adopt` without the ids of what is there. */
export function checkAdopted({ mode, vpcId, privateSubnetIds = [], dataSubnetIds = [] }: Adopted): void {
  if (mode === "create" || (vpcId !== undefined && privateSubnetIds.length >= 2 && dataSubnetIds.length >= 2)) return;
  throw new UserError(
    "network: adopting a VPC needs vpcId and two or more ids in privateSubnetIds and dataSubnetIds each.",
  );
}

/** The range of the VPC. Refuses one in which a private zone would not resolve (Route 53, private hosted zones). */
export function adoptedRange(vpc: {
  readonly id: string;
  readonly cidrBlock: string;
  readonly enableDnsHostnames: boolean;
  readonly enableDnsSupport: boolean;
}): string {
  if (vpc.enableDnsHostnames && vpc.enableDnsSupport) return vpc.cidrBlock;
  throw new UserError(
    `network.vpcId: private names resolve in ${vpc.id} only with DNS support and DNS host names on. Turn both on first.`,
  );
}

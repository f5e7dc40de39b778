import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../transform";
import { nameTag } from "./nameTag";
import type { MadeVpc } from "./vpc";

export interface RoutingArgs extends MadeVpc {
  readonly natGateways: "per-zone" | "single";
  readonly transform: { readonly natGateway?: Transform<aws.ec2.NatGatewayArgs> };
}

const ANYWHERE = "0.0.0.0/0";

/**
 * Ways between the subnets and the internet: public subnets straight, private ones through a NAT gateway, data subnets not at
 * all. Gives the tables of the subnets without public addresses, for gateway endpoints.
 */
export function makeRouting(name: string, args: RoutingArgs, parent: pulumi.Resource): aws.ec2.RouteTable[] {
  const vpcId = args.vpc.id;
  const table = (part: string, subnets: readonly [string, aws.ec2.Subnet][]): aws.ec2.RouteTable => {
    const made = new aws.ec2.RouteTable(
      `${name}-${part}-routes`,
      { vpcId, tags: nameTag(`${name}-${part}`) },
      { parent },
    );
    for (const [subnetPart, subnet] of subnets)
      new aws.ec2.RouteTableAssociation(
        `${name}-${subnetPart}-routes`,
        { routeTableId: made.id, subnetId: subnet.id },
        { parent: made },
      );
    return made;
  };
  const numbered = (kind: string, subnets: readonly aws.ec2.Subnet[]) =>
    subnets.map((subnet, index): [string, aws.ec2.Subnet] => [`${kind}-${index + 1}`, subnet]);

  const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId, tags: nameTag(name) }, { parent });
  const publicTable = table("public", numbered("public", args.public));
  new aws.ec2.Route(
    `${name}-public-internet`,
    { routeTableId: publicTable.id, destinationCidrBlock: ANYWHERE, gatewayId: gateway.id },
    { parent: publicTable },
  );

  const natSubnets = args.natGateways === "single" ? args.public.slice(0, 1) : args.public;
  const nats = natSubnets.map((subnet, index) => makeNat(`${name}-nat-${index + 1}`, subnet, gateway, args, parent));

  // One table for each zone in either case, so that going from one NAT gateway to three changes routes and nothing else.
  const privateTables = numbered("private", args.private).map(([part, subnet], index) => {
    const made = table(part, [[part, subnet]]);
    new aws.ec2.Route(
      `${name}-${part}-internet`,
      { routeTableId: made.id, destinationCidrBlock: ANYWHERE, natGatewayId: (nats[index] ?? nats[0])?.id },
      { parent: made },
    );
    return made;
  });
  return [...privateTables, table("data", numbered("data", args.data))];
}

function makeNat(
  part: string,
  subnet: aws.ec2.Subnet,
  gateway: aws.ec2.InternetGateway,
  { transform }: RoutingArgs,
  parent: pulumi.Resource,
): aws.ec2.NatGateway {
  // Neither works before the VPC has its way to the internet, and both must go before it does.
  const dependsOn = [gateway];
  const address = new aws.ec2.Eip(`${part}-address`, { domain: "vpc", tags: nameTag(part) }, { parent, dependsOn });
  return new aws.ec2.NatGateway(
    part,
    transformed({ subnetId: subnet.id, allocationId: address.allocationId, tags: nameTag(part) }, transform.natGateway),
    { parent, dependsOn },
  );
}

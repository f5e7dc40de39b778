import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { type Transform, transformed } from "../transform";
import { nameTag } from "./nameTag";
import type { MadeVpc } from "./vpc";

/** AWS services that can have an address inside the VPC. */
export type InterfaceEndpoint =
  | "ecr.api"
  | "ecr.dkr"
  | "eks-auth"
  | "kms"
  | "logs"
  | "monitoring"
  | "secretsmanager"
  | "sts";

/**
 * What pods and the rotation of the database password call: images (`ecr.*`; their layers come through the S3 gateway), log
 * lines, metrics, identities and secrets. Nothing in the VPC calls KMS by itself: S3, RDS and Secrets Manager do that.
 */
export const USUAL_ENDPOINTS: readonly InterfaceEndpoint[] = [
  "secretsmanager",
  "logs",
  "sts",
  "ecr.api",
  "ecr.dkr",
  "monitoring",
];

export interface EndpointsArgs extends Pick<MadeVpc, "vpc" | "private"> {
  readonly region: string;
  readonly cidr: string;
  readonly interfaceEndpoints: readonly InterfaceEndpoint[];
  /** Tables that get the free routes to S3 and DynamoDB. */
  readonly routeTables: readonly aws.ec2.RouteTable[];
  readonly transform: { readonly endpoint?: Transform<aws.ec2.VpcEndpointArgs> };
}

/** Ways to AWS services that leave the internet out. */
export function makeEndpoints(name: string, args: EndpointsArgs, parent: pulumi.Resource): void {
  const vpcId = args.vpc.id;
  const endpoint = (service: string, more: Omit<aws.ec2.VpcEndpointArgs, "vpcId">): void => {
    const part = `${name}-${service.replace(".", "-")}`;
    const defaults = { vpcId, serviceName: `com.amazonaws.${args.region}.${service}`, tags: nameTag(part), ...more };
    new aws.ec2.VpcEndpoint(`${part}-endpoint`, transformed(defaults, args.transform.endpoint), { parent });
  };

  for (const service of ["s3", "dynamodb"])
    endpoint(service, { vpcEndpointType: "Gateway", routeTableIds: args.routeTables.map(({ id }) => id) });

  if (args.interfaceEndpoints.length === 0) return;
  const securityGroupIds = [makeEndpointGroup(name, args, parent).id];
  for (const service of args.interfaceEndpoints)
    endpoint(service, {
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: args.private.map(({ id }) => id),
      securityGroupIds,
    });
}

/** Lets HTTPS in from the VPC; an endpoint itself calls nobody. */
function makeEndpointGroup(name: string, args: EndpointsArgs, parent: pulumi.Resource): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId: args.vpc.id,
      // A change of the description replaces the group, and two groups of a VPC cannot share a name.
      namePrefix: `${physicalName("securityGroup", `${name}-endpoints`)}-`,
      description: "HTTPS from the VPC to the endpoints of AWS services",
      tags: nameTag(`${name}-endpoints`),
    },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-https`,
    {
      securityGroupId: group.id,
      cidrIpv4: args.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "HTTPS from the VPC",
    },
    { parent: group },
  );
  return group;
}

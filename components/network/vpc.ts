import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../transform";
import { nameTag } from "./nameTag";
import { planSubnets } from "./subnets";

export interface VpcArgs {
  readonly cidr: string;
  /** One subnet of each kind for each zone. */
  readonly zones: readonly pulumi.Input<string>[];
  readonly deletionProtection: boolean;
  readonly transform: {
    readonly vpc?: Transform<aws.ec2.VpcArgs>;
    readonly subnet?: Transform<aws.ec2.SubnetArgs>;
  };
}

export interface MadeVpc {
  readonly vpc: aws.ec2.Vpc;
  readonly public: readonly aws.ec2.Subnet[];
  readonly private: readonly aws.ec2.Subnet[];
  readonly data: readonly aws.ec2.Subnet[];
}

/** What Kubernetes looks for when it places a load balancer (AWS Load Balancer Controller, subnet discovery). */
const ROLES = {
  public: { "kubernetes.io/role/elb": "1" },
  private: { "kubernetes.io/role/internal-elb": "1" },
  data: {},
} as const;

/** The VPC with its subnets, and its default security group shut. */
export function makeVpc(name: string, args: VpcArgs, parent: pulumi.Resource): MadeVpc {
  const plan = planSubnets(args.cidr, args.zones.length);
  const protect = args.deletionProtection;
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    transformed(
      // Names of the private zone and of interface endpoints resolve only with both.
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: nameTag(name) },
      args.transform.vpc,
    ),
    { parent, protect },
  );

  // Whatever is started without a group of its own can neither be reached nor reach anything.
  new aws.ec2.DefaultSecurityGroup(
    `${name}-default-group`,
    { vpcId: vpc.id, ingress: [], egress: [], tags: nameTag(`${name}-closed`) },
    { parent },
  );

  const subnets = (kind: keyof typeof ROLES) =>
    args.zones.map((availabilityZone, index) => {
      const part = `${name}-${kind}-${index + 1}`;
      const defaults: aws.ec2.SubnetArgs = {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock: plan[kind][index],
        // Load balancers and NAT gateways bring addresses of their own.
        mapPublicIpOnLaunch: false,
        tags: { ...nameTag(part), ...ROLES[kind] },
      };
      return new aws.ec2.Subnet(part, transformed(defaults, args.transform.subnet), { parent, protect });
    });
  return { vpc, public: subnets("public"), private: subnets("private"), data: subnets("data") };
}

import type { Cloud, CloudResource } from "../../model";
import { at } from "../../values";

/** A kind of resource that keeps another one from being deleted, by the output that names it; `a.b` goes into `a`. */
interface Holder {
  readonly type: string;
  readonly by: string;
}

/** Who has network interfaces in a subnet. */
const IN_SUBNETS: readonly Holder[] = [
  { type: "aws:ec2/natGateway:NatGateway", by: "subnetId" },
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", by: "subnetIds" },
  { type: "aws:rds/proxy:Proxy", by: "vpcSubnetIds" },
  { type: "aws:eks/cluster:Cluster", by: "vpcConfig.subnetIds" },
];

/** Who has them through a subnet group: the group by itself keeps no subnet. */
const THROUGH_GROUPS = [
  {
    group: { type: "aws:rds/subnetGroup:SubnetGroup", by: "subnetIds" },
    holder: { type: "aws:rds/instance:Instance", by: "dbSubnetGroupName" },
  },
  {
    group: { type: "aws:elasticache/subnetGroup:SubnetGroup", by: "subnetIds" },
    holder: { type: "aws:elasticache/replicationGroup:ReplicationGroup", by: "subnetGroupName" },
  },
] as const satisfies readonly { group: Holder; holder: Holder }[];

const WITH_SECURITY_GROUPS: readonly Holder[] = [
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", by: "securityGroupIds" },
  { type: "aws:rds/instance:Instance", by: "vpcSecurityGroupIds" },
  { type: "aws:rds/proxy:Proxy", by: "vpcSecurityGroupIds" },
  { type: "aws:elasticache/replicationGroup:ReplicationGroup", by: "securityGroupIds" },
  { type: "aws:eks/cluster:Cluster", by: "vpcConfig.securityGroupIds" },
];

const IN_VPC: readonly Holder[] = [
  { type: "aws:ec2/subnet:Subnet", by: "vpcId" },
  { type: "aws:ec2/internetGateway:InternetGateway", by: "vpcId" },
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", by: "vpcId" },
  { type: "aws:ec2/routeTable:RouteTable", by: "vpcId" },
  { type: "aws:ec2/securityGroup:SecurityGroup", by: "vpcId" },
];

const names = (value: unknown, wanted: string): boolean =>
  Array.isArray(value) ? value.includes(wanted) : value === wanted;

/** The resources of these kinds that name it. */
export const holders = (cloud: Cloud, kinds: readonly Holder[], wanted: string): CloudResource[] =>
  kinds.flatMap(({ type, by }) => cloud.all(type).filter(({ values }) => names(at(values, by), wanted)));

const refusal = (what: string, id: string, held: readonly CloudResource[]): string | undefined =>
  held.length === 0
    ? undefined
    : `DependencyViolation: The ${what} '${id}' has dependencies and cannot be deleted (${held.map((one) => one.id).join(", ")}).`;

export const subnetInUse = (id: string, cloud: Cloud): string | undefined =>
  refusal("subnet", id, [
    ...holders(cloud, IN_SUBNETS, id),
    ...THROUGH_GROUPS.flatMap(({ group, holder }) =>
      holders(cloud, [group], id).flatMap(({ values }) => holders(cloud, [holder], String(values.name))),
    ),
  ]);

export const vpcInUse = (id: string, cloud: Cloud): string | undefined =>
  refusal("vpc", id, holders(cloud, IN_VPC, id));

/** Rules of other groups that name the group hold it as well. */
export const securityGroupInUse = (id: string, cloud: Cloud): string | undefined =>
  refusal("security group", id, [
    ...holders(cloud, WITH_SECURITY_GROUPS, id),
    ...holders(
      cloud,
      ["Ingress", "Egress"].map((way) => ({
        type: `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
        by: "referencedSecurityGroupId",
      })),
      id,
    ).filter(({ values }) => values.securityGroupId !== id),
  ]);

export const routeTableInUse = (id: string, cloud: Cloud): string | undefined =>
  refusal(
    "routeTable",
    id,
    holders(cloud, [{ type: "aws:ec2/routeTableAssociation:RouteTableAssociation", by: "routeTableId" }], id),
  );

/** NAT gateways that use an address. */
export const addressHolders = (allocationId: string, cloud: Cloud): CloudResource[] =>
  holders(cloud, [{ type: "aws:ec2/natGateway:NatGateway", by: "allocationId" }], allocationId);

import { createHash } from "node:crypto";
import { type Refusal, type ResourceModel, text, type Values } from "../../model";
import { exactlyOne } from "../oneOf";
import { routeTableInUse } from "./inUse";

const TABLE = "aws:ec2/routeTable:RouteTable";

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
];

const destinationOf = (inputs: Values): string => DESTINATIONS.map((name) => text(inputs[name])).join("");

/** The provider takes one destination and one target. */
const wrongRoute = (inputs: Values): Refusal[] => [...exactlyOne(inputs, DESTINATIONS), ...exactlyOne(inputs, TARGETS)];

/** Route tables, their routes, and which subnets use them. */
export const routes: readonly ResourceModel[] = [
  {
    type: TABLE,
    replaces: ["vpcId"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_route_table.go",
    published: { type: "AWS::EC2::RouteTable" },
    references: { vpcId: { types: ["aws:ec2/vpc:Vpc"] } },
    seconds: { create: 1, delete: 1 },
    id: (_inputs, { hex }) => `rtb-${hex(17)}`,
    outputs: (_inputs, { arn, account, hex }) => ({
      arn: arn("ec2", `route-table/rtb-${hex(17)}`),
      ownerId: account,
    }),
    refuseDelete: ({ id }, cloud) => routeTableInUse(id, cloud),
  },
  {
    type: "aws:ec2/route:Route",
    replaces: ["routeTableId", ...DESTINATIONS],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_route.go",
    published: { type: "AWS::EC2::Route", names: { egressOnlyGatewayId: "EgressOnlyInternetGatewayId" } },
    references: {
      routeTableId: { types: [TABLE] },
      gatewayId: { types: ["aws:ec2/internetGateway:InternetGateway"] },
      natGatewayId: { types: ["aws:ec2/natGateway:NatGateway"] },
    },
    seconds: { create: 1, delete: 1 },
    unique: (inputs) => (text(inputs.routeTableId) ? `${inputs.routeTableId} ${destinationOf(inputs)}` : undefined),
    check: wrongRoute,
    id: (inputs) => {
      const digest = createHash("sha256").update(destinationOf(inputs)).digest().readUInt32BE(0);
      return `r-${text(inputs.routeTableId)}${digest}`;
    },
    outputs: () => ({ origin: "CreateRoute", state: "active" }),
  },
  {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    replaces: ["gatewayId", "subnetId"],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_route_table_association.go",
    published: { type: "AWS::EC2::SubnetRouteTableAssociation", names: { gatewayId: false } },
    references: {
      routeTableId: { types: [TABLE] },
      subnetId: { types: ["aws:ec2/subnet:Subnet"] },
    },
    seconds: { create: 1, delete: 1 },
    unique: ({ subnetId }) => text(subnetId) || undefined,
    check: (inputs) => exactlyOne(inputs, ["subnetId", "gatewayId"]),
    id: (_inputs, { hex }) => `rtbassoc-${hex(17)}`,
    outputs: () => ({}),
  },
];

import type { Refusal, ResourceModel, Values } from "../../model";
import { exactlyOne } from "../oneOf";

const WATCHED = [
  "vpcId",
  "subnetId",
  "eniId",
  "transitGatewayId",
  "transitGatewayAttachmentId",
  "regionalNatGatewayId",
];

/** The line that AWS writes for each flow where no other is asked for. */
const DEFAULT_FORMAT =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
    .split(" ")
    .map((name) => `\${${name}}`)
    .join(" ");

/** CloudWatch Logs is where they go unless told otherwise, and it needs a role. */
function withoutRole({ logDestinationType, iamRoleArn, deliverCrossAccountRole }: Values): Refusal[] {
  const toLogs = logDestinationType === undefined || logDestinationType === "cloud-watch-logs";
  if (!toLogs || iamRoleArn !== undefined || deliverCrossAccountRole !== undefined) return [];
  return [{ property: "iamRoleArn", reason: "InvalidParameter: CloudWatch Logs needs a role that may write into it" }];
}

const wrongInterval = ({ maxAggregationInterval: seconds }: Values): Refusal[] =>
  typeof seconds === "number" && seconds !== 60 && seconds !== 600
    ? [{ property: "maxAggregationInterval", reason: "must be 60 or 600 seconds" }]
    : [];

/** Logs of the traffic in a VPC. Nothing of a flow log can be changed but its tags. */
export const flowLogs: readonly ResourceModel[] = [
  {
    type: "aws:ec2/flowLog:FlowLog",
    replaces: [
      ...WATCHED,
      "deliverCrossAccountRole",
      "destinationOptions",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "trafficType",
    ],
    source: "hashicorp/terraform-provider-aws internal/service/ec2/vpc_flow_log.go",
    published: {
      type: "AWS::EC2::FlowLog",
      names: {
        iamRoleArn: "DeliverLogsPermissionArn",
        ...Object.fromEntries(WATCHED.map((name) => [name, false] as const)),
      },
    },
    references: {
      vpcId: { types: ["aws:ec2/vpc:Vpc"] },
      subnetId: { types: ["aws:ec2/subnet:Subnet"] },
      iamRoleArn: { types: ["aws:iam/role:Role"], by: "arn" },
      logDestination: { types: ["aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucket:Bucket"], by: "arn" },
    },
    seconds: { create: 2, delete: 1 },
    check: (inputs) => [...exactlyOne(inputs, WATCHED), ...withoutRole(inputs), ...wrongInterval(inputs)],
    id: (_inputs, { hex }) => `fl-${hex(17)}`,
    outputs: (inputs, { arn, hex }) => ({
      arn: arn("ec2", `vpc-flow-log/fl-${hex(17)}`),
      logDestinationType: inputs.logDestinationType ?? "cloud-watch-logs",
      logFormat: inputs.logFormat ?? DEFAULT_FORMAT,
      maxAggregationInterval: inputs.maxAggregationInterval ?? 600,
    }),
  },
];

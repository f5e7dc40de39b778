import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument, trustOf } from "../aws/policyDocument";
import { EncryptionKey } from "../encryption/key";
import { encryptedLogGroup, type RetentionDays } from "../encryption/logGroup";
import { type Transform, transformed } from "../transform";
import { nameTag } from "./nameTag";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  readonly days: RetentionDays | undefined;
  readonly deletionProtection: boolean;
  readonly transform: { readonly flowLog?: Transform<aws.ec2.FlowLogArgs> };
}

/** A line for each flow of packets that was let through or refused, in an encrypted log group. */
export function makeFlowLogs(name: string, args: FlowLogsArgs, parent: pulumi.Resource): void {
  const { accountId, region, deletionProtection } = args;
  const key = new EncryptionKey(
    `${name}-logs`,
    { purpose: `${name}-logs`, accountId, region, services: ["logs"], deletionProtection },
    { parent },
  );
  const group = encryptedLogGroup(
    `${name}-flow-logs`,
    {
      logGroupName: `/aws/vpc/${physicalName("logGroup", `${name}-flow-logs`)}`,
      keyArn: key.arn,
      ...(args.days === undefined ? {} : { retentionDays: args.days }),
    },
    { parent },
  );
  const { role, policy } = makeWriter(name, args, group, parent);
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    transformed(
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        // Ten minutes; one minute costs several times the lines.
        maxAggregationInterval: 600,
        tags: nameTag(name),
      },
      args.transform.flowLog,
    ),
    { parent, dependsOn: [policy] },
  );
}

/** The role that flow logs of this account take on to write into this group, and into no other. */
function makeWriter(
  name: string,
  { accountId, region }: FlowLogsArgs,
  group: aws.cloudwatch.LogGroup,
  parent: pulumi.Resource,
) {
  const role = new aws.iam.Role(
    `${name}-flow-logs-role`,
    {
      name: physicalName("iamRole", `${name}-flow-logs`),
      assumeRolePolicy: trustOf("vpc-flow-logs.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*` },
      }),
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-logs-policy`,
    {
      name: "write-flow-logs",
      role: role.name,
      policy: policyDocument(
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
        },
        {
          Effect: "Allow",
          Action: "logs:DescribeLogGroups",
          Resource: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:*`,
        },
      ),
    },
    { parent: role },
  );
  return { role, policy };
}

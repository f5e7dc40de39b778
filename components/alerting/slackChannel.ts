import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument, trustOf } from "../aws/policyDocument";

export interface SlackChannel {
  /** Begins with `T`. */
  readonly workspaceId: string;
  /** Begins with `C`, or with `G` for a private one. */
  readonly channelId: string;
}

/** What the channel may do at most, whatever its role says; without it AWS would allow everything. */
const GUARDRAIL = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess";

/** Tells a Slack channel of the messages of these topics. Its role can read alarms and metrics, so that messages show a graph. */
export function slackChannel(
  name: string,
  { workspaceId, channelId }: SlackChannel,
  topicArns: pulumi.Input<string>[],
  parent: pulumi.Resource,
): aws.chatbot.SlackChannelConfiguration {
  const role = new aws.iam.Role(
    `${name}-role`,
    { name: physicalName("iamRole", "chat"), assumeRolePolicy: trustOf("chatbot.amazonaws.com") },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      name: "look-at-alarms",
      role: role.name,
      policy: policyDocument({
        Effect: "Allow",
        Action: ["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"],
        Resource: "*",
      }),
    },
    { parent },
  );
  return new aws.chatbot.SlackChannelConfiguration(
    `${name}-channel`,
    {
      configurationName: physicalName("eksCluster", "alerts"),
      slackTeamId: workspaceId,
      slackChannelId: channelId,
      iamRoleArn: role.arn,
      guardrailPolicyArns: [GUARDRAIL],
      snsTopicArns: topicArns,
      loggingLevel: "ERROR",
    },
    { parent },
  );
}

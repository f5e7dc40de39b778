import { type ResourceModel, text } from "../model";

/** Chat channels that are told of topics (Amazon Q Developer in chat applications, once AWS Chatbot). */
export const chatbot: readonly ResourceModel[] = [
  {
    type: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    // The provider asks for no replacement; AWS itself can change everything but the name in place.
    replaces: [],
    source: "hashicorp/terraform-provider-aws internal/service/chatbot/slack_channel_configuration.go",
    published: {
      type: "AWS::Chatbot::SlackChannelConfiguration",
      names: {
        guardrailPolicyArns: "GuardrailPolicies",
        slackTeamId: "SlackWorkspaceId",
        userAuthorizationRequired: "UserRoleRequired",
      },
    },
    references: {
      iamRoleArn: { types: ["aws:iam/role:Role"], by: "arn" },
      snsTopicArns: { types: ["aws:sns/topic:Topic"], by: "arn" },
    },
    // The provider looks for the first time after 30 seconds.
    seconds: { create: 35, update: 35, delete: 35 },
    unique: ({ slackTeamId, slackChannelId }) =>
      text(slackTeamId) && text(slackChannelId) ? `${slackTeamId}/${slackChannelId}` : undefined,
    id: ({ configurationName }, { account }) =>
      `arn:aws:chatbot::${account}:chat-configuration/slack-channel/${text(configurationName)}`,
    outputs: ({ configurationName, loggingLevel }, { account }) => ({
      chatConfigurationArn: `arn:aws:chatbot::${account}:chat-configuration/slack-channel/${text(configurationName)}`,
      slackChannelName: "rehearsal",
      slackTeamName: "rehearsal",
      loggingLevel: loggingLevel ?? "NONE",
    }),
  },
];

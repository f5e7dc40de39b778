import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { refusedPolicy } from "./policyDocument";

/** Simple Notification Service. */

const SOURCE = "hashicorp/terraform-provider-aws internal/service/sns";
const TOPIC = "aws:sns/topic:Topic";

const PROTOCOLS: Readonly<Record<string, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  http: /^http:\/\/\S+$/,
  https: /^https:\/\/\S+$/,
  sqs: /^arn:/,
  lambda: /^arn:/,
  firehose: /^arn:/,
  application: /^arn:/,
  sms: /^\+?\d+$/,
};

function wrongEndpoint({ protocol, endpoint }: Values): Refusal[] {
  if (protocol === UNKNOWN) return [];
  const shape = PROTOCOLS[text(protocol)];
  if (shape === undefined)
    return [{ property: "protocol", reason: `expected one of ${Object.keys(PROTOCOLS).join(", ")}` }];
  if (endpoint === UNKNOWN || shape.test(text(endpoint))) return [];
  return [
    {
      property: "endpoint",
      reason: `InvalidParameter: Invalid parameter: ${text(protocol)} endpoint ${text(endpoint)}`,
    },
  ];
}

/** People confirm by a link; the provider does not wait for them. */
const waitsForPeople = (protocol: unknown): boolean => /^(email|http)/.test(text(protocol));

export const sns: readonly ResourceModel[] = [
  {
    type: TOPIC,
    replaces: ["name", "namePrefix", "fifoTopic"],
    source: `${SOURCE}/topic.go`,
    published: {
      type: "AWS::SNS::Topic",
      names: {
        name: "TopicName",
        namePrefix: false,
        kmsMasterKeyId: "KmsMasterKeyId",
        policy: false,
        signatureVersion: false,
      },
    },
    references: { kmsMasterKeyId: { types: ["aws:kms/key:Key"], by: "arn" } },
    autonamed: { property: "name", limit: 256 },
    seconds: { create: 2, update: 2, delete: 1 },
    unique: (inputs, { region }) => (text(inputs.name) ? `${region} ${inputs.name}` : undefined),
    check: ({ name, fifoTopic }) =>
      text(name) !== "" && !/^[A-Za-z0-9_-]{1,256}(\.fifo)?$/.test(text(name))
        ? [{ property: "name", reason: "holds letters, digits, hyphens and underscores only" }]
        : fifoTopic === true && !text(name).endsWith(".fifo")
          ? [{ property: "name", reason: "of a FIFO topic ends in .fifo" }]
          : [],
    id: (inputs, { arn }) => arn("sns", text(inputs.name)),
    outputs: (inputs, { arn, account }) => ({
      arn: arn("sns", text(inputs.name)),
      owner: account,
      signatureVersion: inputs.signatureVersion ?? 0,
      tracingConfig: inputs.tracingConfig ?? "",
      beginningArchiveTime: "",
    }),
  },
  {
    type: "aws:sns/topicPolicy:TopicPolicy",
    replaces: ["arn"],
    source: `${SOURCE}/topic_policy.go`,
    references: { arn: { types: [TOPIC], by: "arn" } },
    seconds: { create: 1, update: 1, delete: 1 },
    unique: ({ arn }) => (typeof arn === "string" ? arn : undefined),
    check: ({ policy }) => refusedPolicy("policy", policy, "resource"),
    id: ({ arn }) => text(arn),
    outputs: (_inputs, { account }) => ({ owner: account }),
  },
  {
    type: "aws:sns/topicSubscription:TopicSubscription",
    replaces: ["endpoint", "protocol", "topic"],
    source: `${SOURCE}/topic_subscription.go`,
    published: { type: "AWS::SNS::Subscription", names: { topic: "TopicArn" } },
    references: { topic: { types: [TOPIC], by: "arn" } },
    seconds: { create: 1, update: 1, delete: 1 },
    check: wrongEndpoint,
    id: ({ topic }, { hex }) =>
      `${text(topic)}:${[8, 4, 4, 4, 12].map((digits, part) => hex(digits, `part${part}`)).join("-")}`,
    outputs: ({ topic, protocol, filterPolicyScope }, { hex, account }) => ({
      arn: `${text(topic)}:${[8, 4, 4, 4, 12].map((digits, part) => hex(digits, `part${part}`)).join("-")}`,
      ownerId: account,
      pendingConfirmation: waitsForPeople(protocol),
      confirmationWasAuthenticated: !waitsForPeople(protocol),
      filterPolicyScope: filterPolicyScope ?? "",
    }),
  },
];

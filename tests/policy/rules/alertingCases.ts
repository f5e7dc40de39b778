import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, propertyCases, resource } from "./cases";
import { privateDocumentCases } from "./keyCases";
import { caseOf, casesWith } from "./oneCase";

type References = Readonly<Record<string, StackResource>>;
const topic = (kmsMasterKeyId: Value | undefined, more: Readonly<Record<string, Value>> = {}) =>
  resource("aws:sns/topic:Topic", { ...(kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId }), ...more }, "topic");
const policyOf = (of: StackResource) =>
  resource("aws:sns/topicPolicy:TopicPolicy", { arn: UNKNOWN }, "policy", { refers: { arn: of } });
const cache = (refers: References, notificationTopicArn: Value = UNKNOWN) =>
  resource("aws:elasticache/replicationGroup:ReplicationGroup", { notificationTopicArn }, "cache", { refers });
const plain = topic(undefined, { arn: "arn:topic" });

const KEY: readonly Case[] = [
  ...propertyCases(topic("alias/own"), ["kmsMasterKeyId"], {
    absent: "violated",
    unknown: "passes",
    secret: "passes",
    values: {
      "an empty text": ["", "violated"],
      "the key that AWS manages": ["alias/aws/sns", "violated"],
      "its ARN": ["arn:aws:kms:us-east-1:123456789012:alias/aws/sns", "violated"],
    },
  }),
  caseOf("pass", "the topic of the cache's events", [plain, cache({ notificationTopicArn: plain })]),
  caseOf("pass", "that topic by the ARN of its policy", [
    plain,
    policyOf(plain),
    cache({ notificationTopicArn: policyOf(plain) }),
  ]),
  caseOf("pass", "that topic by plain text", [plain, cache({}, "arn:topic")]),
  caseOf("fail", "a cache that tells another topic", [plain, cache({}, "arn:other")], "violated"),
  caseOf("fail", "a cache that may tell any topic", [plain, cache({})], "violated"),
  caseOf(
    "wrong type",
    "the topic of the cache with a key that is a number",
    [topic(7), cache({ notificationTopicArn: topic(7) })],
    "violated",
  ),
  { ...caseOf("secret", "a secret key", topic(new Secret("alias/aws/sns")), "violated"), hides: ["alias/aws/sns"] },
];

const subscription = resource("aws:sns/topicSubscription:TopicSubscription", { protocol: "https" });

const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
  actionsEnabled: true,
  alarmActions: [UNKNOWN],
  treatMissingData: "breaching",
});
const one = casesWith(alarm);

export const CASES: Cases = {
  "sns-cmk": KEY,
  "sns-policy-private": [
    ...privateDocumentCases(resource("aws:sns/topicPolicy:TopicPolicy", { policy: "" }), "policy"),
    ...privateDocumentCases(resource("aws:sns/topic:Topic", { policy: "" }), "policy"),
    ...propertyCases(subscription, ["protocol"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: { HTTP: ["http", "violated"], "HTTP in capitals": ["HTTP", "violated"], mail: ["email", "passes"] },
    }),
  ],
  "alarm-actionable": [
    ...propertyCases(alarm, ["actionsEnabled"], {
      absent: "passes",
      false: "violated",
      true: "passes",
      unknown: "unverified",
      secret: "passes",
    }),
    ...propertyCases(alarm, ["alarmActions"], {
      absent: "violated",
      unknown: "passes",
      secret: "passes",
      values: { "an empty list": [[], "violated"], "a text": ["arn:topic", "violated"] },
    }),
    ...propertyCases(alarm, ["treatMissingData"], {
      absent: "violated",
      unknown: "unverified",
      secret: "passes",
      values: {
        notBreaching: ["notBreaching", "passes"],
        ignore: ["ignore", "passes"],
        missing: ["missing", "passes"],
        "another word": ["fine", "violated"],
      },
    }),
    one(
      "fail",
      "all three",
      { actionsEnabled: false, alarmActions: [], treatMissingData: null },
      "violated",
      "violated",
      "violated",
    ),
    caseOf(
      "pass",
      "an alarm made of others",
      resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", { alarmActions: ["arn"] }),
    ),
    caseOf(
      "fail",
      "an alarm made of others, without an action",
      resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", {}),
      "violated",
    ),
  ],
};

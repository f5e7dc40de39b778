import type { StackResource } from "../../../policy/reading/stackView";
import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, resource } from "./cases";
import { caseOf } from "./oneCase";

type References = Readonly<Record<string, StackResource | readonly StackResource[]>>;
const made = (type: string, name: string, refers: References = {}, props: Value = {}) =>
  resource(type, props, name, { refers });

const CLOUDWATCH = { Service: "cloudwatch.amazonaws.com" };
const allow = (more: Readonly<Record<string, Value>>): Value => ({ Effect: "Allow", Principal: CLOUDWATCH, ...more });
const document = (...statements: readonly Value[]): Value => JSON.stringify({ Statement: statements });
const PUBLISH = document(allow({ Action: "sns:Publish" }));
const USE = document(allow({ Action: ["kms:Decrypt", "kms:GenerateDataKey*"] }));

const key = (policy: Value = USE) => made("aws:kms/key:Key", "key", {}, { policy });
const topic = (more: Readonly<Record<string, Value>> = {}, by: References = { kmsMasterKeyId: key() }) =>
  made("aws:sns/topic:Topic", "topic", by, { kmsMasterKeyId: UNKNOWN, arn: "arn:topic", ...more });
const policy = (text: Value = PUBLISH, of: References = { arn: topic() }) =>
  made("aws:sns/topicPolicy:TopicPolicy", "policy", of, { arn: UNKNOWN, policy: text });
const alarm = (refers: References = { alarmActions: policy() }, alarmActions: Value = [UNKNOWN]) =>
  made("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", refers, { alarmActions });

const all = (keyText?: Value, policyText?: Value) => [alarm(), topic(), policy(policyText), key(keyText)];
/** Cases of a statement in the policy of the topic. */
const statement = (kind: Case["kind"], title: string, text: Value, ...verdicts: Case["verdicts"]): Case =>
  caseOf(kind, `topic: ${title}`, all(USE, text), ...verdicts);
const publish = (more: Readonly<Record<string, Value>>): Value => document(allow({ Action: "sns:Publish", ...more }));
const open = (more: Readonly<Record<string, Value>>): Value => ({
  Statement: [allow({ Action: "sns:Publish", ...more })],
});
const from = (arn: Value): Value => ({ ArnLike: { "aws:SourceArn": arn } });

const plainTopic = topic({ kmsMasterKeyId: null }, {});

const PATH: readonly Case[] = [
  caseOf("pass", "all of it", all()),
  caseOf("pass", "by the topic's own ARN", [alarm({ alarmActions: topic() }), topic(), policy(), key()]),
  caseOf("pass", "by plain texts", [
    alarm({}, ["arn:topic"]),
    topic({ kmsMasterKeyId: "key-1" }, {}),
    { ...policy(PUBLISH, {}), props: { arn: "arn:topic", policy: PUBLISH } },
    made("aws:kms/key:Key", "key", {}, { id: "key-1", policy: USE }),
  ]),
  caseOf("pass", "a topic without a policy", [alarm({ alarmActions: topic() }), topic(), key()]),
  caseOf("pass", "a topic without a key", [alarm({ alarmActions: plainTopic }), plainTopic]),
  caseOf("pass", "a topic that no alarm speaks to", [topic(), policy(document()), key(document())]),
  caseOf("pass", "an alarm without an action", [alarm({}, [])]),
  caseOf("absent", "an alarm that has none", [alarm({}, null)]),
  caseOf("wrong type", "an action that is no text", [alarm({}, [true])], "unverified"),
  caseOf("wrong type", "a policy that is no document", all(USE, "x"), "violated"),
  caseOf("fail", "two alarms, told once", [...all(document()), { ...alarm(), urn: "second" }], "violated"),
  caseOf(
    "fail",
    "a composite alarm",
    [
      made(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "alarm",
        { alarmActions: topic() },
        { alarmActions: [UNKNOWN] },
      ),
      topic(),
      policy(document()),
      key(),
    ],
    "violated",
  ),
  { ...statement("fail", "nothing allowed", document(), "violated"), says: ["policy does not let CloudWatch publish"] },
  statement("fail", "another service", publish({ Principal: { Service: "events.amazonaws.com" } }), "violated"),
  statement("fail", "another action", document(allow({ Action: "sns:Subscribe" })), "violated"),
  statement("fail", "a denial", publish({ Effect: "Deny" }), "violated"),
  statement("fail", "no effect", document({ Principal: CLOUDWATCH, Action: "sns:Publish" }), "violated"),
  statement("fail", "the ARN of something else", publish({ Condition: from("arn:aws:s3:::bucket") }), "violated"),
  statement(
    "pass",
    "the ARN of alarms",
    publish({ Condition: from("arn:aws:cloudwatch:us-east-1:123456789012:alarm:*") }),
  ),
  statement(
    "pass",
    "the ARN of alarms in any partition and place",
    publish({ Condition: from("arn:*:*:us-east-1:*") }),
  ),
  statement("pass", "any ARN", publish({ Condition: from(["arn:aws:s3:::b", "*"]) })),
  statement("pass", "everybody", publish({ Principal: "*" })),
  statement("pass", "every account", publish({ Principal: { AWS: "*" } })),
  statement("pass", "every action", document(allow({ Action: "sns:*" }))),
  statement(
    "pass",
    "the second statement",
    document(allow({ Action: "sns:Subscribe" }), allow({ Action: "sns:Publish" })),
  ),
  statement("secret", "a secret policy", new Secret(document()), "violated"),
  statement("unknown", "the policy", UNKNOWN, "unverified"),
  statement("unknown", "a principal", open({ Principal: { Service: UNKNOWN } }), "unverified"),
  statement("unknown", "an action", open({ Action: UNKNOWN }), "unverified"),
  statement("unknown", "an effect", open({ Effect: UNKNOWN }), "unverified"),
  statement("unknown", "the source", open({ Condition: from(UNKNOWN) }), "unverified"),
  statement(
    "unknown",
    "the source, of another service",
    open({ Principal: { Service: "x" }, Condition: from(UNKNOWN) }),
    "violated",
  ),
  statement(
    "unknown",
    "the source, of another action",
    open({ Action: "sns:Subscribe", Condition: from(UNKNOWN) }),
    "violated",
  ),
  statement(
    "unknown",
    "a principal, for another source",
    open({ Principal: { Service: UNKNOWN }, Condition: from("arn:aws:s3:::b") }),
    "violated",
  ),
  caseOf(
    "fail",
    "the topic's own policy",
    [alarm({ alarmActions: topic() }), topic({ policy: document() }), key()],
    "violated",
  ),
  caseOf("pass", "the topic's own policy that admits", [
    alarm({ alarmActions: topic() }),
    topic({ policy: PUBLISH }),
    key(),
  ]),
  { ...caseOf("fail", "key: nothing allowed", all(document()), "violated"), says: ["key does not let CloudWatch use"] },
  caseOf("fail", "key: one action of two", all(document(allow({ Action: "kms:Decrypt" }))), "violated"),
  caseOf("fail", "key: the other action", all(document(allow({ Action: "kms:GenerateDataKey*" }))), "violated"),
  caseOf("unknown", "key: the policy", all(UNKNOWN), "unverified"),
  caseOf("absent", "key: no policy", all(null), "violated"),
  caseOf(
    "fail",
    "key: by its alias",
    [
      alarm({ alarmActions: topic() }),
      topic({}, { kmsMasterKeyId: made("aws:kms/alias:Alias", "alias", { targetKeyId: key() }) }),
      made("aws:kms/alias:Alias", "alias", { targetKeyId: key() }),
      key(document()),
    ],
    "violated",
  ),
  {
    ...caseOf(
      "fail",
      "key: that of AWS",
      [alarm({}, ["arn:topic"]), topic({ kmsMasterKeyId: "alias/aws/sns" }, {})],
      "violated",
    ),
    says: ["the key that AWS manages"],
  },
  {
    ...caseOf(
      "unknown",
      "key: without a source",
      [alarm({ alarmActions: topic({}, {}) }), topic({}, {})],
      "unverified",
    ),
    says: ["The key of topic is not"],
  },
  {
    ...caseOf(
      "unknown",
      "key: of another stack",
      [alarm({}, ["arn:topic"]), topic({ kmsMasterKeyId: "key-9" }, {})],
      "unverified",
    ),
    says: ["outside the stack"],
  },
  {
    ...caseOf("unknown", "a topic of another stack", [alarm({}, ["arn:other"])], "unverified"),
    says: ["outside the stack"],
    hides: ["arn:other"],
  },
  { ...caseOf("unknown", "a topic without a source", [alarm({})], "unverified"), says: ["Where alarm speaks to"] },
];

const subscription = (refers: References, named: Value = UNKNOWN) =>
  made("aws:sns/topicSubscription:TopicSubscription", "mail", refers, { topic: named });
const chat = (kind: string, refers: References) =>
  made(`aws:chatbot/${kind}`, "chat", refers, { snsTopicArns: [UNKNOWN] });
const SLACK = "slackChannelConfiguration:SlackChannelConfiguration";
const TEAMS = "teamsChannelConfiguration:TeamsChannelConfiguration";
const otherTopic = made("aws:sns/topic:Topic", "other", {}, { arn: "arn:other" });
const heard = (...listeners: readonly StackResource[]) => [alarm(), topic(), policy(), otherTopic, ...listeners];

const RECIPIENTS: readonly Case[] = [
  caseOf("pass", "a subscription", heard(subscription({ topic: topic() }))),
  caseOf("pass", "a subscription by plain text", heard(subscription({}, "arn:topic"))),
  caseOf("pass", "Slack, by the ARN of the policy", heard(chat(SLACK, { snsTopicArns: [otherTopic, policy()] }))),
  caseOf("pass", "Teams", heard(chat(TEAMS, { snsTopicArns: topic() }))),
  caseOf("pass", "a topic that no alarm speaks to", [otherTopic]),
  { ...caseOf("fail", "nobody", heard(), "violated"), says: ["Nobody hears of topic"] },
  caseOf("fail", "a subscription of another topic", heard(subscription({ topic: otherTopic })), "violated"),
  caseOf("absent", "a subscription without a topic", heard(subscription({}, null)), "violated"),
  caseOf("wrong type", "a subscription of a number", heard(subscription({}, 7)), "violated"),
  {
    ...caseOf("unknown", "a subscription without a source", heard(subscription({})), "unverified"),
    says: ["topic or another"],
  },
  caseOf("secret", "a secret topic", heard(subscription({}, new Secret("arn:topic")))),
];

export const CASES: Cases = { "alert-path-complete": PATH, "alert-recipients": RECIPIENTS };

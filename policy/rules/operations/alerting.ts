import { mustHaveItems } from "../../checks/content";
import { mustNotAdmitEverybody } from "../../checks/document";
import { type Judgements, mustBeOneOf, mustNotBeFalse, unverified, violated } from "../../checks/property";
import { readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";
import { TOPIC, TOPIC_POLICY, topicsOf } from "./topics";

const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/** ElastiCache cannot publish into a topic that is encrypted, so the topic of its events has no key. */
const tellsOfCache = (stack: StackView, topic: StackResource): boolean =>
  stack.ofType(CACHE).some((cache) => topicsOf(stack, cache, "notificationTopicArn").found.includes(topic));

function judgeKey(stack: StackView, topic: StackResource): Judgements {
  const { name, urn, props } = topic;
  const key = readText(props, "kmsMasterKeyId");
  if (key.state === "unknown") return [];
  const own = key.state === "known" && key.value !== "" && !key.value.endsWith("alias/aws/sns");
  if (own || (key.state !== "mistyped" && tellsOfCache(stack, topic))) return [];
  return violated(`${name} is not encrypted with a key of the stack: \`kmsMasterKeyId\`.`, urn);
}

const snsCmk: StackRule = {
  scope: "stack",
  name: "sns-cmk",
  description: "Every topic is encrypted with a key of the stack, but for that of the cache's events.",
  why: "Alerts tell of weak spots. And no alarm can publish into a topic with the key that AWS manages: it would be lost without a trace.",
  remedy: "Set `kmsMasterKeyId` to a key whose policy lets the publishers use it (`EncryptionKey`).",
  ids: ["SNS.1", "CKV_AWS_26"],
  levels: ALWAYS,
  check: (stack) => stack.ofType(TOPIC).flatMap((topic) => judgeKey(stack, topic)),
};

const snsPolicyPrivate: ResourceRule = {
  scope: "resource",
  name: "sns-policy-private",
  description: "No topic is open to everybody, and none sends its messages over plain HTTP.",
  why: "Whoever may publish can raise false alarms or drown real ones; whoever reads plain HTTP on the way learns what is weak.",
  remedy: "Name the services that publish, with `aws:SourceAccount`, and subscribe HTTPS addresses.",
  ids: ["SNS.4", "CKV_AWS_169", "CKV_AWS_385", "CIS-AWS 2.21"],
  levels: ALWAYS,
  types: [TOPIC, TOPIC_POLICY, SUBSCRIPTION],
  check: ({ type, props }) => {
    if (type !== SUBSCRIPTION) return mustNotAdmitEverybody(props, "policy");
    const protocol = readText(props, "protocol");
    if (protocol.state === "unknown") return unverified("`protocol`");
    const sound = protocol.state === "known" && protocol.value.toLowerCase() !== "http";
    return sound ? [] : violated("`protocol` must be one that encrypts, such as https or email.");
  },
};

/** What an alarm may make of a time without data. Left out it is `missing`, which nobody has thought about then. */
const TREATMENTS = ["breaching", "notBreaching", "ignore", "missing"];

const alarmActionable: ResourceRule = {
  scope: "resource",
  name: "alarm-actionable",
  description: "Every alarm tells somebody, and says what silence means.",
  why: "An alarm without an action is a picture on a page; and a machine that is gone sends no data, which must not count as health by oversight.",
  remedy: "Set `alarmActions` to a topic and `treatMissingData`, and leave `actionsEnabled` out.",
  ids: ["CloudWatch.15", "CloudWatch.17", "CKV_AWS_319", "S3-38", "C-35"],
  levels: FROM_ENTERPRISE,
  types: [METRIC_ALARM, COMPOSITE_ALARM],
  check: ({ type, props }) => [
    ...mustNotBeFalse(props, "actionsEnabled"),
    ...mustHaveItems(props, "alarmActions"),
    // An alarm made of others has no data of its own.
    ...(type === COMPOSITE_ALARM ? [] : mustBeOneOf(TREATMENTS, props, "treatMissingData")),
  ],
};

/** What is asked of alarms and topics. */
export const alertingRules: readonly Rule[] = [snsCmk, snsPolicyPrivate, alarmActionable];

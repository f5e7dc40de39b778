import type { Answer } from "../../checks/answer";
import { type Judgements, shown, unverified, violated } from "../../checks/property";
import { conditionTexts, coversAction, readStatements, type Statement } from "../../reading/document";
import { readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { pointingTo, targetsOf } from "../stack/targets";
import { TOPIC_POLICY, topicsOf } from "./topics";

const ALARMS = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"];
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
const PUBLISHER = "cloudwatch.amazonaws.com";

/** Those who hear of a topic: a type, and the input that names the topic. */
const LISTENERS: readonly (readonly [type: string, property: string])[] = [
  ["aws:sns/topicSubscription:TopicSubscription", "topic"],
  ["aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "snsTopicArns"],
  ["aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration", "snsTopicArns"],
];

/** The topics that the alarms of a stack speak to. */
function alarmTopics(stack: StackView): readonly StackResource[] {
  const found = stack.ofType(...ALARMS).flatMap((alarm) => topicsOf(stack, alarm, "alarmActions").found);
  return [...new Set(found)];
}

/** Alarms that speak to nothing which can be seen from here. One without any action is the affair of another rule. */
function judgeAlarm(stack: StackView, alarm: StackResource): Judgements {
  const { rest } = topicsOf(stack, alarm, "alarmActions");
  if (rest === "none") return [];
  if (rest === "unknown") return unverified(`Where ${alarm.name} speaks to is`, alarm.urn);
  const message = `${alarm.name} speaks to a topic outside the stack: who hears of it cannot be seen from here.`;
  return [{ verdict: "unverified", message, urn: alarm.urn }];
}

/** Whether a statement lets CloudWatch do all of these, for alarms. */
function admits(statement: Statement, actions: readonly string[]): Answer {
  const { effect, principals } = statement;
  if (effect.state === "known" && effect.value !== "Allow") return "no";
  const named = principals.texts.some((text) => ["*", "AWS:*", `Service:${PUBLISHER}`].includes(text));
  const covered = actions.every((action) => statement.actions.texts.some((pattern) => coversAction(pattern, action)));
  const sources = conditionTexts(statement, "aws:SourceArn");
  const fits = sources.texts.length === 0 || sources.texts.some((arn) => /^\*$|^arn:[^:]*:(cloudwatch|\*):/.test(arn));
  if (named && covered && fits && sources.complete && effect.state === "known") return "yes";
  const open = [principals, statement.actions, sources].some(({ complete }) => !complete) || effect.state === "unknown";
  const possible =
    (named || !principals.complete) && (covered || !statement.actions.complete) && (fits || !sources.complete);
  return open && possible ? "unknown" : "no";
}

/** Judges whether the policy of a topic or key lets CloudWatch in. */
function mustAdmit(holder: StackResource, actions: readonly string[], message: string): Judgements {
  const statements = readStatements(holder.props, "policy");
  if (statements.state === "unknown") return unverified(`${shown(["policy"])} of ${holder.name} is`, holder.urn);
  const answers = statements.state === "known" ? statements.value.map((statement) => admits(statement, actions)) : [];
  if (answers.includes("yes")) return [];
  if (answers.includes("unknown")) return unverified(`${shown(["policy"])} of ${holder.name} is`, holder.urn);
  return violated(`${holder.name} ${message}`, holder.urn);
}

const PUBLISH = ["sns:Publish"];
const USE_KEY = ["kms:Decrypt", "kms:GenerateDataKey"];

function judgePolicy(stack: StackView, topic: StackResource): Judgements {
  const message = "does not let CloudWatch publish (`sns:Publish`).";
  const own = pointingTo(stack, topic, TOPIC_POLICY, "arn").found;
  if (own.length > 0) return own.flatMap((policy) => mustAdmit(policy, PUBLISH, message));
  // Without a policy SNS lets the account of the topic publish, its alarms among them.
  return readText(topic.props, "policy").state === "absent" ? [] : mustAdmit(topic, PUBLISH, message);
}

function judgeKey(stack: StackView, topic: StackResource): Judgements {
  const direct = targetsOf(stack, topic, "kmsMasterKeyId", KEY);
  const aliases = targetsOf(stack, topic, "kmsMasterKeyId", ALIAS).found;
  const keys = [...direct.found, ...aliases.flatMap((alias) => targetsOf(stack, alias, "targetKeyId", KEY).found)];
  const message = "does not let CloudWatch use the key of the alarms' topic (`kms:Decrypt`, `kms:GenerateDataKey*`).";
  if (keys.length > 0) return keys.flatMap((key) => mustAdmit(key, USE_KEY, message));
  if (direct.rest === "none") return [];
  const id = readText(topic.props, "kmsMasterKeyId");
  if (id.state === "known" && id.value.endsWith("alias/aws/sns"))
    return violated(`${topic.name} has the key that AWS manages, which no alarm may use.`, topic.urn);
  if (direct.rest === "unknown") return unverified(`The key of ${topic.name} is`, topic.urn);
  const outside = `The key of ${topic.name} is outside the stack: whether CloudWatch may use it cannot be seen from here.`;
  return [{ verdict: "unverified", message: outside, urn: topic.urn }];
}

const alertPathComplete: StackRule = {
  scope: "stack",
  name: "alert-path-complete",
  description: "Every alarm speaks to a topic whose policy and whose key let CloudWatch in.",
  why: "A message that a topic or its key refuses is dropped without a trace: the alarm is red, and nobody hears of it.",
  remedy:
    "Let `cloudwatch.amazonaws.com` publish in the policy of the topic, and decrypt and generate data keys in that of its key.",
  ids: ["S3-38", "S3-39", "C-35"],
  levels: FROM_ENTERPRISE,
  check: (stack) => [
    ...stack.ofType(...ALARMS).flatMap((alarm) => judgeAlarm(stack, alarm)),
    ...alarmTopics(stack).flatMap((topic) => [...judgePolicy(stack, topic), ...judgeKey(stack, topic)]),
  ],
};

/** Whether anybody hears of a topic. Listeners may name the topic by the ARN of its policy, as alarms do. */
function judgeListeners(stack: StackView, topic: StackResource): Judgements {
  const listeners = LISTENERS.flatMap(([type, property]) =>
    stack.ofType(type).map((listener) => topicsOf(stack, listener, property)),
  );
  if (listeners.some(({ found }) => found.includes(topic))) return [];
  if (listeners.some(({ rest }) => rest === "unknown"))
    return unverified(`Which topic is subscribed, ${topic.name} or another, is`, topic.urn);
  return violated(`Nobody hears of ${topic.name}: it has no subscription.`, topic.urn);
}

const alertRecipients: StackRule = {
  scope: "stack",
  name: "alert-recipients",
  description: "Somebody hears of every topic that an alarm speaks to.",
  why: "Alarms that reach nobody are found when their cause has already been noticed in another way.",
  remedy: "Set `scaling-ladder:alerts.recipients` or `scaling-ladder:alerts.slack`.",
  ids: ["C-35", "S3-38"],
  levels: FROM_ENTERPRISE,
  check: (stack) => alarmTopics(stack).flatMap((topic) => judgeListeners(stack, topic)),
};

/** The way from an alarm to a person. */
export const alertPathRules: readonly Rule[] = [alertPathComplete, alertRecipients];

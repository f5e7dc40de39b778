import { describe, expect, it } from "vitest";
import { chatbot } from "../../../rehearsal/aws/chatbot";
import { iam } from "../../../rehearsal/aws/iam";
import { kms } from "../../../rehearsal/aws/kms";
import { rdsEvents } from "../../../rehearsal/aws/rdsEvents";
import { sns } from "../../../rehearsal/aws/sns";
import { UNKNOWN } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const EVENTS = "aws:rds/eventSubscription:EventSubscription";
const SLACK = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";

const cloud = () => oneCloud([...sns, ...kms, ...rdsEvents, ...chatbot, ...iam]);
const ARN = "arn:aws:sns:us-east-1:123456789012:alerts";

describe("a topic in the rehearsal", () => {
  it("is known by its ARN, and made anew for another name only", async () => {
    const aws = cloud();
    const made = await aws.create(TOPIC, { name: "alerts" });
    expect(made.id).toBe(ARN);
    expect(made).toMatchObject({ arn: ARN, owner: "123456789012" });
    expect(aws.replaces(TOPIC, { name: "alerts" }, { name: "other", displayName: "x" })).toEqual(["name"]);
    await expect(aws.create(TOPIC, { name: "alerts" })).rejects.toThrow(/already exists/);
  });

  it("takes a key that is there, and a name that SNS takes", async () => {
    await expect(
      cloud().create(TOPIC, { name: "alerts", kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/gone" }),
    ).rejects.toThrow(/there is no aws:kms/);
    expect(cloud().check(TOPIC, { name: "a b" }).join()).toMatch(/letters, digits/);
    expect(cloud().check(TOPIC, { name: "alerts", fifoTopic: true }).join()).toMatch(/\.fifo/);
  });

  it("has a policy that can be read", async () => {
    const aws = cloud();
    await aws.create(TOPIC, { name: "alerts" });
    expect(aws.check(POLICY, { arn: ARN, policy: "{" }).join()).toMatch(/MalformedPolicyDocument/);
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish", Resource: ARN },
      ],
    });
    await aws.create(POLICY, { arn: ARN, policy });
    await expect(aws.create(POLICY, { arn: `${ARN}-gone`, policy })).rejects.toThrow(/there is no/);
  });
});

describe("a subscription in the rehearsal", () => {
  it.each([
    ["email", "ops@example.com", true],
    ["https", "https://example.com/alerts", true],
    ["email", "https://example.com", false],
    ["https", "ops@example.com", false],
    ["pigeon", "ops@example.com", false],
  ])("%s to %s: taken %s", (protocol, endpoint, taken) => {
    const refusals = cloud().check(SUBSCRIPTION, { topic: ARN, protocol, endpoint });
    expect(refusals.length === 0).toBe(taken);
  });

  it("waits for people to confirm, and is made anew for everything that it is", async () => {
    const aws = cloud();
    await aws.create(TOPIC, { name: "alerts" });
    const inputs = { topic: ARN, protocol: "email", endpoint: "ops@example.com" };
    const made = await aws.create(SUBSCRIPTION, inputs);
    expect(made.id).toMatch(new RegExp(`^${ARN}:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`));
    expect(made).toMatchObject({ pendingConfirmation: true, arn: made.id });
    expect(
      aws
        .replaces(SUBSCRIPTION, inputs, { topic: `${ARN}2`, protocol: "https", endpoint: "https://example.com" })
        .sort(),
    ).toEqual(["endpoint", "protocol", "topic"]);
  });
});

describe("an event subscription in the rehearsal", () => {
  const events = (more: object = {}) => ({ name: "events", snsTopic: ARN, sourceType: "db-instance", ...more });

  it("knows the categories of each source type", () => {
    const aws = cloud();
    expect(aws.check(EVENTS, events({ eventCategories: ["failover", "low storage", UNKNOWN] }))).toEqual([]);
    expect(aws.check(EVENTS, events({ eventCategories: ["low_storage"] })).join()).toMatch(
      /SubscriptionCategoryNotFound/,
    );
    expect(aws.check(EVENTS, events({ sourceType: "db-snapshot", eventCategories: ["failover"] })).join()).toMatch(
      /SubscriptionCategoryNotFound/,
    );
    expect(aws.check(EVENTS, events({ sourceType: "database" })).join()).toMatch(/expected one of/);
    expect(aws.check(EVENTS, { name: "events", snsTopic: ARN, sourceIds: ["db"] }).join()).toMatch(/source type/);
  });

  it("names instances and topics that are there", async () => {
    const aws = cloud();
    await expect(aws.create(EVENTS, events())).rejects.toThrow(/there is no .*Topic/);
    await aws.create(TOPIC, { name: "alerts" });
    await expect(aws.create(EVENTS, events({ sourceIds: ["gone"] }))).rejects.toThrow(/there is no .*Instance/);
    const made = await aws.create(EVENTS, events());
    expect(made.arn).toBe("arn:aws:rds:us-east-1:123456789012:es:events");
    expect(aws.replaces(EVENTS, events(), events({ name: "other", eventCategories: ["failover"] }))).toEqual(["name"]);
  });
});

describe("a Slack channel in the rehearsal", () => {
  it("has ids as Slack writes them, and a role that is there", async () => {
    const aws = cloud();
    const inputs = {
      configurationName: "alerts",
      slackTeamId: "T0123ABCD",
      slackChannelId: "C0123ABCD",
      iamRoleArn: "arn:aws:iam::123456789012:role/chat",
    };
    expect(aws.check(SLACK, { ...inputs, slackTeamId: "my team" }).join()).toMatch(/SlackWorkspaceId/);
    expect(aws.check(SLACK, { ...inputs, loggingLevel: "LOUD" }).join()).toMatch(/LoggingLevel/);
    await expect(aws.create(SLACK, inputs)).rejects.toThrow(/there is no .*Role/);
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "chatbot.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await aws.create("aws:iam/role:Role", { name: "chat", assumeRolePolicy: trust });
    const made = await aws.create(SLACK, inputs);
    expect(made.chatConfigurationArn).toBe("arn:aws:chatbot::123456789012:chat-configuration/slack-channel/alerts");
    expect(aws.replaces(SLACK, inputs, { ...inputs, slackChannelId: "C9" })).toEqual([]);
  });
});

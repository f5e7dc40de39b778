import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { AlertTopics, type AlertTopicsArgs } from "../../../components/alerting/alertTopics";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";
import { ACCOUNT } from "./watched";

const ARGS: AlertTopicsArgs = {
  recipients: ["ops@example.com", "https://pager.example.com/hook"],
  accountId: ACCOUNT,
  region: "us-east-1",
  deletionProtection: true,
};

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: { readonly Service?: string; readonly AWS?: string } | string;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function makeTopics(more: Partial<AlertTopicsArgs> = {}) {
  const cloud = rehearsedMocks();
  const records = recording();
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const topics = new AlertTopics("alerts", { ...ARGS, ...more }, records.opts);
  await records.made();
  const warnings = warn.mock.calls.length;
  warn.mockRestore();
  const statements = (name: string): Statement[] =>
    JSON.parse(String(cloud.one("topicPolicy:TopicPolicy", `${name}-policy`).inputs.policy)).Statement;
  return { topics, warnings, statements, ...cloud, ...records };
}

describe("the topics of alerts", () => {
  it("are one for each severity, with one key of their own", async () => {
    const { topics, all, one, find } = await makeTopics();
    const key = one("key:Key").outputs.arn;
    for (const severity of ["critical", "warning"]) {
      const { inputs } = one("topic:Topic", severity);
      expect(inputs).toMatchObject({
        name: `aibase-test-alerts-${severity}`,
        kmsMasterKeyId: key,
        region: "us-east-1",
      });
    }
    expect(await resolved(topics.criticalArn)).toBe(`arn:aws:sns:us-east-1:${ACCOUNT}:aibase-test-alerts-critical`);
    expect(await resolved(topics.warningArn)).toBe(`arn:aws:sns:us-east-1:${ACCOUNT}:aibase-test-alerts-warning`);
    expect(all("topic:Topic")).toHaveLength(3);
    expect(find("alerts-key-key").opts.protect).toBe(true);
    expect(find("alerts-critical").opts.parent).toBe(topics);
  });

  it("let the services that tell of this stack publish, for this account only", async () => {
    const { statements } = await makeTopics();
    for (const severity of ["critical", "warning"]) {
      const allowed = statements(`alerts-${severity}`).filter(({ Effect }) => Effect === "Allow");
      expect(
        allowed.map(({ Principal }) => (typeof Principal === "string" ? Principal : Principal.Service)).sort(),
      ).toEqual([
        "backup.amazonaws.com",
        "budgets.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "events.rds.amazonaws.com",
      ]);
      const cloudwatch = allowed.find(({ Sid }) => Sid === "Alarms");
      expect(cloudwatch?.Condition).toEqual({
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:aibase-test-*` },
      });
      for (const { Action, Resource } of allowed) {
        expect(Action).toBe("sns:Publish");
        expect(Resource).toBe(`arn:aws:sns:us-east-1:${ACCOUNT}:aibase-test-alerts-${severity}`);
      }
    }
  });

  it("take nothing without TLS", async () => {
    const { statements } = await makeTopics();
    for (const name of ["alerts-critical", "alerts-warning", "alerts-cache-events"])
      expect(statements(name)).toContainEqual(
        expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      );
  });

  it("have one for ElastiCache without a key, for it cannot publish into an encrypted one", async () => {
    const { topics, one, statements } = await makeTopics();
    expect(one("topic:Topic", "cache-events").inputs.kmsMasterKeyId).toBeUndefined();
    expect(await resolved(topics.cacheEventsArn)).toBe(`arn:aws:sns:us-east-1:${ACCOUNT}:aibase-test-cache-events`);
    expect(statements("alerts-cache-events").find(({ Effect }) => Effect === "Allow")?.Condition).toEqual({
      StringEquals: { "aws:SourceOwner": ACCOUNT },
    });
  });

  it("S3-38 to S3-41 have a recipient: every one is subscribed to every topic, once", async () => {
    const { all } = await makeTopics({ recipients: [...ARGS.recipients, "ops@example.com"] });
    const made = all("topicSubscription:TopicSubscription").map(({ inputs }) => [inputs.protocol, inputs.endpoint]);
    expect(made).toHaveLength(6);
    expect(made).toContainEqual(["email", "ops@example.com"]);
    expect(made).toContainEqual(["https", "https://pager.example.com/hook"]);
  });

  it("keep a recipient's name when the list is put in another order", async () => {
    const names = async (recipients: readonly string[]) =>
      (await makeTopics({ recipients })).all("topicSubscription:TopicSubscription").map(({ name }) => name);
    expect((await names([...ARGS.recipients].reverse())).sort()).toEqual((await names(ARGS.recipients)).sort());
  });

  it("warn when they reach nobody, and only then", async () => {
    expect((await makeTopics({ recipients: [] })).warnings).toBe(1);
    expect((await makeTopics()).warnings).toBe(0);
    const slack = { workspaceId: "T0123ABCD", channelId: "C0123ABCD" };
    expect((await makeTopics({ recipients: [], slack })).warnings).toBe(0);
  });

  it("reach a Slack channel, whose role and guardrail can only read", async () => {
    const { one, all } = await makeTopics({ slack: { workspaceId: "T0123ABCD", channelId: "C0123ABCD" } });
    expect(one("slackChannelConfiguration:SlackChannelConfiguration").inputs).toMatchObject({
      slackTeamId: "T0123ABCD",
      slackChannelId: "C0123ABCD",
      guardrailPolicyArns: ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
      snsTopicArns: expect.arrayContaining([expect.stringContaining("alerts-critical")]),
    });
    const policy = JSON.parse(String(one("rolePolicy:RolePolicy").inputs.policy));
    expect(policy.Statement[0].Action).toEqual(["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"]);
    expect(JSON.stringify(one("role:Role").inputs.assumeRolePolicy)).toContain("chatbot.amazonaws.com");
    expect((await makeTopics()).all("SlackChannelConfiguration")).toEqual([]);
    expect(all("topic:Topic")).toHaveLength(3);
  });

  it("can be transformed", async () => {
    const { one } = await makeTopics({ transform: { topic: (args) => ({ ...args, signatureVersion: 2 }) } });
    expect(one("topic:Topic", "critical").inputs.signatureVersion).toBe(2);
  });

  it("do not protect the key of a stack without protection", async () => {
    const { find } = await makeTopics({ deletionProtection: false });
    expect(find("alerts-key-key").opts.protect).toBe(false);
  });
});

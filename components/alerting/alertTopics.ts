import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { EncryptionKey } from "../encryption/key";
import { type Transform, transformed } from "../transform";
import type { Severity } from "./alert";
import { type SlackChannel, slackChannel } from "./slackChannel";
import { alertTopicPolicy, cacheTopicPolicy } from "./topicPolicy";

export interface AlertTopicsArgs {
  /** E-mail addresses and HTTPS endpoints. Each confirms its subscriptions once, by the link that it is sent. Default: none. */
  readonly recipients: readonly string[];
  /** Slack channel; its workspace is authorised once in the AWS console. Default: none. */
  readonly slack?: SlackChannel;
  /** Whether ElastiCache tells its events. Default: true. */
  readonly cacheEvents?: boolean;
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Protect the key of the topics from being deleted by the engine. */
  readonly deletionProtection: boolean;
  readonly transform?: { readonly topic?: Transform<aws.sns.TopicArgs> };
}

/**
 * Where alerts go: a topic for each severity, encrypted with a key of their own, and one for events of ElastiCache. Made before
 * what it tells of, so that database, cache and backups can name it. About 1 USD a month for the key; messages by e-mail and
 * HTTPS are nearly free (SNS pricing).
 */
export class AlertTopics extends pulumi.ComponentResource {
  /** Wakes somebody up. Known only once its policy lets the services publish. */
  readonly criticalArn: pulumi.Output<string>;
  readonly warningArn: pulumi.Output<string>;
  /**
   * For `notificationTopicArn` of a replication group. Not encrypted, because ElastiCache cannot publish into a topic that is; its
   * messages hold names of events and nodes, and no data. Absent without `cacheEvents`.
   */
  readonly cacheEventsArn?: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: AlertTopicsArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { region } = args;
    super("scaling-ladder:alerting:AlertTopics", name, { region }, opts);
    if (args.recipients.length === 0 && args.slack === undefined)
      pulumi.log.warn("alerts reach nobody: set alerts.recipients or alerts.slack", this);

    const key = new EncryptionKey(
      `${name}-key`,
      {
        purpose: "alerts",
        accountId: args.accountId,
        region,
        services: ["cloudwatch", "rds-events", "budgets", "backup"],
        deletionProtection: args.deletionProtection,
      },
      { parent: this },
    );
    this.criticalArn = this.makeSeverity(name, "critical", key);
    this.warningArn = this.makeSeverity(name, "warning", key);
    if (args.cacheEvents !== false) this.cacheEventsArn = this.makeCacheEvents(name);
    if (args.slack !== undefined) {
      const topics = [this.criticalArn, this.warningArn, this.cacheEventsArn].filter((arn) => arn !== undefined);
      slackChannel(`${name}-slack`, args.slack, topics, this);
    }
    this.registerOutputs({
      criticalArn: this.criticalArn,
      warningArn: this.warningArn,
      cacheEventsArn: this.cacheEventsArn,
    });
  }

  private makeSeverity(name: string, severity: Severity, key: EncryptionKey): pulumi.Output<string> {
    const topic = this.makeTopic(`${name}-${severity}`, {
      name: physicalName("topic", `alerts-${severity}`),
      displayName: `${pulumi.getStack()} ${severity}`,
      kmsMasterKeyId: key.arn,
    });
    return this.open(`${name}-${severity}`, topic, alertTopicPolicy);
  }

  private makeCacheEvents(name: string): pulumi.Output<string> {
    const topic = this.makeTopic(`${name}-cache-events`, {
      name: physicalName("topic", "cache-events"),
      displayName: `${pulumi.getStack()} cache`,
    });
    return this.open(`${name}-cache-events`, topic, cacheTopicPolicy);
  }

  private makeTopic(name: string, args: aws.sns.TopicArgs): aws.sns.Topic {
    const defaults = { ...args, region: this.args.region };
    return new aws.sns.Topic(name, transformed(defaults, this.args.transform?.topic), { parent: this });
  }

  /** Sets who may publish, and subscribes the recipients. The ARN that comes back waits for the policy. */
  private open(name: string, topic: aws.sns.Topic, policyOf: typeof alertTopicPolicy): pulumi.Output<string> {
    const { accountId, region, recipients } = this.args;
    const policy = new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: policyOf({ topicArn: topic.arn, accountId, region, stack: pulumi.getStack() }),
        region,
      },
      { parent: this },
    );
    for (const recipient of new Set(recipients)) {
      const protocol = recipient.startsWith("https://") ? "https" : "email";
      new aws.sns.TopicSubscription(
        `${name}-${keyOf(recipient)}`,
        { topic: topic.arn, protocol, endpoint: recipient, region },
        { parent: this },
      );
    }
    return policy.arn;
  }
}

/** A name for a recipient that does not depend on the order of the list. */
const keyOf = (recipient: string): string =>
  `${recipient
    .replace(/^https:\/\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)}-${createHash("sha256").update(recipient).digest("hex").slice(0, 6)}`;

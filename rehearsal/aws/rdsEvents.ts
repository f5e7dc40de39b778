import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";

/** Event subscriptions of RDS. */

/** Categories by source type ("Amazon RDS event categories and event messages", RDS User Guide). */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  "db-instance": [
    "availability",
    "backup",
    "configuration change",
    "creation",
    "deletion",
    "failover",
    "failure",
    "low storage",
    "maintenance",
    "notification",
    "read replica",
    "recovery",
    "restoration",
    "security",
    "security patching",
  ],
  "db-parameter-group": ["configuration change"],
  "db-security-group": ["configuration change", "failure"],
  "db-snapshot": ["creation", "deletion", "notification", "restoration"],
  "db-cluster": ["creation", "failover", "global failover", "notification"],
  "db-cluster-snapshot": ["backup"],
  "custom-engine-version": ["failure"],
  "db-proxy": ["configuration change", "creation", "deletion", "failure"],
  "blue-green-deployment": ["creation", "deletion", "failure", "notification"],
};

function wrongCategories({ sourceType, sourceIds, eventCategories }: Values): Refusal[] {
  if (sourceType === UNKNOWN) return [];
  if (sourceType === undefined)
    return Array.isArray(sourceIds) && sourceIds.length > 0
      ? [{ property: "sourceType", reason: "InvalidParameterCombination: source ids need a source type" }]
      : [];
  const known = CATEGORIES[text(sourceType)];
  if (known === undefined)
    return [{ property: "sourceType", reason: `expected one of ${Object.keys(CATEGORIES).join(", ")}` }];
  return (Array.isArray(eventCategories) ? eventCategories : [])
    .filter((category) => category !== UNKNOWN && !known.includes(text(category)))
    .map((category) => ({
      property: "eventCategories",
      reason: `SubscriptionCategoryNotFound: ${text(sourceType)} has no category ${text(category)}; it has ${known.join(", ")}`,
    }));
}

export const rdsEvents: readonly ResourceModel[] = [
  {
    type: "aws:rds/eventSubscription:EventSubscription",
    replaces: ["name", "namePrefix"],
    source: "hashicorp/terraform-provider-aws internal/service/rds/event_subscription.go",
    published: {
      type: "AWS::RDS::EventSubscription",
      names: { name: "SubscriptionName", namePrefix: false, snsTopic: "SnsTopicArn" },
    },
    references: {
      snsTopic: { types: ["aws:sns/topic:Topic"], by: "arn" },
      sourceIds: {
        types: ["aws:rds/instance:Instance", "aws:rds/proxy:Proxy"],
        by: { "aws:rds/instance:Instance": "identifier", "aws:rds/proxy:Proxy": "name" },
      },
    },
    autonamed: { property: "name", limit: 255 },
    // The provider waits 30 seconds before it looks for the first time, for each change.
    seconds: { create: 40, update: 60, delete: 40 },
    unique: ({ name }, { region }) => (text(name) ? `${region} ${text(name).toLowerCase()}` : undefined),
    check: (inputs) => [
      ...wrongCategories(inputs),
      ...(text(inputs.name) !== "" && !/^[0-9A-Za-z-]{1,255}$/.test(text(inputs.name))
        ? [{ property: "name", reason: "holds letters, digits and hyphens only" }]
        : []),
    ],
    id: ({ name }) => text(name),
    outputs: ({ name }, { arn, account }) => ({ arn: arn("rds", `es:${text(name)}`), customerAwsId: account }),
  },
];

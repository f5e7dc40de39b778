import { type Refusal, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { isObject, items } from "../values";

/** AWS Budgets: of the whole account, in no region. */

/** Allowed values (API reference, Budget and Notification). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  budgetType: ["USAGE", "COST", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"],
  timeUnit: ["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"],
  notificationType: ["ACTUAL", "FORECASTED"],
  comparisonOperator: ["GREATER_THAN", "LESS_THAN", "EQUAL_TO"],
  thresholdType: ["PERCENTAGE", "ABSOLUTE_VALUE"],
};

const notAllowed = (values: Values, names: readonly string[], property?: string): Refusal[] =>
  names
    .filter((name) => values[name] !== undefined && values[name] !== UNKNOWN)
    .filter((name) => ALLOWED[name]?.includes(text(values[name])) === false)
    .map((name) => ({ property: property ?? name, reason: `${name} must be one of ${ALLOWED[name]?.join(", ")}` }));

/** A budget has ten notifications at most, each with ten addresses and one topic at most (API reference, NotificationWithSubscribers). */
function wrongNotifications(inputs: Values): Refusal[] {
  const notifications = items(inputs.notifications).filter(isObject);
  const wrong = (reason: string): Refusal => ({ property: "notifications", reason });
  return [
    ...(notifications.length > 10 ? [wrong("CreationLimitExceededException: ten are allowed")] : []),
    ...notifications.flatMap((notification) => {
      const emails = items(notification.subscriberEmailAddresses);
      const topics = items(notification.subscriberSnsTopicArns);
      return [
        ...notAllowed(notification, ["notificationType", "comparisonOperator", "thresholdType"], "notifications"),
        ...(emails.length + topics.length === 0 ? [wrong("each needs a subscriber")] : []),
        ...(topics.length > 1 ? [wrong("each may have one topic")] : []),
        ...(emails.length > 10 ? [wrong("each may have ten e-mail addresses")] : []),
      ];
    }),
    ...(new Set(
      notifications.map(({ notificationType, comparisonOperator, threshold, thresholdType }) =>
        JSON.stringify([notificationType, comparisonOperator, threshold, thresholdType]),
      ),
    ).size < notifications.length
      ? [wrong("DuplicateRecordException: the same notification twice")]
      : []),
  ];
}

function wrongLimit({ limitAmount, limitUnit }: Values): Refusal[] {
  if (limitAmount === undefined || limitAmount === UNKNOWN) return [];
  return [
    ...(/^\d+(\.\d+)?$/.test(text(limitAmount)) && Number(limitAmount) > 0
      ? []
      : [{ property: "limitAmount", reason: "InvalidParameterException: must be an amount above zero" }]),
    ...(limitUnit === undefined ? [{ property: "limitUnit", reason: "is needed with limitAmount" }] : []),
  ];
}

export const budgets: readonly ResourceModel[] = [
  {
    type: "aws:budgets/budget:Budget",
    replaces: ["accountId", "name", "namePrefix"],
    source: "hashicorp/terraform-provider-aws internal/service/budgets/budget.go",
    references: {
      // The default policy of a topic does not let AWS Budgets in ("Invalid SNS topic"), so the topic must have one of its own.
      "notifications.subscriberSnsTopicArns": { types: ["aws:sns/topicPolicy:TopicPolicy"], by: "arn" },
    },
    autonamed: { property: "name", limit: 100 },
    seconds: { create: 2, update: 2, delete: 1 },
    unique: ({ name }) => (text(name) ? text(name) : undefined),
    check: (inputs) => [
      ...notAllowed(inputs, ["budgetType", "timeUnit"]),
      ...wrongLimit(inputs),
      ...wrongNotifications(inputs),
      ...(/[:\\]/.test(text(inputs.name)) || text(inputs.name).length > 100
        ? [{ property: "name", reason: "has at most 100 characters, and no colon or backslash" }]
        : []),
    ],
    id: ({ name }, { account }) => `${account}:${text(name)}`,
    outputs: ({ name, timePeriodEnd, accountId }, { arn, account }) => ({
      arn: arn("budgets", `budget/${text(name)}`, "global"),
      accountId: accountId ?? account,
      timePeriodEnd: timePeriodEnd ?? "2087-06-15_00:00",
      timePeriodStart: "2025-01-01_00:00",
    }),
  },
];

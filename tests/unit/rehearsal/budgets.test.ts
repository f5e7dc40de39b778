import { describe, expect, it } from "vitest";
import { budgets } from "../../../rehearsal/aws/budgets";
import { kms } from "../../../rehearsal/aws/kms";
import { sns } from "../../../rehearsal/aws/sns";
import { oneCloud } from "./oneCloud";

const BUDGET = "aws:budgets/budget:Budget";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const cloud = () => oneCloud([...budgets, ...sns, ...kms]);

const notification = (more: object = {}) => ({
  notificationType: "ACTUAL",
  comparisonOperator: "GREATER_THAN",
  threshold: 80,
  thresholdType: "PERCENTAGE",
  subscriberSnsTopicArns: [TOPIC],
  ...more,
});
const budget = (more: object = {}) => ({
  name: "monthly",
  budgetType: "COST",
  timeUnit: "MONTHLY",
  limitAmount: "2200",
  limitUnit: "USD",
  notifications: [notification()],
  ...more,
});

describe("a budget in the rehearsal", () => {
  it.each([
    ["a kind that is none", budget({ budgetType: "MONEY" }), /budgetType must be one of/],
    ["a unit of time that is none", budget({ timeUnit: "WEEKLY" }), /timeUnit must be one of/],
    ["no money", budget({ limitAmount: "0" }), /above zero/],
    ["words for money", budget({ limitAmount: "much" }), /above zero/],
    ["no unit of money", budget({ limitUnit: undefined }), /needed with limitAmount/],
    [
      "a wrong kind of notification",
      budget({ notifications: [notification({ notificationType: "SPENT" })] }),
      /notificationType/,
    ],
    ["nobody to tell", budget({ notifications: [notification({ subscriberSnsTopicArns: [] })] }), /needs a subscriber/],
    [
      "two topics at once",
      budget({ notifications: [notification({ subscriberSnsTopicArns: [TOPIC, `${TOPIC}2`] })] }),
      /one topic/,
    ],
    ["the same notification twice", budget({ notifications: [notification(), notification()] }), /DuplicateRecord/],
    ["a colon in its name", budget({ name: "a:b" }), /colon/],
  ])("is refused with %s", (_what, inputs, reason) => {
    expect(cloud().check(BUDGET, inputs).join("\n")).toMatch(reason);
  });

  it("needs a topic whose policy was set, for the default one does not let AWS Budgets in", async () => {
    const aws = cloud();
    await aws.create("aws:sns/topic:Topic", { name: "alerts" });
    await expect(aws.create(BUDGET, budget())).rejects.toThrow(/there is no aws:sns\/topicPolicy/);
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "budgets.amazonaws.com" }, Action: "sns:Publish", Resource: TOPIC },
      ],
    });
    await aws.create("aws:sns/topicPolicy:TopicPolicy", { arn: TOPIC, policy });
    const made = await aws.create(BUDGET, budget());
    expect(made.id).toBe("123456789012:monthly");
    expect(made).toMatchObject({ arn: "arn:aws:budgets::123456789012:budget/monthly", accountId: "123456789012" });
  });

  it("is changed in place, but for its name and account", () => {
    const { replaces } = cloud();
    expect(replaces(BUDGET, budget(), budget({ limitAmount: "3000", timeUnit: "QUARTERLY" }))).toEqual([]);
    expect(replaces(BUDGET, budget(), budget({ name: "other" }))).toEqual(["name"]);
  });
});

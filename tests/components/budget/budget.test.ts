import { describe, expect, it } from "vitest";
import { Budget, type BudgetArgs } from "../../../components/budget/budget";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { tierByName } from "../../../settings/tiers";
import { recording } from "../../support/recording";
import { holding } from "../alerting/watched";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:warning";

async function makeBudget(more: Partial<BudgetArgs> = {}) {
  const cloud = rehearsedMocks();
  holding(cloud, "aws:sns/topicPolicy:TopicPolicy", TOPIC, { arn: TOPIC });
  const records = recording();
  const budget = new Budget("budget", { monthlyUsd: 2200, topicArn: TOPIC, ...more }, records.opts);
  await records.made();
  return { budget, inputs: cloud.one("budgets/budget:Budget").inputs, ...records };
}

describe("a budget", () => {
  it("is one of cost and month, in dollars, at the tier's upper end (C-04)", async () => {
    const { budget, inputs, find } = await makeBudget({ monthlyUsd: tierByName("enterprise").cost.max });
    expect(inputs).toMatchObject({
      name: "aibase-test-monthly",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "2200",
      limitUnit: "USD",
    });
    expect(budget.budgetName).toBe("aibase-test-monthly");
    expect(find("budget-budget").opts.parent).toBe(budget);
  });

  it("tells at 80 % and 100 % spent, and at 100 % forecast", async () => {
    const { inputs } = await makeBudget();
    expect(inputs.notifications).toEqual(
      [
        ["ACTUAL", 80],
        ["ACTUAL", 100],
        ["FORECASTED", 100],
      ].map(([notificationType, threshold]) => ({
        notificationType,
        threshold,
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
        subscriberSnsTopicArns: [TOPIC],
      })),
    );
  });

  it("counts the whole account, or what a tag marks", async () => {
    expect((await makeBudget()).inputs.costFilters).toBeUndefined();
    const { inputs } = await makeBudget({ onlyTagged: { key: "aibase:stack", value: "prod" } });
    expect(inputs.costFilters).toEqual([{ name: "TagKeyValue", values: ["user:aibase:stack$prod"] }]);
  });

  it("can be transformed", async () => {
    const { inputs } = await makeBudget({ transform: { budget: (args) => ({ ...args, timeUnit: "QUARTERLY" }) } });
    expect(inputs.timeUnit).toBe("QUARTERLY");
  });
});

import { TIERS } from "../../../settings/tiers";
import { type Answer, all, holds, yesIf } from "../../checks/answer";
import { shown, unverified, violated } from "../../checks/property";
import { type Path, readList, readNumber, readText } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { ADVICE, ALWAYS, FROM_ENTERPRISE, type ResourceRule, type Rule, type StackRule } from "../../rule";

const BUDGET = "aws:budgets/budget:Budget";

/** Those who may be told; a list with items counts, whatever is in it. */
const SUBSCRIBERS = ["subscriberSnsTopicArns", "subscriberEmailAddresses"];

/** Whether a notification tells somebody by the time when the budget is used up. */
function tellsInTime(props: Value, path: Path): Answer {
  const threshold = readNumber(props, ...path, "threshold");
  const kind = readText(props, ...path, "thresholdType");
  const comparison = readText(props, ...path, "comparisonOperator");
  const lists = SUBSCRIBERS.map((name) => readList(props, ...path, name));
  const told = lists.some((list) => list.state === "unknown" || (list.state === "known" && list.value.length > 0));
  return all([
    yesIf(told),
    holds(threshold, (percent) => percent > 0 && percent <= 100),
    holds(kind, (text) => text === "PERCENTAGE"),
    holds(comparison, (text) => text === "GREATER_THAN"),
  ]);
}

const budgetNotifies: ResourceRule = {
  scope: "resource",
  name: "budget-notifies",
  description: "Every budget tells somebody before it is passed.",
  why: "A budget that tells nobody is read when the invoice is there.",
  remedy: "Give it a notification of GREATER_THAN at 100 PERCENTAGE or less, with a topic or an address.",
  ids: ["C-04"],
  levels: FROM_ENTERPRISE,
  types: [BUDGET],
  check: ({ props }) => {
    const list = readList(props, "notifications");
    if (list.state === "unknown") return unverified(shown(["notifications"]));
    const count = list.state === "known" ? list.value.length : 0;
    const answers = Array.from({ length: count }, (_, index) => tellsInTime(props, ["notifications", index]));
    if (answers.includes("yes")) return [];
    return answers.includes("unknown")
      ? unverified(shown(["notifications"]))
      : violated("None of `notifications` tells somebody at 100 percent or before.");
  },
};

const budgetExists: StackRule = {
  scope: "stack",
  name: "budget-exists",
  description: "A stack in the cloud has a budget of its month.",
  why: "The documents name a cost for each tier; without a budget nobody sees that a stack costs ten times as much.",
  remedy: "Make an `aws.budgets.Budget` (`scaling-ladder:budget.monthlyUsd`).",
  ids: ["C-04", "S4-70"],
  levels: ALWAYS,
  check: (stack) => {
    const costs = stack.resources.some(({ type }) => type.startsWith("aws:"));
    return costs && stack.ofType(BUDGET).length === 0
      ? violated("The stack makes things that cost money, and has no budget.")
      : [];
  },
};

/** AWS takes the amount as a text; a number is read as one, too. */
function amountOf(props: Value) {
  const text = readText(props, "limitAmount");
  if (text.state !== "known") return text.state === "mistyped" ? readNumber(props, "limitAmount") : text;
  const value = text.value.trim() === "" ? Number.NaN : Number(text.value);
  return Number.isFinite(value) ? { ...text, value } : ({ state: "mistyped" } as const);
}

const budgetWithinBand: StackRule = {
  scope: "stack",
  name: "budget-within-band",
  description: "The budget is not above what the documents say that the tier costs.",
  why: "A budget above the band of the tier stays silent while the stack costs more than it was meant to.",
  remedy: "Lower `scaling-ladder:budget.monthlyUsd`, or promote the stack to the tier whose cost it has.",
  ids: ["C-04", "S0-47", "S0-48", "S4-56", "S4-63"],
  levels: ADVICE,
  check: (stack) => {
    const apps = stack.resources.filter(({ type }) => type.startsWith("scaling-ladder:app:"));
    const tiers = apps.map(({ props }) => readText(props, "tier"));
    const bands = TIERS.filter((tier) => tiers.some((name) => name.state === "known" && name.value === tier.name));
    const highest = Math.max(...bands.map(({ cost }) => cost.max));
    return stack.ofType(BUDGET).flatMap(({ props, name, urn }) => {
      const amount = amountOf(props);
      if (amount.state === "unknown" || tiers.some(({ state }) => state === "unknown"))
        return unverified(`The limit of ${name}, or the tier, is`, urn);
      if (amount.state !== "known") return violated(`${name} has no limit: \`limitAmount\` must be a number.`, urn);
      if (bands.length === 0 || amount.value <= highest) return [];
      return violated(`The limit of ${name} is above ${highest} USD, the most that the tier costs.`, urn);
    });
  },
};

/** What is asked of budgets. */
export const budgetRules: readonly Rule[] = [budgetNotifies, budgetExists, budgetWithinBand];

import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { app, type Case, type Cases, propertyCases, resource } from "./cases";
import { caseOf } from "./oneCase";

const SOUND = {
  comparisonOperator: "GREATER_THAN",
  threshold: 100,
  thresholdType: "PERCENTAGE",
  subscriberSnsTopicArns: [UNKNOWN],
};
const budget = (props: Value) => resource("aws:budgets/budget:Budget", props, "budget");
const notifies = (...notifications: readonly Value[]) => budget({ notifications });
const one = (kind: Case["kind"], title: string, more: Readonly<Record<string, Value>>, ...verdicts: Case["verdicts"]) =>
  caseOf(kind, title, notifies({ ...SOUND, ...more }), ...verdicts);

const NOTIFIES: readonly Case[] = [
  ...propertyCases(notifies(SOUND), ["notifications"], {
    absent: "violated",
    unknown: "unverified",
    secret: "passes",
    values: { "an empty list": [[], "violated"] },
  }),
  one("pass", "at one percent", { threshold: 1 }),
  one("pass", "by mail", { subscriberSnsTopicArns: [], subscriberEmailAddresses: ["x"] }),
  one("fail", "past the limit", { threshold: 101 }, "violated"),
  one("fail", "from the start", { threshold: 0 }, "violated"),
  one("fail", "below", { comparisonOperator: "LESS_THAN" }, "violated"),
  one("fail", "in dollars", { thresholdType: "ABSOLUTE_VALUE" }, "violated"),
  one("fail", "nobody", { subscriberSnsTopicArns: [], subscriberEmailAddresses: [] }, "violated"),
  caseOf("pass", "one of two", notifies({ ...SOUND, threshold: 120 }, SOUND)),
  ...Object.keys(SOUND).map((name) => one("absent", name, { [name]: null }, "violated")),
  one("wrong type", "a threshold as a text", { threshold: "80" }, "violated"),
  one("wrong type", "subscribers as a text", { subscriberSnsTopicArns: "x" }, "violated"),
  one("unknown", "subscribers", { subscriberSnsTopicArns: UNKNOWN }),
  ...["threshold", "thresholdType", "comparisonOperator"].map((name) =>
    one("unknown", name, { [name]: UNKNOWN }, "unverified"),
  ),
  one("unknown", "a threshold that nobody hears of", { threshold: UNKNOWN, subscriberSnsTopicArns: [] }, "violated"),
  one("secret", "a secret threshold", { threshold: new Secret(101) }, "violated"),
];

const topic = resource("aws:sns/topic:Topic", {}, "topic");
const EXISTS: readonly Case[] = [
  caseOf("pass", "a budget", [topic, budget({})]),
  caseOf("pass", "nothing in the cloud", app({})),
  caseOf("fail", "no budget", topic, "violated"),
  caseOf("absent", "nothing at all", []),
  caseOf(
    "wrong type",
    "a budget of another kind",
    [topic, resource("aws:budgets/budgetAction:BudgetAction", {})],
    "violated",
  ),
  caseOf("unknown", "a budget about which nothing is known", [topic, budget({ limitAmount: UNKNOWN })]),
  caseOf("secret", "a secret budget", [topic, budget(new Secret({}))]),
];

const limit = (kind: Case["kind"], title: string, limitAmount: Value, ...verdicts: Case["verdicts"]): Case =>
  caseOf(kind, title, [app({ tier: "smb" }), budget({ limitAmount })], ...verdicts);

const BAND: readonly Case[] = [
  limit("pass", "the upper end", "200"),
  limit("pass", "a number", 200),
  { ...limit("fail", "above", "201", "violated"), says: ["above 200 USD"] },
  limit("fail", "a little above", "200.01", "violated"),
  limit("fail", "a number above", 201, "violated"),
  limit("fail", "no number", "many", "violated"),
  limit("fail", "an empty text", " ", "violated"),
  caseOf("pass", "another tier", [app({ tier: "enterprise" }), budget({ limitAmount: "2200" })]),
  caseOf(
    "fail",
    "above that of another tier",
    [app({ tier: "enterprise" }), budget({ limitAmount: "2201" })],
    "violated",
  ),
  caseOf("pass", "a stack without a tier", budget({ limitAmount: "99999" })),
  limit("absent", "no limit", null, "violated"),
  limit("wrong type", "a list", [], "violated"),
  limit("unknown", "the limit", UNKNOWN, "unverified"),
  caseOf("unknown", "the tier", [app({ tier: UNKNOWN }), budget({ limitAmount: "1" })], "unverified"),
  { ...limit("secret", "a secret limit", new Secret("4711"), "violated"), hides: ["4711"] },
];

export const CASES: Cases = {
  "budget-notifies": NOTIFIES,
  "budget-exists": EXISTS,
  "budget-within-band": BAND,
};

import { type UserFit, userFit } from "../../../settings/limits";
import { TIERS, type Tier } from "../../../settings/tiers";
import { readCount, readText } from "../../reading/reader";
import type { ResourceView } from "../../reading/resource";
import { ADVICE, ALWAYS, type Judgement, type ResourceRule } from "../../rule";

/** The component of the application carries the facts of the stack: its tier and its number of users. */
const APP_TYPES = ["scaling-ladder:app:*"];

type Fit = { readonly tier: Tier; readonly fit: UserFit; readonly secret: boolean } | Judgement;

function fitOf(app: ResourceView): Fit {
  const tier = readText(app.props, "tier");
  const users = readCount(app.props, "users");
  if (tier.state === "unknown" || users.state === "unknown") {
    const names = [tier.state === "unknown" ? "`tier`" : "", users.state === "unknown" ? "`users`" : ""];
    return { verdict: "unverified", message: `${names.filter(Boolean).join(" and ")} not known before \`pulumi up\`.` };
  }
  if (tier.state !== "known") return { verdict: "violated", message: "`tier` must name the tier of the stack." };
  if (users.state !== "known") {
    return { verdict: "violated", message: "`users` must be a whole number of 0 or more." };
  }
  const row = TIERS.find((candidate) => candidate.name === tier.value);
  if (row === undefined) {
    const allowed = TIERS.map((candidate) => candidate.name).join(", ");
    return { verdict: "violated", message: `\`tier\` must be one of ${allowed}.` };
  }
  return { tier: row, fit: userFit(row, users.value), secret: users.secret };
}

/** One function judges for both rules, because a policy has one level: what one refuses, the other leaves alone. */
function judge(app: ResourceView, refuses: boolean): readonly Judgement[] {
  const result = fitOf(app);
  if ("verdict" in result) return refuses ? [result] : [];
  const { tier, fit, secret } = result;
  if (fit.verdict !== (refuses ? "refuse" : "advise")) return [];
  const found = secret ? `more than ${fit.limit} users; the tier for them is ${fit.moveTo.name}` : fit.message;
  return [{ verdict: "violated", message: `Tier \`${tier.name}\`: ${found}.` }];
}

/** Refuses SQLite above 10,000 users. */
export const tierFitsUsers: ResourceRule = {
  scope: "resource",
  name: "tier-fits-users",
  description: "The tier of the stack can carry its number of users.",
  why: "One SQLite file on one machine is declared good for about 10,000 users; beyond that, requests wait for its single writer and no second machine can help.",
  remedy:
    "Promote the stack to the tier that the message names (`scaling-ladder:tier`), or correct `scaling-ladder:users`.",
  ids: ["S1-22", "S1-71", "C-01", "C-02"],
  levels: ALWAYS,
  types: APP_TYPES,
  check: (app) => judge(app, true),
};

/** Advises to move on: above 1,000 users on SQLite, and beyond the range of every other tier. */
export const tierUsersAdvisory: ResourceRule = {
  scope: "resource",
  name: "tier-users-advisory",
  description: "The number of users is within the range that the tier is made for.",
  why: "A tier still runs for a while beyond its range, but a promotion is easiest while there is room left.",
  remedy: "Plan the promotion to the tier that the message names.",
  ids: ["S0-04", "S0-37", "S0-38", "C-01"],
  levels: ADVICE,
  types: APP_TYPES,
  check: (app) => judge(app, false),
};

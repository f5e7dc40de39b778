import type { Problem } from "./problem";
import { type Tier, tierForUsers } from "./tiers";

/** What the number of users means for the chosen tier. */
export type UserFit =
  | { readonly verdict: "fits" }
  | { readonly verdict: "advise" | "refuse"; readonly limit: number; readonly moveTo: Tier; readonly message: string };

/**
 * Judges a number of users against a tier (C-01): SQLite advises above 1,000 users and refuses above 10,000;
 * every other tier advises once its range is left behind.
 */
export function userFit(tier: Tier, users: number): UserFit {
  const { adviseAboveUsers, refuseAboveUsers } = tier.limits;
  const tell = (verdict: "advise" | "refuse", limit: number, what: string): UserFit => {
    const moveTo = tierForUsers(users);
    const message = `${users} users are more than the ${limit} that ${what}; the tier for them is ${moveTo.name}`;
    return { verdict, limit, moveTo, message };
  };
  if (refuseAboveUsers !== undefined && users > refuseAboveUsers)
    return tell("refuse", refuseAboveUsers, "SQLite can carry");
  if (adviseAboveUsers !== undefined && users > adviseAboveUsers)
    return tell("advise", adviseAboveUsers, "SQLite is advised for");
  if (adviseAboveUsers === undefined && users >= tier.users.max)
    return tell("advise", tier.users.max - 1, `tier ${tier.name} is made for`);
  return { verdict: "fits" };
}

/** The problem to report when a tier refuses a number of users. */
export function refusal(tier: Tier, users: number): Problem | undefined {
  const fit = userFit(tier, users);
  if (fit.verdict !== "refuse") return undefined;
  return {
    key: "users",
    value: String(users),
    message: fit.message,
    allowed: `0 to ${fit.limit} on tier ${tier.name}`,
    next: `set scaling-ladder:tier to ${fit.moveTo.name} and promote the stack`,
  };
}

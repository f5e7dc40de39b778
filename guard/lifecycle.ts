import { isRecord } from "../settings/record";
import type { Change } from "./change";

/** Numbers of days after which something is deleted: S3's lifecycle rules, and the rules of an AWS Backup plan. */
const EXPIRY = /(^|\/)(expiration\/days|noncurrentVersionExpiration\/noncurrentDays|lifecycle\/deleteAfter)$/;

/** The days after which things are deleted, by the name of their rule and the place in it. A disabled rule deletes nothing. */
function expiries(rules: unknown): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) visit(item, `${path}/${nameOf(item, index)}`);
    else if (isRecord(value) && value.status !== "Disabled")
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
    else if (typeof value === "number" && value > 0 && EXPIRY.test(path)) found.set(path, value);
  };
  visit(rules, "");
  return found;
}

/** Rules are known by their name: their order means nothing. */
function nameOf(rule: unknown, index: number): string {
  const name = isRecord(rule) ? (rule.id ?? rule.ruleName) : undefined;
  return typeof name === "string" ? name : String(index);
}

/** A rule that deletes sooner than before. */
export const keepsShorter: Change = (was, will) => {
  const before = expiries(was);
  return [...expiries(will)].some(([place, days]) => days < (before.get(place) ?? 0));
};

/** A rule that deletes sooner than before, or begins to delete what is there. */
export const expiresSooner: Change = (was, will) => {
  const before = expiries(was);
  return [...expiries(will)].some(([place, days]) => days < (before.get(place) ?? Number.POSITIVE_INFINITY));
};

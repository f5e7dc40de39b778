import { cacheNotice } from "../../promotion/files/cacheNotice";
import { findFolder } from "../../promotion/machine/folder";
import { tierByName } from "../../settings";
import type { PromoteCommand } from "./options";

/** What a promotion does not move, to be told before and after it. Empty where nobody has said which tier it climbs to. */
export function announcements(parent: string, { to }: PromoteCommand): string[] {
  const known = findFolder(parent);
  const tier = known === undefined || known.ended ? to : known.folder.promotion.to;
  if (tier === undefined) return [];
  const cache = cacheNotice({ type: tierByName("development").cache }, { type: tierByName(tier).cache });
  return [
    "Uploaded files go by npx ladder files move: before the application serves from the bucket, and once more when nobody writes into the folder (docs/promotion.md).",
    ...(cache === undefined ? [] : [cache]),
  ];
}

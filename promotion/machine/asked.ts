import type { CatalogueName, TierName } from "../../settings";
import { ExitCode, UserError } from "../../settings/errors";
import { rulesHash } from "../rules/read";
import type { Promotion } from "./folder";

/** What was typed of how a promotion begins. A run that goes on may leave all of it out. */
export interface Asked {
  readonly to?: TierName;
  /** Absolute path of the SQLite file. */
  readonly source?: string;
  /** `translate`: onto no logical database. */
  readonly onto?: CatalogueName | "translate";
  /** Path of `rules.yaml`. */
  readonly rules?: string;
  readonly quarantine: boolean;
}

/** @throws UserError when something is asked for that a promotion which has begun is not: it is fixed, and silence would look like consent. */
export function refuseOtherwise(promotion: Promotion, { to, source, onto, rules, quarantine }: Asked): void {
  const refuse = (option: string, fixed: string): never => {
    throw new UserError(
      `${option} is not what promotion ${promotion.id} of stack ${promotion.stack} began with: ${fixed}. Leave it out to go on; to change it, take the promotion back (npx ladder promote ${promotion.stack} --rollback) and begin again. Nothing was changed.`,
      ExitCode.refused,
    );
  };
  if (to !== undefined && to !== promotion.to) refuse(`--to ${to}`, `it climbs to ${promotion.to}`);
  if (source !== undefined && source !== promotion.source) refuse(`--source ${source}`, `it is of ${promotion.source}`);
  const mapped = promotion.catalogue ?? "translate";
  if (onto !== undefined && onto !== mapped)
    refuse(
      onto === "translate" ? "--translate" : `--database ${onto}`,
      mapped === "translate" ? "it carries the tables as they are" : `it maps onto ${mapped}`,
    );
  if (rules !== undefined && rulesHash(rules) !== promotion.rules)
    refuse(`--rules ${rules}`, promotion.rules === undefined ? "it has no rules" : "its rules were others");
  if (quarantine && !promotion.quarantine) refuse("--quarantine", "it refuses rows that cannot be carried");
}

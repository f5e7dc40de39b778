import { mustBeText, mustHaveItems } from "../../checks/content";
import { type Judgements, mustBeAtLeast, mustNotBeTrue, shown, unverified, violated } from "../../checks/property";
import { type Path, readList } from "../../reading/reader";
import type { Value } from "../../reading/value";
import { FROM_ENTERPRISE, type ResourceRule, type Rule } from "../../rule";

const vaultCmk: ResourceRule = {
  scope: "resource",
  name: "vault-cmk",
  description: "Every backup vault has a key of the stack, and cannot be deleted with what is in it.",
  why: "A backup holds all data at once; and a vault that may be emptied on the way out is no backup.",
  remedy: "Set `kmsKeyArn`, and leave `forceDestroy` out.",
  ids: ["Backup.1", "CKV_AWS_166", "S0-33"],
  levels: FROM_ENTERPRISE,
  types: ["aws:backup/vault:Vault"],
  check: ({ props }) => [...mustBeText(props, "kmsKeyArn"), ...mustNotBeTrue(props, "forceDestroy")],
};

/** Judges a rule of a plan: kept long enough, and copied, each copy kept as long. */
function judgeRule(props: Value, path: Path, days: number): Judgements {
  const copies: Path = [...path, "copyActions"];
  const list = readList(props, ...copies);
  const count = list.state === "known" ? list.value.length : 0;
  return [
    ...mustBeAtLeast(days, props, ...path, "lifecycle", "deleteAfter"),
    ...mustHaveItems(props, ...copies),
    ...Array.from({ length: count }, (_, index) => [
      ...mustBeText(props, ...copies, index, "destinationVaultArn"),
      ...mustBeAtLeast(days, props, ...copies, index, "lifecycle", "deleteAfter"),
    ]).flat(),
  ];
}

const backupRule: ResourceRule = {
  scope: "resource",
  name: "backup-rule",
  description: "Every rule of a backup plan keeps its recovery points long enough and copies them into another vault.",
  why: "Damage is often found weeks later; and a backup in one region is lost with it.",
  remedy: "Set `lifecycle.deleteAfter` and `copyActions` (`scaling-ladder:backup`, `scaling-ladder:secondaryRegion`).",
  ids: ["C-39", "S0-34", "S0-33"],
  levels: FROM_ENTERPRISE,
  limits: ["recoveryPointDays"],
  types: ["aws:backup/plan:Plan"],
  check: ({ props }, { recoveryPointDays }) => {
    const rules = readList(props, "rules");
    if (rules.state === "unknown") return unverified(shown(["rules"]));
    if (rules.state !== "known" || rules.value.length === 0) return violated("The plan has no `rules`.");
    return rules.value.flatMap((_, index) => judgeRule(props, ["rules", index], recoveryPointDays));
  },
};

/** What is asked of AWS Backup. */
export const backupRules: readonly Rule[] = [vaultCmk, backupRule];

import { type Answer, all, any, holds, judged, not, yesIf } from "../../checks/answer";
import { type Reading, read, readList, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import type { Value } from "../../reading/value";
import { FROM_ENTERPRISE, ONLY_FROM_ENTERPRISE, type Rule, type StackRule } from "../../rule";
import { targetsOf } from "../stack/targets";
import { names, primaries } from "./rdsInstances";

const SELECTION = "aws:backup/selection:Selection";
const PLAN = "aws:backup/plan:Plan";
const VAULT = "aws:backup/vault:Vault";
const REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

/** Whether a selection of AWS Backup holds an instance: by name, or by tags, of which only AWS Backup can tell. */
function selects(selection: StackResource, instance: StackResource): Answer {
  const byTag = any(
    ["selectionTags", "conditions"].map((input) => {
      const { state } = read(selection.props, input, 0);
      return state === "absent" || state === "mistyped" ? "no" : "unknown";
    }),
  );
  const byName = names(selection, "resources", instance);
  return all([any([byName, byTag]), not(names(selection, "notResources", instance))]);
}

/** Whether an instance is in a plan, one rule of which meets a condition. */
function inPlan(stack: StackView, instance: StackResource, fits: (plan: StackResource, rule: Value) => Answer): Answer {
  return any(
    stack.ofType(SELECTION).map((selection) => {
      const { found, rest } = targetsOf(stack, selection, "planId", PLAN);
      const plans = found.map((plan) => anyRule(plan, fits));
      return all([selects(selection, instance), any([...plans, rest === "none" ? "no" : "unknown"])]);
    }),
  );
}

function anyRule(plan: StackResource, fits: (plan: StackResource, rule: Value) => Answer): Answer {
  const rules = readList(plan.props, "rules");
  if (rules.state === "unknown") return "unknown";
  return any(rules.state === "known" ? rules.value.map((rule) => fits(plan, rule)) : []);
}

const inBackupPlan: StackRule = {
  scope: "stack",
  name: "rds-in-backup-plan",
  description: "Every primary is selected by a backup plan that keeps its recovery points in a vault.",
  why: "RDS keeps its own backups for 35 days at most, and they can be deleted by whoever may delete the database.",
  remedy:
    "Add the ARN of the instance to the `resources` of an `aws.backup.Selection` of a plan with a rule and a vault.",
  ids: ["RDS.26", "S0-31", "C-39"],
  levels: FROM_ENTERPRISE,
  check: (stack) =>
    primaries(stack).flatMap((instance) =>
      judged(
        inPlan(stack, instance, (_, rule) => {
          const vault = readText(rule, "targetVaultName");
          // The name of a vault that is yet to be made is the name of a vault.
          return yesIf(vault.state === "unknown" || holds(vault, (name) => name !== "") === "yes");
        }),
        instance.urn,
        `${instance.name} is in no backup plan.`,
        `Whether a backup plan selects ${instance.name} is`,
      ),
    ),
};

/** Whether a region is another one than that of a resource, which may be left to the provider. */
function isElsewhere(region: Reading<string>, { props }: StackResource): Answer {
  const own = readText(props, "region");
  if (region.state === "mistyped") return "no";
  return region.state === "known" && own.state === "known" ? yesIf(region.value !== own.value) : "unknown";
}

/** Region of an ARN. */
function regionOf(arn: string): Reading<string> {
  const region = arn.split(":")[3] ?? "";
  return region === "" ? { state: "mistyped" } : { state: "known", value: region, secret: false };
}

/** Whether a rule of a plan copies into a vault of another region. */
function copiesElsewhere(stack: StackView, plan: StackResource, rule: Value): Answer {
  const actions = readList(rule, "copyActions");
  if (actions.state === "unknown") return "unknown";
  const vaults = stack
    .referredBy(plan, VAULT, "rules")
    .map((vault) => isElsewhere(readText(vault.props, "region"), plan));
  return any(
    (actions.state === "known" ? actions.value : []).map((action) => {
      const vault = readText(action, "destinationVaultArn");
      if (vault.state === "known") return isElsewhere(regionOf(vault.value), plan);
      // Which vault is not known yet; but of those that the plan names, only one that stands elsewhere can be meant.
      return vault.state === "unknown" ? any(vaults.length > 0 ? vaults : ["unknown"]) : "no";
    }),
  );
}

/** Whether a copy of the automated backups is kept in another region than the instance's. */
const replicatesElsewhere = (copy: StackResource, instance: StackResource): Answer =>
  all([names(copy, "sourceDbInstanceArn", instance), isElsewhere(readText(copy.props, "region"), instance)]);

const copiedToSecondRegion: StackRule = {
  scope: "stack",
  name: "rds-copied-to-second-region",
  description: "Backups of every primary are copied into a second region.",
  why: "When a whole region is lost, what is only kept there is lost with it.",
  remedy:
    "Set `secondaryRegion`, or copy by hand: replicate the automated backups, or add a copy action to the backup plan.",
  ids: ["S0-34", "C-39", "C-41"],
  levels: ONLY_FROM_ENTERPRISE,
  check: (stack) =>
    primaries(stack).flatMap((instance) =>
      judged(
        any([
          ...stack.ofType(REPLICATION).map((copy) => replicatesElsewhere(copy, instance)),
          inPlan(stack, instance, (plan, rule) => copiesElsewhere(stack, plan, rule)),
        ]),
        instance.urn,
        `No backup of ${instance.name} is copied into another region.`,
        `Whether backups of ${instance.name} are copied into another region is`,
      ),
    ),
};

/** What is asked of the backups of databases, over all that makes them. */
export const rdsBackupRules: readonly Rule[] = [inBackupPlan, copiedToSecondRegion];

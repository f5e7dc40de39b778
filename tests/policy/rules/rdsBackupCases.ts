import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { one } from "./oneCase";
import { primary, replica } from "./rdsFixtures";

type Given = ReturnType<typeof resource>;

const ARN = "arn:aws:rds:us-east-1:123456789012:db:db";
const vault = (region: Value, name = "vault") => resource("aws:backup/vault:Vault", { id: name, region }, name);
const far = vault("us-west-2", "far");
const near = vault("us-east-1", "near");

const plan = (rules: Value, refers: Record<string, Given | readonly Given[]> = {}, region: Value = "us-east-1") =>
  resource("aws:backup/plan:Plan", { id: "plan-1", region, rules }, "plan", { refers });
const daily = plan([{ ruleName: "daily", targetVaultName: "vault" }]);
const selection = (props: Readonly<Record<string, Value>>, refers: Record<string, Given> = {}) =>
  resource("aws:backup/selection:Selection", { planId: "plan-1", ...props }, "selection", { refers });

/** A primary in a plan by references alone. */
const referring = (target: Given, to: Given = primary) =>
  selection({ planId: UNKNOWN, resources: [UNKNOWN] }, { planId: target, resources: to });
const bucket = resource("aws:s3/bucket:Bucket", {}, "bucket");
const other = having({ ...primary, urn: `${primary.urn}-2`, name: "other" }, ["identifier"], "other");
const rule = (value: Value) => plan([{ targetVaultName: value }]);

const IN_PLAN: readonly Case[] = [
  one("pass", "by reference, with everything unknown", [primary, daily, referring(daily)]),
  one("pass", "a vault whose name is not known yet", [primary, rule(UNKNOWN), referring(rule(UNKNOWN))]),
  one("pass", "by its ARN and the plan's id as texts", [primary, daily, selection({ resources: [ARN] })]),
  one("pass", "by a pattern of ARNs", [primary, daily, selection({ resources: ["arn:aws:rds:*:*:db:*"] })]),
  one("pass", "everything", [primary, daily, selection({ resources: ["*"] })]),
  one("pass", "all but another one", [primary, daily, selection({ resources: ["*"], notResources: [`${ARN}-2`] })]),
  one("pass", "a replica is in none", [primary, replica, daily, referring(daily)]),
  one("fail", "no selection", [primary, daily], ["violated"], { says: ["primary is in no backup plan"] }),
  one("fail", "a selection of something else", [primary, bucket, daily, referring(daily, bucket)], ["violated"]),
  one("fail", "a selection of another one", [primary, daily, selection({ resources: [`${ARN}-2`] })], ["violated"]),
  one("fail", "a selection of nothing", [primary, daily, selection({ resources: [] })], ["violated"]),
  one("fail", "one of two databases", [primary, other, daily, referring(daily)], ["violated"], { says: ["other"] }),
  one("fail", "left out by name", [primary, daily, selection({ resources: ["*"], notResources: [ARN] })], ["violated"]),
  one("fail", "a plan without rules", [primary, plan([]), referring(plan([]))], ["violated"]),
  one("fail", "a rule without a vault", [primary, rule(""), referring(rule(""))], ["violated"]),
  one("absent", "no plan", [primary, selection({ planId: null, resources: [ARN] })], ["violated"]),
  one("absent", "rules left out", [primary, plan(null), referring(plan(null))], ["violated"]),
  one("absent", "a vault left out", [primary, rule(null), referring(rule(null))], ["violated"]),
  one(
    "unknown",
    "a plan from elsewhere",
    [primary, daily, selection({ planId: "plan-9", resources: [ARN] })],
    ["unverified"],
  ),
  one("unknown", "what is selected", [primary, daily, selection({ resources: UNKNOWN })], ["unverified"], {
    says: ["a backup plan selects primary"],
  }),
  one("unknown", "the rules", [primary, plan(UNKNOWN), referring(plan(UNKNOWN))], ["unverified"]),
  one(
    "unknown",
    "a selection by tags",
    [primary, daily, selection({ selectionTags: [{ key: "backup" }] })],
    ["unverified"],
  ),
  one("unknown", "a selection by conditions", [primary, daily, selection({ conditions: UNKNOWN })], ["unverified"]),
  one("unknown", "tags that do not narrow what is named", [
    primary,
    daily,
    selection({ resources: [ARN], selectionTags: [], conditions: [] }),
  ]),
  one(
    "unknown",
    "what is left out",
    [primary, daily, selection({ resources: [ARN], notResources: UNKNOWN })],
    ["unverified"],
  ),
  one(
    "unknown",
    "its identifier",
    [having(primary, ["identifier"], UNKNOWN), daily, selection({ resources: [ARN] })],
    ["unverified"],
  ),
  one("wrong type", "resources that are none", [primary, daily, selection({ resources: { arn: ARN } })], ["violated"]),
  one("wrong type", "a vault that is no text", [primary, rule(7), referring(rule(7))], ["violated"]),
  one("secret", "an ARN that is marked secret", [primary, daily, selection({ resources: [new Secret(ARN)] })]),
];

const copies = (props: Readonly<Record<string, Value>>, refers: Record<string, Given> = {}) =>
  resource("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", props, "copies", {
    refers,
  });
const copied = (region: Value) => copies({ sourceDbInstanceArn: UNKNOWN, region }, { sourceDbInstanceArn: primary });
const copying = (to: Value, ...vaults: readonly Given[]) =>
  plan([{ targetVaultName: "vault" }, { copyActions: [{ destinationVaultArn: to }] }], { rules: vaults });
const vaultArn = (region: string) => `arn:aws:backup:${region}:123456789012:backup-vault:far`;
const inPlan = (target: Given) => [primary, far, near, target, referring(target)];

const COPIED: readonly Case[] = [
  one("pass", "S0-34: automated backups, by reference", [primary, copied("us-west-2")]),
  one("pass", "automated backups, by ARN", [primary, copies({ sourceDbInstanceArn: ARN, region: "us-west-2" })]),
  one("pass", "the plan, by reference", inPlan(copying(UNKNOWN, far))),
  one("pass", "the plan, by reference to a vault here and one elsewhere", inPlan(copying(UNKNOWN, near, far))),
  one("pass", "the plan, by ARN", inPlan(copying(vaultArn("us-west-2")))),
  one("fail", "neither", [primary], ["violated"], { says: ["No backup of primary"] }),
  one("fail", "automated backups in the same region", [primary, copied("us-east-1")], ["violated"]),
  one(
    "fail",
    "automated backups of another one",
    [primary, other, copies({ sourceDbInstanceArn: UNKNOWN, region: "us-west-2" }, { sourceDbInstanceArn: other })],
    ["violated"],
    { says: ["No backup of primary"] },
  ),
  one("fail", "the plan, into the same region", inPlan(copying(UNKNOWN, near)), ["violated"]),
  one("fail", "the plan, into the same region by ARN", inPlan(copying(vaultArn("us-east-1"))), ["violated"]),
  one("fail", "a plan without copies", inPlan(daily), ["violated"]),
  one(
    "fail",
    "a plan that copies, but not this one",
    [primary, far, bucket, copying(UNKNOWN, far), referring(copying(UNKNOWN, far), bucket)],
    ["violated"],
  ),
  one("absent", "a copy to nowhere", inPlan(copying(null, far)), ["violated"]),
  one("absent", "the region of a copy is the provider's", [primary, copied(null)], ["unverified"]),
  one("unknown", "the region of a copy", [primary, copied(UNKNOWN)], ["unverified"], {
    says: ["backups of primary are copied"],
  }),
  one(
    "unknown",
    "the region of the database",
    [having(primary, ["region"], UNKNOWN), copies({ sourceDbInstanceArn: ARN, region: "us-west-2" })],
    ["unverified"],
  ),
  one(
    "unknown",
    "the region of the plan",
    inPlan(plan([{ copyActions: [{ destinationVaultArn: vaultArn("us-west-2") }] }], {}, UNKNOWN)),
    ["unverified"],
  ),
  one("unknown", "a vault that may be any", inPlan(copying(UNKNOWN)), ["unverified"]),
  one("unknown", "the copies", inPlan(plan([{ copyActions: UNKNOWN }])), ["unverified"]),
  one(
    "unknown",
    "what is copied",
    [primary, copies({ sourceDbInstanceArn: UNKNOWN, region: "us-west-2" })],
    ["unverified"],
  ),
  one("wrong type", "a vault that is no text", inPlan(copying(7, far)), ["violated"]),
  one("wrong type", "a vault that is no ARN", inPlan(copying("far")), ["violated"]),
  one("secret", "an ARN that is marked secret", inPlan(copying(new Secret(vaultArn("us-west-2"))))),
];

export const CASES: Cases = { "rds-in-backup-plan": IN_PLAN, "rds-copied-to-second-region": COPIED };

import { TIERS } from "../../../settings/tiers";
import { unverified, violated } from "../../checks/property";
import { readText } from "../../reading/reader";
import { ALWAYS, matchesType, type Rule, type StackRule } from "../../rule";

const APP = "scaling-ladder:app:*";

/** What a stack on PostgreSQL in the cloud is made of, and what the rules about it look for: one of these types each. */
const SUBSTANCE: readonly (readonly [what: string, ...types: string[]])[] = [
  ["an application", APP],
  ["a database component", "scaling-ladder:database:*"],
  ["a files component", "scaling-ladder:files:*"],
  ["a cache component", "scaling-ladder:cache:*"],
  [
    "a database",
    "aws:rds/instance:Instance",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    "scaling-ladder:database:ExternalDatabase",
  ],
  ["a bucket", "aws:s3/bucket:Bucket", "scaling-ladder:files:MinioFiles", "scaling-ladder:files:ExternalS3Files"],
  ["a cache", "aws:elasticache/replicationGroup:ReplicationGroup", "scaling-ladder:cache:KubernetesRedis"],
  ["an encryption key", "aws:kms/key:Key"],
  ["an alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", "kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
  ["a workload", "kubernetes:apps/v1:Deployment"],
];

const policyNotVacuous: StackRule = {
  scope: "stack",
  name: "policy-not-vacuous",
  description: "A stack in the cloud holds the things that the rules are about.",
  why: "A rule about a type that nothing has any more finds nothing: after a type is renamed, every rule about it would pass in silence.",
  remedy: "Give the types that the message names to the parts of the stack, or follow a renamed type in the rules.",
  ids: ["S0-37", "S0-38"],
  levels: ALWAYS,
  check: ({ resources }) => {
    const has = (start: string): boolean => resources.some(({ type }) => type.startsWith(start));
    if (!has("aws:") || !has("scaling-ladder:")) return [];
    const tiers = resources.filter(({ type }) => matchesType([APP], type)).map(({ props }) => readText(props, "tier"));
    if (tiers.some(({ state }) => state === "unknown")) return unverified("The tier of the stack is");
    const onSqlite = TIERS.filter(({ database }) => database === "sqlite").map(({ name }): string => name);
    if (tiers.some((tier) => tier.state === "known" && onSqlite.includes(tier.value))) return [];
    const missing = SUBSTANCE.filter(([, ...wanted]) => !resources.some(({ type }) => matchesType(wanted, type)));
    const names = missing.map(([what, ...types]) => `${what} (${types.join(" or ")})`).join(", ");
    return missing.length === 0 ? [] : violated(`The stack lacks ${names}.`);
  },
};

/** Whether there is anything to judge. */
export const substanceRules: readonly Rule[] = [policyNotVacuous];

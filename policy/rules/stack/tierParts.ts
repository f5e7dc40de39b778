import { TIERS } from "../../../settings/tiers";
import { type Judgements, unverified, violated } from "../../checks/property";
import { type Reading, readText } from "../../reading/reader";
import type { StackResource } from "../../reading/stackView";
import { ALWAYS, type StackRule } from "../../rule";

const APP_TYPE = /^scaling-ladder:app:/;

/** The part of the table that a component is. */
type Part = "database" | "files" | "cache";

/** The components that are a part of a tier, each with what it is in the words of the table. */
const PARTS: Readonly<Record<string, { readonly part: Part; readonly kind: string }>> = {
  "scaling-ladder:database:SqliteDatabase": { part: "database", kind: "sqlite" },
  "scaling-ladder:database:RdsDatabase": { part: "database", kind: "postgresql" },
  "scaling-ladder:database:CloudNativePg": { part: "database", kind: "postgresql" },
  "scaling-ladder:database:ExternalDatabase": { part: "database", kind: "postgresql" },
  "scaling-ladder:files:LocalFiles": { part: "files", kind: "local" },
  "scaling-ladder:files:S3Files": { part: "files", kind: "s3" },
  "scaling-ladder:files:MinioFiles": { part: "files", kind: "s3" },
  "scaling-ladder:files:ExternalS3Files": { part: "files", kind: "s3" },
  "scaling-ladder:cache:MemoryCache": { part: "cache", kind: "memory" },
  "scaling-ladder:cache:RedisCache": { part: "cache", kind: "redis" },
  "scaling-ladder:cache:KubernetesRedis": { part: "cache", kind: "redis" },
};

/** Database, files and cache are those that the table of tiers has for the tier of the application. */
export const tierPartsMatch: StackRule = {
  scope: "stack",
  name: "tier-parts-match",
  description: "Database, files and cache of the stack are those of its tier.",
  why: "Limits, costs and alerts of a tier are calculated for its own parts; SQLite under the name of `smb` has none of them.",
  remedy: "Set `scaling-ladder:tier` to the tier that has these parts, and let it choose them.",
  ids: ["S1-87", "S1-88", "S1-89", "C-01"],
  levels: ALWAYS,
  check: ({ resources }) => {
    const tiers = resources.filter(({ type }) => APP_TYPE.test(type)).map(({ props }) => readText(props, "tier"));
    return resources.flatMap((component) => judgeComponent(component, tiers));
  },
};

/** A stack on its way up has the parts of two tiers, and an application for each. A tier that is none is the affair of tier-fits-users. */
function judgeComponent(component: StackResource, tiers: readonly Reading<string>[]): Judgements {
  const { urn, name, type } = component;
  const own = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  if (own === undefined) return [];
  const rows = TIERS.filter((row) => tiers.some((tier) => tier.state === "known" && tier.value === row.name));
  const { part, kind } = own;
  if (rows.some((row) => row[part] === kind)) return [];
  if (tiers.some(({ state }) => state === "unknown")) return unverified("The tier of the stack is", urn);
  return rows.flatMap((row) =>
    violated(`${name} is ${kind}; the ${part} of tier \`${row.name}\` is ${row[part]}.`, urn),
  );
}

import { z } from "zod";
import { SCHEMAS } from "./schema";
import { TIER_NAMES, type TierName } from "./tiers";

/** The part of a JSON schema that describes one setting. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  /** Our own words for what a text may be, where a pattern would not tell a reader. */
  readonly allowed?: string;
}

/** One setting of one or more tiers, as the reference page and `Pulumi.yaml` show it. */
export interface SettingReference {
  /** Without namespace, for example `database.busyTimeoutMs`. */
  readonly key: string;
  readonly tiers: readonly TierName[];
  readonly allowed: string;
  readonly default: string;
  readonly required: boolean;
  readonly description: string;
}

const schemas = new Map<TierName, Node>();

/** Made when first asked for, because only errors and the docs need it, and then kept: it takes some milliseconds. */
function schemaOf(tier: TierName): Node {
  const known = schemas.get(tier);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(SCHEMAS[tier], { io: "input", unrepresentable: "any" }) as Node;
  schemas.set(tier, made);
  return made;
}

/** A group is told member by member, unless it has words of its own. */
const isGroup = (node: Node): boolean => node.properties !== undefined && node.allowed === undefined;

/** What may stand in a setting, in words. */
export function describeAllowed(node: Node): string {
  if (node.allowed !== undefined) return node.allowed;
  if (node.const !== undefined) return String(node.const);
  if (node.enum !== undefined) return node.enum.map(String).join(", ");
  if (node.anyOf !== undefined) return node.anyOf.map(describeAllowed).join(", ");
  if (node.type === "integer") return `an integer from ${node.minimum ?? "-∞"} to ${node.maximum ?? "∞"}`;
  if (node.type === "boolean") return "true, false";
  if (node.type === "array") return `a list of: ${describeAllowed(node.items ?? {})}`;
  if (node.type === "object")
    return isGroup(node) ? `the keys ${Object.keys(node.properties ?? {}).join(", ")}` : "names with text values";
  if (node.format === "email") return "an e-mail address";
  if (node.format === "uri") return "a URL";
  if (node.pattern !== undefined) return `text of the form ${node.pattern}`;
  return "text";
}

function settingsOf(
  node: Node,
  prefix: string,
  required: ReadonlySet<string>,
): { key: string; node: Node; required: boolean }[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    return isGroup(child)
      ? settingsOf(child, key, new Set())
      : [{ key, node: child, required: required.has(name) && child.default === undefined }];
  });
}

/** The schema node of one key of one tier, or undefined when that tier has no such key. */
export function nodeOf(tier: TierName, key: string): Node | undefined {
  let node: Node | undefined = schemaOf(tier);
  for (const part of key.split(".")) node = node?.properties?.[part] ?? (/^\d+$/.test(part) ? node?.items : undefined);
  return node;
}

/** All keys of a tier, groups and settings alike. */
export function keysOf(tier: TierName): string[] {
  const walk = (node: Node, prefix: string): string[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
      const key = prefix === "" ? name : `${prefix}.${name}`;
      return [key, ...walk(child, key)];
    });
  return walk(schemaOf(tier), "");
}

/** Every setting of every tier; the same key with the same meaning in several tiers is one entry. */
export function settingsReference(): SettingReference[] {
  const entries = new Map<string, SettingReference & { tiers: TierName[] }>();
  for (const tier of TIER_NAMES) {
    const schema = schemaOf(tier);
    for (const { key, node, required } of settingsOf(schema, "", new Set(schema.required))) {
      const entry = {
        key,
        tiers: [tier],
        allowed: key === "tier" ? TIER_NAMES.join(", ") : describeAllowed(node),
        default: node.default === undefined ? "" : JSON.stringify(node.default),
        required,
        description: key === "tier" ? "Tier of the stack: which parts it is made of." : (node.description ?? ""),
      };
      const same = [key, entry.allowed, entry.default, entry.description].join("|");
      const known = entries.get(same);
      if (known === undefined) entries.set(same, entry);
      else known.tiers.push(tier);
    }
  }
  return [...entries.values()].sort((a, b) => a.key.localeCompare(b.key));
}

import { type Judgements, unverified, violated } from "../../checks/property";
import type { Limits } from "../../limits";
import { type Path, type Reading, read, readText } from "../../reading/reader";
import type { StackResource, StackView } from "../../reading/stackView";
import { toValue, type Value } from "../../reading/value";
import { ALWAYS, type Rule, type StackRule } from "../../rule";

const PROVIDER = "pulumi:providers:aws";
const isCloud = ({ type }: StackResource): boolean => type.startsWith("aws:");

/** Components name the regions of the settings, the second one too. */
const isComponent = ({ type }: StackResource): boolean => type.startsWith("scaling-ladder:");
const REGION_NAMES = ["region", "secondaryRegion"];

/** The regions in which resources may be: those of the limits, or those that providers and components name. */
function allowedRegions(stack: StackView, { regions }: Limits): ReadonlySet<string> {
  if (regions.length > 0) return new Set(regions);
  const named = stack.resources
    .filter((resource) => resource.type === PROVIDER || isComponent(resource))
    .flatMap(({ props }) => REGION_NAMES.map((name) => readText(props, name)));
  return new Set(named.flatMap((region) => (region.state === "known" ? [region.value] : [])));
}

/**
 * Things of the whole account have no region; the region of everything else is its own, or its provider's. Where nothing names
 * regions there is nothing to compare with.
 */
function judgeRegion(resource: StackResource, allowed: ReadonlySet<string>): Judgements {
  const { name, props, urn } = resource;
  const region = readText(props, "region");
  if (region.state === "absent" || allowed.size === 0) return [];
  if (region.state === "unknown") return unverified(`The region of ${name} is`, urn);
  if (region.state === "known" && allowed.has(region.value)) return [];
  return violated(`${name} is in a region that the stack is not allowed to use.`, urn);
}

/** Providers take structures as JSON text. */
function structureAt(props: Value, ...path: Path): Reading<Value> {
  const reading = read(props, ...path);
  if (reading.state !== "known" || typeof reading.value !== "string") return reading;
  try {
    return { ...reading, value: toValue(JSON.parse(reading.value)) };
  } catch {
    return { state: "mistyped" };
  }
}

/** Demands that each of the tags has a text. One that is not known yet is there. */
function mustHaveTags(tags: Value, wanted: readonly string[], { name, urn }: StackResource): Judgements {
  const missing = wanted.filter((tag) => {
    const text = readText(tags, tag);
    return text.state !== "unknown" && !(text.state === "known" && text.value !== "");
  });
  return missing.length === 0 ? [] : violated(`${name} lacks the tags ${missing.join(", ")}.`, urn);
}

function judgeProvider(provider: StackResource, wanted: readonly string[]): Judgements {
  const defaults = structureAt(provider.props, "defaultTags");
  if (defaults.state === "unknown") return unverified(`The default tags of ${provider.name} are`, provider.urn);
  const value = defaults.state === "known" ? defaults.value : null;
  const tags = read(value, "tags");
  if (tags.state === "unknown") return unverified(`The default tags of ${provider.name} are`, provider.urn);
  return mustHaveTags(tags.state === "known" ? tags.value : null, wanted, provider);
}

/**
 * All tags of a resource, its provider's among them, where the provider tells them. Before `up` it may not, and then its provider
 * alone is judged; what cannot have tags never has them.
 */
function judgeTags(resource: StackResource, wanted: readonly string[]): Judgements {
  const all = read(resource.props, "tagsAll");
  return all.state === "known" ? mustHaveTags(all.value, wanted, resource) : [];
}

const regionAndTags: StackRule = {
  scope: "stack",
  name: "region-and-tags",
  description: "Everything is in a region of the stack and says by its tags which stack it belongs to.",
  why: "What stands in a region that nobody looks at is neither watched nor paid for on purpose; without tags nobody knows whose it is.",
  remedy:
    "Use the provider of the stack, with its default tags; name further regions in `regions` of the policy configuration.",
  ids: ["C-41", "S1-15"],
  levels: ALWAYS,
  limits: ["regions", "requiredTags"],
  check: (stack, limits) => {
    const allowed = allowedRegions(stack, limits);
    return stack.resources.flatMap((resource) => {
      if (resource.type === PROVIDER)
        return [...judgeRegion(resource, allowed), ...judgeProvider(resource, limits.requiredTags)];
      if (!isCloud(resource)) return [];
      return [...judgeRegion(resource, allowed), ...judgeTags(resource, limits.requiredTags)];
    });
  },
};

/** Where resources are, and whose they say they are. */
export const placementRules: readonly Rule[] = [regionAndTags];

import { isUnknown, rootOf, valueAt } from "./change";
import type { PreviewStep, ResourceState } from "./previewSteps";
import { nameOf } from "./urn";

/** The steps of a preview by URN. A replacement has up to three; the one that tells most comes first. */
export type StepsByUrn = ReadonlyMap<string, readonly PreviewStep[]>;

/** The inputs that force a replacement, sorted. */
export function replacedBy(steps: readonly PreviewStep[]): string[] {
  return [...new Set(steps.flatMap(({ replaceReasons }) => replaceReasons))].sort();
}

/** Why a resource is replaced, as sentences: the inputs with their values, and where those come from. */
export function causeOfReplacement(steps: readonly PreviewStep[], all: StepsByUrn): string {
  const properties = replacedBy(steps);
  const old = steps.find((step) => step.old)?.old;
  const next = steps.find((step) => step.new)?.new;
  if (properties.length > 0)
    return properties
      .map((property) => `${describe(property, old, next)}${origin(property, old, next, all)}.`)
      .join(" ");
  if (old?.taint) return "It was marked to be replaced (pulumi state taint).";
  const upstream = replacedAmong([...(old?.dependencies ?? []), ...(next?.dependencies ?? [])], all);
  return upstream.length > 0
    ? `It depends on ${upstream.join(" and ")}.`
    : "The engine names no property; it was asked for (--replace, replaceOnChanges), or follows another replacement.";
}

/** `identifier changes from "a" to "b"`. Only plain values are shown, and none that is secret. */
export function describe(property: string, old: ResourceState | undefined, next: ResourceState | undefined): string {
  if (property === "provider") return "provider changes: another account, region or provider configuration";
  const was = show(old, property);
  const will = show(next, property);
  if (was === undefined || will === undefined) return `${property} changes`;
  return was === will ? `${property} changes` : `${property} changes from ${was} to ${will}`;
}

function show(state: ResourceState | undefined, property: string): string | undefined {
  if (state === undefined) return undefined;
  const value = valueAt(state.inputs, property) ?? valueAt(state.outputs, property);
  if (value === undefined || value === null) return "nothing";
  if (isUnknown(value)) return "something known only after `up`";
  if (typeof value === "object") return undefined;
  return JSON.stringify(value);
}

/** Where the value of an input comes from, when that is itself made anew. */
function origin(
  property: string,
  old: ResourceState | undefined,
  next: ResourceState | undefined,
  all: StepsByUrn,
): string {
  const root = rootOf(property);
  const sources = [...(next?.propertyDependencies[root] ?? []), ...(old?.propertyDependencies[root] ?? [])];
  const upstream = replacedAmong(sources, all);
  return upstream.length > 0 ? `; it comes from ${upstream.join(" and ")}` : "";
}

/** Those of the URNs that are replaced, deleted or made anew, with the inputs that cause that. */
function replacedAmong(urns: readonly string[], all: StepsByUrn): string[] {
  return [...new Set(urns)].sort().flatMap((urn) => {
    const steps = all.get(urn) ?? [];
    const kind = ["replace", "delete", "gone"].find((wanted) => steps.some((step) => step.kind === wanted));
    if (kind === undefined) return [];
    const reasons = replacedBy(steps);
    const how = kind === "replace" ? "is replaced" : kind === "delete" ? "is deleted" : "is gone";
    return [`${nameOf(urn)}, which ${how}${reasons.length > 0 ? ` because of ${reasons.join(", ")}` : ""}`];
  });
}

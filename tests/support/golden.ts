import type { Judgement } from "../../guard/finding";
import { judge } from "../../guard/judge";
import type { Preview, PreviewStep, ResourceState } from "../../guard/previewSteps";
import { parsePreview } from "../../guard/previewSteps";
import { typeOf } from "../../guard/urn";
import { PROVIDERS } from "../../rehearsal/clouds";
import { differences, forces } from "../../rehearsal/difference";

/** A recorded preview of a stack from nothing: what each resource would be made with. Values that only a run knows are left out. */
export type Golden = Readonly<Record<string, GoldenResource>>;

interface GoldenResource {
  readonly protect?: true;
  readonly retainOnDelete?: true;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const UNKNOWN_VALUE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is written down of a preview, in the order of the URNs. */
export function goldenOf(previewJson: string): Golden {
  const { steps, errors } = parsePreview(previewJson);
  if (errors.length > 0) throw new Error(`the preview failed: ${errors.join("; ")}`);
  const resources = steps.flatMap((step) => {
    if (step.new === undefined || step.type.startsWith("pulumi:")) return [];
    const { protect, retainOnDelete, inputs } = step.new;
    const flags = { ...(protect ? { protect } : {}), ...(retainOnDelete ? { retainOnDelete } : {}) };
    return [[step.urn, { ...flags, inputs: plain(inputs) }] as const];
  });
  return Object.fromEntries([...resources].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const plain = (inputs: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !name.startsWith("__"))
      .map(([name, value]) => [name, known(value)]),
  );

/** A program that is carried along: its length says nothing, and its text is held elsewhere. */
const LONG = 20_000;

/** Objects that are named by what is in them: each change of a migration, or of the program, is another object. */
const NAMED_BY_CONTENT = /^(database-migration(?:-program|-plan)?)-[0-9a-f]{10}$/;

const text = (value: string): string =>
  UNKNOWN_VALUE.test(value)
    ? "[unknown]"
    : value.length > LONG
      ? "[a program]"
      : value.replace(NAMED_BY_CONTENT, "$1-[hash]");

/** Unknown values are told by one word, in any place. */
function known(value: unknown): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]));
}

const models = new Map(PROVIDERS.flatMap(({ resources }) => [...resources]));

/**
 * What the guard against loss says of going from one recorded preview to another, with the providers' own rules of what replaces:
 * the change of code that made the difference, seen by a stack that is up.
 */
export function judgeChange(before: Golden, after: Golden): Judgement {
  const urns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const steps = urns.map((urn) => stepOf(urn, before[urn], after[urn]));
  const preview: Preview = { steps, refused: [], errors: [] };
  return judge(preview);
}

function stepOf(urn: string, old: GoldenResource | undefined, now: GoldenResource | undefined): PreviewStep {
  const type = typeOf(urn);
  const states = {
    ...(old === undefined ? {} : { old: stateOf(type, old) }),
    ...(now === undefined ? {} : { new: stateOf(type, now) }),
  };
  if (old === undefined) return { kind: "create", urn, type, ...states, replaceReasons: [], changed: [] };
  if (now === undefined) return { kind: "delete", urn, type, ...states, replaceReasons: [], changed: [] };
  const changed = differences(old.inputs, now.inputs).map(({ path }) => path);
  const model = models.get(type);
  const forcing = [...(model?.replaces ?? []), ...(model?.replacesWhen?.(now.inputs, old.inputs) ?? [])];
  const replaceReasons = changed.filter((path) => forces(forcing, path));
  const kind = replaceReasons.length > 0 ? "replace" : changed.length > 0 ? "update" : "same";
  return { kind, urn, type, ...states, replaceReasons, changed };
}

const stateOf = (type: string, { protect, retainOnDelete, inputs }: GoldenResource): ResourceState => ({
  type,
  custom: !type.startsWith("scaling-ladder:"),
  protect: protect === true,
  retainOnDelete: retainOnDelete === true,
  external: false,
  taint: false,
  delete: false,
  inputs,
  outputs: {},
  dependencies: [],
  propertyDependencies: {},
});

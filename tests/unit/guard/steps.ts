/** Steps in the shape that the engine prints (`PreviewDigest`), for tests. */

export const STACK = "prod";

export type Json = Readonly<Record<string, unknown>>;

/** A step as the engine prints it. */
export interface RawStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: Json;
  readonly newState?: Json;
  readonly replaceReasons?: readonly string[];
  readonly diffReasons?: readonly string[];
  readonly detailedDiff: Readonly<Record<string, { kind: string; inputDiff: boolean }>> | null;
}

export const urnOf = (type: string, name: string, parent = "scaling-ladder:database:RdsDatabase"): string =>
  `urn:pulumi:${STACK}::scaling-ladder::${parent}$${type}::${name}`;

const PROVIDER = `urn:pulumi:${STACK}::scaling-ladder::pulumi:providers:aws::aws::0b8fb7a6-3a0f-4d4b-9d61-3a5f6d0d9f7e`;

export function stateOf(urn: string, inputs: Json, more: Json = {}): Json {
  const type = urn.split("::")[2]?.split("$").at(-1);
  return { urn, custom: true, type, inputs, outputs: { ...inputs }, parent: "", provider: PROVIDER, ...more };
}

interface Edit {
  /** Options of the state before and after, such as `protect`. */
  readonly old?: Json;
  readonly next?: Json;
  readonly parent?: string;
}

const detailed = (paths: readonly string[], kind: string) =>
  Object.fromEntries(paths.map((path) => [path, { kind, inputDiff: false }]));

const differing = (was: Json, will: Json): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(will)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(will[key]),
  );

/** A change in place, as a bridged provider tells it: with a detailed diff. */
export function update(type: string, name: string, was: Json, will: Json, edit: Edit = {}): RawStep {
  const urn = urnOf(type, name, edit.parent);
  const changed = differing(was, will);
  return {
    op: "update",
    urn,
    oldState: stateOf(urn, was, edit.old),
    newState: stateOf(urn, will, edit.next),
    diffReasons: changed,
    detailedDiff: detailed(changed, "update"),
  };
}

/** A replacement, as `--show-replacement-steps` tells it: three steps. */
export function replace(type: string, name: string, was: Json, will: Json, edit: Edit = {}): RawStep[] {
  const urn = urnOf(type, name, edit.parent);
  const changed = differing(was, will);
  const states = {
    oldState: stateOf(urn, was, { ...edit.old, delete: true }),
    newState: stateOf(urn, will, edit.next),
  };
  const why = { replaceReasons: changed, diffReasons: changed, detailedDiff: detailed(changed, "update-replace") };
  return [
    { op: "create-replacement", urn, ...states, ...why },
    { op: "replace", urn, ...states, ...why },
    { op: "delete-replaced", urn, oldState: states.oldState, detailedDiff: null },
  ];
}

export function remove(type: string, name: string, was: Json, edit: Edit = {}): RawStep {
  const urn = urnOf(type, name, edit.parent);
  return { op: "delete", urn, oldState: stateOf(urn, was, edit.old), detailedDiff: null };
}

export function create(type: string, name: string, will: Json, edit: Edit = {}): RawStep {
  const urn = urnOf(type, name, edit.parent);
  return { op: "create", urn, newState: stateOf(urn, will, edit.next), detailedDiff: null };
}

export function same(type: string, name: string, inputs: Json, edit: Edit = {}): RawStep {
  const urn = urnOf(type, name, edit.parent);
  return {
    op: "same",
    urn,
    oldState: stateOf(urn, inputs, edit.old),
    newState: stateOf(urn, inputs, edit.next),
    detailedDiff: null,
  };
}

/** The text that `pulumi preview --json` prints, with the stack itself as its first step. */
export function previewJson(steps: readonly RawStep[], diagnostics: readonly Json[] = []): string {
  const urn = `urn:pulumi:${STACK}::scaling-ladder::pulumi:pulumi:Stack::scaling-ladder-${STACK}`;
  const state = { urn, custom: false, type: "pulumi:pulumi:Stack" };
  const stack = { op: "same", urn, oldState: state, newState: state, detailedDiff: null };
  return JSON.stringify({ steps: [stack, ...steps], diagnostics, duration: 1, changeSummary: { same: 1 } });
}

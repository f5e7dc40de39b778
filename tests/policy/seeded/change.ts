import { isRecord } from "../../../settings/record";
import type { CapturedResource, CapturedStack } from "../../support/capture";
import type { Described } from "../../support/described";

/** A mistake: the stack as it would be with it. Throws when there is nothing to make it in. */
export type Change = (stack: CapturedStack) => CapturedStack;

type Inputs = Readonly<Record<string, Described>>;

/** The resource of that name; where a component has the same name, the one that a provider makes. */
function find({ resources }: CapturedStack, name: string): CapturedResource {
  const named = resources.filter((resource) => resource.name === name);
  const found = named.find(({ custom }) => custom) ?? named[0];
  if (found === undefined) throw new Error(`the stack has no resource ${name}`);
  return found;
}

const changed =
  (name: string, change: (resource: CapturedResource) => CapturedResource): Change =>
  (stack) => {
    const found = find(stack, name);
    return { ...stack, resources: stack.resources.map((one) => (one === found ? change(one) : one)) };
  };

/** The value with another one at the path; undefined takes it away. A path may add a member, but not what that is a member of. */
function withAt(value: Described, path: readonly string[], become: Described | undefined): Described {
  const [key = "", ...rest] = path;
  const inner = (old: Described | undefined): Described | undefined => {
    if (rest.length === 0) return become;
    if (old === undefined) throw new Error(`there is no ${key} to change ${rest.join(".")} in`);
    return withAt(old, rest, become);
  };
  if (Array.isArray(value)) {
    if (key === "+") return [...value, inner({}) ?? null];
    const items = value.map((item: Described, index) => (index === Number(key) ? inner(item) : item));
    return items.filter((item) => item !== undefined);
  }
  if (!isRecord(value)) throw new Error(`there is nothing to change ${key} in`);
  const members = value as Inputs;
  const { [key]: old, ...others } = members;
  const now = inner(old);
  if (now === undefined && old === undefined) throw new Error(`there is no ${key} to take away`);
  return now === undefined ? others : { ...members, [key]: now };
}

const withInputs = (name: string, values: Readonly<Record<string, Described | undefined>>): Change =>
  changed(name, (resource) => Object.entries(values).reduce(withInput, resource));

function withInput(
  resource: CapturedResource,
  [path, value]: readonly [string, Described | undefined],
): CapturedResource {
  const keys = path.split(".");
  const [input = ""] = keys;
  const inputs = withAt(resource.inputs, keys, value) as Inputs;
  const madeFrom = (resource.madeFrom[input] ?? []).filter((urn) => {
    const [before, after] = [resource.inputs, inputs].map((all) => JSON.stringify(all[input] ?? null).includes(urn));
    return keys.length > 1 && before === after;
  });
  return { ...resource, inputs, madeFrom: { ...resource.madeFrom, [input]: madeFrom } };
}

/** Sets inputs, by paths such as `versioningConfiguration.status`, `rules.0.id` and, for one more of a list, `rules.+`. */
export const set = (name: string, values: Inputs): Change => withInputs(name, values);

/** Forgets inputs. */
export const unset = (name: string, ...paths: string[]): Change =>
  withInputs(name, Object.fromEntries(paths.map((path) => [path, undefined])));

/** Replaces one member of the items that have this name, as `parameters` and `env` have them. */
export const setNamed = (name: string, input: string, item: string, values: Inputs): Change =>
  changed(name, (resource) => {
    const replaced = (value: Described): Described => {
      if (Array.isArray(value)) return value.map(replaced);
      if (!isRecord(value)) return value;
      const members = value as Inputs;
      if (members.name === item) return { ...members, ...values };
      return Object.fromEntries(Object.entries(members).map(([key, inner]) => [key, replaced(inner)]));
    };
    const before = resource.inputs[input] ?? null;
    const after = replaced(before);
    if (JSON.stringify(after) === JSON.stringify(before)) throw new Error(`${input} of ${name} has no other ${item}`);
    return { ...resource, inputs: { ...resource.inputs, [input]: after } };
  });

/** Replaces a text everywhere in an input, which may be joined from outputs of other resources. */
export const reword = (name: string, input: string, from: string, to: string): Change =>
  changed(name, (resource) => {
    const before = JSON.stringify(resource.inputs[input]);
    const [quotedFrom, quotedTo] = [from, to].map((text) => JSON.stringify(text).slice(1, -1)) as [string, string];
    if (!before?.includes(quotedFrom)) throw new Error(`${input} of ${name} does not hold ${from}`);
    const after = JSON.parse(before.replaceAll(quotedFrom, quotedTo)) as Described;
    return { ...resource, inputs: { ...resource.inputs, [input]: after } };
  });

/** Sets an input to a value that comes from another resource, and so is known after `up` only. */
export const setLater =
  (name: string, input: string, value: Described, by: string): Change =>
  (stack) =>
    set(name, { [input]: { $later: value, $by: find(stack, by).urn } })(stack);

/** Changes options such as `protect`. */
export const options = (name: string, values: Readonly<Record<string, unknown>>): Change =>
  changed(name, (resource) => ({ ...resource, options: { ...resource.options, ...values } }));

/** Forgets resources. What was taken from them stands there as somebody would have typed it. */
export const without =
  (...names: string[]): Change =>
  (stack) => {
    const gone = new Set(names.map((name) => find(stack, name)));
    return { ...stack, resources: stack.resources.filter((resource) => !gone.has(resource)) };
  };

/** Forgets all resources of a name's kind. */
export const withoutMatching =
  (names: RegExp): Change =>
  (stack) =>
    without(...stack.resources.map(({ name }) => name).filter((name) => names.test(name)))(stack);

/** Adds a resource beside another one: of the same component, made by the same provider. */
export const add =
  (beside: string, type: string, name: string, inputs: (id: (of: string) => Described) => Inputs): Change =>
  (stack) => {
    const neighbour = find(stack, beside);
    const id = (of: string): Described => ({ $from: find(stack, of).urn, $output: ["id"], $was: "" });
    const resource: CapturedResource = {
      ...neighbour,
      urn: neighbour.urn.slice(0, -neighbour.name.length) + name,
      type,
      name,
      options: {},
      inputs: inputs(id),
      madeFrom: {},
      after: [],
    };
    return { ...stack, resources: [...stack.resources, resource] };
  };

/** Sets an output of the stack. */
export const setOutput =
  (name: string, value: (old: Described | undefined) => Described): Change =>
  (stack) => ({ ...stack, outputs: { ...stack.outputs, [name]: value(stack.outputs[name]) } });

/** Several mistakes, or one that shows in several places. */
export const all =
  (...changes: Change[]): Change =>
  (stack) =>
    changes.reduce((now, change) => change(now), stack);

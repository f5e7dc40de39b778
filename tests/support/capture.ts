import { UNKNOWN } from "../../guard/change";
import { nameOf } from "../../guard/urn";
import { SIGNATURE } from "../../policy/reading/value";
import { isRecord } from "../../settings/record";
import { type Described, describeText, type Given, givenBy } from "./described";

/** A resource as the program registered it. */
export interface CapturedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent?: string;
  /** The provider resource; of a default provider only its version. */
  readonly provider?: string;
  readonly version?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Described>>;
  /** What each input was made from. */
  readonly madeFrom: Readonly<Record<string, readonly string[]>>;
  /** What it waits for besides. */
  readonly after: readonly string[];
  /** What a component registers at its end. */
  readonly outputs: Readonly<Record<string, Described>>;
}

/** A program's resources, in an order in which nothing comes before what it is made from, and its outputs. */
export interface CapturedStack {
  readonly stack: string;
  readonly resources: readonly CapturedResource[];
  readonly outputs: Readonly<Record<string, Described>>;
}

/** A resource in a preview's JSON or in an exported state. */
interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>> | null;
  readonly outputs?: Readonly<Record<string, unknown>> | null;
  readonly dependencies?: readonly string[] | null;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
  readonly customTimeouts?: Readonly<Record<string, number>> | null;
}

const OPTIONS = ["protect", "retainOnDelete", "ignoreChanges", "additionalSecretOutputs"];
const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE = "pulumi:providers:";

/**
 * What the program of a stack registers, from two runs of it: a preview from nothing tells what is not known then, the state
 * after `up` what became of it.
 * @param previewJson `pulumi preview --json`.
 * @param stateJson `pulumi stack export --show-secrets` after `up`.
 */
export function captureStack(previewJson: string, stateJson: string): CapturedStack {
  const planned = (JSON.parse(previewJson) as { steps: { newState: Recorded }[] }).steps.map(
    ({ newState }) => newState,
  );
  const state = (JSON.parse(stateJson) as { deployment: { resources: Recorded[] } }).deployment.resources;
  const made = new Map(state.map((resource) => [resource.urn, resource]));
  const given = new Map(state.map(({ urn, id = "", outputs }) => [urn, givenBy(urn, id, unlocked(outputs))]));
  const surprises = surprisesOf(planned, given);

  const capture = (resource: Recorded): CapturedResource => {
    const { urn, type, custom = false, parent, propertyDependencies } = resource;
    const inputs = own(resource.inputs);
    const madeFrom = Object.fromEntries(inputs.map(([name]) => [name, propertyDependencies?.[name] ?? []]));
    const named = new Set(Object.values(madeFrom).flat());
    return {
      urn,
      type,
      name: nameOf(urn),
      custom,
      ...(parent === undefined ? {} : { parent }),
      ...providerOf(resource, made),
      options: optionsOf(resource),
      inputs: Object.fromEntries(
        inputs.map(([name, value]) => {
          const from = madeFrom[name] ?? [];
          const texts = from.flatMap((one) => given.get(one) ?? []);
          return [name, described(value, made.get(urn)?.inputs?.[name], texts, from[0])];
        }),
      ),
      madeFrom,
      after: (resource.dependencies ?? []).filter((one) => !named.has(one)),
      outputs: custom ? {} : outputsOf(made.get(urn), surprises),
    };
  };
  const stack = planned.find(({ type }) => type === STACK_TYPE);
  if (stack === undefined) throw new Error("the preview holds no stack");
  return {
    stack: /^urn:pulumi:([^:]+)/.exec(stack.urn)?.[1] ?? "",
    resources: planned.filter((resource) => resource !== stack && !isDefaultProvider(resource.urn)).map(capture),
    outputs: outputsOf(made.get(stack.urn), surprises),
  };
}

/** The engine tells times in seconds; a program gives them with their unit. */
function optionsOf(resource: Recorded): Record<string, unknown> {
  const options = Object.entries(resource).filter(([name]) => OPTIONS.includes(name));
  const times = Object.entries(resource.customTimeouts ?? {}).map(([name, seconds]) => [name, `${seconds}s`]);
  return { ...Object.fromEntries(options), ...(times.length > 0 ? { customTimeouts: Object.fromEntries(times) } : {}) };
}

const own = (values: Recorded["inputs"]): [string, unknown][] =>
  Object.entries(values ?? {}).filter(([name]) => !name.startsWith("__"));

const isDefaultProvider = (urn: string): boolean => urn.includes(PROVIDER_TYPE) && nameOf(urn).startsWith("default_");

function providerOf({ provider, type, inputs }: Recorded, made: ReadonlyMap<string, Recorded>) {
  const version = (of: Recorded["inputs"]) => (typeof of?.version === "string" ? { version: of.version } : {});
  if (type.startsWith(PROVIDER_TYPE)) return version(inputs);
  const urn = provider?.slice(0, provider.lastIndexOf("::"));
  if (urn === undefined || urn === "") return {};
  return isDefaultProvider(urn) ? version(made.get(urn)?.inputs) : { provider: urn };
}

/** Shorter texts are in outputs by chance. */
const SHORTEST_SURPRISE = 16;

/** What outputs of a program can be made from: only what no preview can tell. */
function surprisesOf(planned: readonly Recorded[], given: ReadonlyMap<string, readonly Given[]>): Given[] {
  const known = new Set(planned.flatMap(({ inputs }) => givenBy("", "", inputs).map(({ text }) => text)));
  return planned
    .filter(({ custom }) => custom === true)
    .flatMap(({ urn }) => given.get(urn) ?? [])
    .filter(({ text }) => text.length >= SHORTEST_SURPRISE && !known.has(text));
}

const outputsOf = (resource: Recorded | undefined, surprises: readonly Given[]): Record<string, Described> =>
  Object.fromEntries(own(resource?.outputs).map(([name, value]) => [name, described(undefined, value, surprises)]));

/**
 * @param planned As the preview tells it; undefined where it says nothing, and the outputs alone decide.
 * @param became The same after `up`.
 * @param by A resource that it was made from.
 */
function described(planned: unknown, became: unknown, given: readonly Given[], by?: string): Described {
  if (isSecret(became)) return { $secret: described(undefined, JSON.parse(became.plaintext), given, by) };
  if (planned === UNKNOWN) return later(became, given, by);
  if (typeof became === "string") return planned === undefined ? describeText(became, given) : became;
  if (Array.isArray(became)) {
    const items = Array.isArray(planned) ? planned : [];
    return became.map((item, index) => described(items[index], item, given, by));
  }
  if (!isRecord(became)) return became as Described;
  const members = isRecord(planned) ? planned : {};
  return Object.fromEntries(
    Object.entries(became).map(([key, item]) => [key, described(members[key], item, given, by)]),
  );
}

function later(became: unknown, given: readonly Given[], by?: string): Described {
  const value = typeof became === "string" ? describeText(became, given) : (became as Described);
  if (value !== became) return value;
  if (by === undefined) throw new Error(`nothing tells where ${JSON.stringify(became)} comes from`);
  return { $later: value, $by: by };
}

const isSecret = (value: unknown): value is { readonly plaintext: string } =>
  isRecord(value) && SIGNATURE in value && typeof value.plaintext === "string";

/** Values without their marks. */
function unlocked(value: unknown): unknown {
  if (isSecret(value)) return unlocked(JSON.parse(value.plaintext));
  if (Array.isArray(value)) return value.map(unlocked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unlocked(item)]));
}

/** The words of the rehearsal: what a simulated cloud knows of each type of resource. */

/** Plain JSON values of a resource: its inputs or its outputs. A secret has been opened; an unknown one is `UNKNOWN`. */
export type Values = Readonly<Record<string, unknown>>;

/** Stands for a value that the engine does not know yet, in a preview. Equal to nothing but itself. */
export const UNKNOWN = Object.freeze({ unknown: true });

/** A resource that the simulated cloud holds. */
export interface CloudResource {
  /** Pulumi's type token, such as `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  /** Inputs and computed outputs together; secrets are sealed as `{ $secret: <fingerprint> }`. */
  readonly values: Values;
}

/** What a model may ask of the simulated cloud. */
export interface Cloud {
  /** Twelve digits. */
  readonly account: string;
  /** Region of the provider; a resource may name another one in its input `region`. */
  readonly region: string;
  /**
   * False while only the inputs are checked, before the resources that they name are made: the cloud then shows nothing, and
   * nothing may be concluded from what is not there.
   */
  readonly settled: boolean;
  find(type: string, id: string): CloudResource | undefined;
  all(type: string): readonly CloudResource[];
}

/** What a model may use to make an id or an output. */
export interface Making extends Cloud {
  readonly urn: string;
  /** The last part of the URN. */
  readonly name: string;
  /** Region of this very resource. */
  readonly region: string;
  /** Hexadecimal digits that are the same whenever this resource (its URN and creation) is asked for them. */
  hex(digits: number, salt?: string): string;
  /** `arn:aws:<service>:<region>:<account>:<resource>`; `global` leaves the region out. */
  arn(service: string, resource: string, where?: "global" | "bare"): string;
}

/** A wrong value: the input's name and the sentence that the cloud would answer. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** An input that names other resources, as an id, an ARN or a name, or as a list of them. */
export interface Reference {
  /** Types that it may name. */
  readonly types: readonly string[];
  /** The output of the named resource that must equal the value, the same for all types or by type. Default: its id. */
  readonly by?: string | Readonly<Record<string, string>>;
  /** Values that name what is always there. */
  readonly always?: readonly string[];
}

/** How the cloud behaves for one type. Everything that is left out is the same for all types. */
export interface ResourceModel {
  readonly type: string;
  /** Inputs whose change makes a new resource. `a.b` names a nested one; arrays are passed through. */
  readonly replaces: readonly string[];
  /** Inputs that force a new resource only when they change in a certain way, such as an engine's version downwards. */
  readonly replacesWhen?: (inputs: Values, old: Values) => readonly string[];
  /** Where that stands, an address or a repository's path. */
  readonly source: string;
  /**
   * AWS's published schema of the type, against which plain values are checked (enumerations, patterns, ranges, lengths).
   * `names` maps an input to its property where it is not just the same name with a capital; `false` takes it out.
   */
  readonly published?: {
    readonly type: string;
    readonly names?: Readonly<Record<string, string | false>>;
  };
  readonly references?: Readonly<Record<string, Reference>>;
  /** Typical times of the real cloud, in seconds. Default: 1 for each. */
  readonly seconds?: { readonly create: number; readonly update?: number; readonly delete?: number };
  /**
   * What the provider gives an input that was left out, such as a name made by itself. Asked at Check, so a change of it is
   * seen as a change of the input. Only for names: AWS's own defaults belong to `outputs`.
   */
  readonly autonamed?: { readonly property: string; readonly limit: number };
  /** A key that two resources of the type cannot share, such as a bucket's name; undefined where it is not known. */
  readonly unique?: (inputs: Values, cloud: Cloud) => string | undefined;
  /**
   * Rules between values. An unknown value is `UNKNOWN`: a rule must leave it alone. Asked twice: when the inputs are checked, with a
   * cloud that shows nothing, and again when the resource is made or changed, with the cloud as it is then.
   */
  readonly check?: (inputs: Values, cloud: Cloud) => readonly Refusal[];
  /** Rules of a change that the cloud refuses, such as smaller storage. */
  readonly checkUpdate?: (inputs: Values, old: Values, cloud: Cloud) => readonly Refusal[];
  readonly id: (inputs: Values, making: Making) => string;
  /** Computed outputs, beside the inputs. Called again after an update; `old` then holds the values until now. */
  readonly outputs: (inputs: Values, making: Making, old?: Values) => Values;
  /** Computed outputs that are secret, such as a generated password. */
  readonly secretOutputs?: readonly string[];
  /** Names of outputs that an update of these inputs may change, and that a preview must not promise: `{ input: [output] }`. */
  readonly recomputed?: Readonly<Record<string, readonly string[]>>;
  /** Why the cloud refuses to delete it now; undefined when it does not. */
  readonly refuseDelete?: (resource: CloudResource, cloud: Cloud) => string | undefined;
}

/** Answers a function such as `aws:index/getCallerIdentity:getCallerIdentity`. */
export type InvokeModel = (args: Values, cloud: Cloud) => Values;

/** One simulated provider. */
export interface ProviderModel {
  /** Package name: aws, kubernetes, postgresql, random. */
  readonly name: string;
  readonly version: string;
  /** True where what it makes lives in the engine's state only: no cloud holds it, and nothing gets lost on the way to one. */
  readonly stateless?: true;
  /** By type token. A type that is not here is refused. */
  readonly resources: ReadonlyMap<string, ResourceModel>;
  readonly invokes: ReadonlyMap<string, InvokeModel>;
}

/** Makes the table of a provider's models. Two models of one type are a mistake. */
export function byType(models: readonly ResourceModel[]): ReadonlyMap<string, ResourceModel> {
  const table = new Map(models.map((model) => [model.type, model]));
  if (table.size !== models.length) throw new Error("two models of one type");
  return table;
}

/** A value as text, where the rule needs one. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

import { setTimeout as sleep } from "node:timers/promises";
import { type Change, differences, forces } from "./difference";
import { type FaultKind, type Faults, saidOf } from "./faults";
import { autonamed, makingOf, nameIn } from "./making";
import { type ProviderModel, type Refusal, type ResourceModel, UNKNOWN, type Values } from "./model";
import { isRegional, type ProviderConfig, placed, regionOf, tagsOf } from "./placing";
import { checkPublished } from "./published/validate";
import { refusedReferences } from "./references";
import { shapeOf } from "./sdk";
import type { Opened } from "./wire";
import { blindView, sealed, unsealed, type World } from "./world";

export interface SimulationOptions {
  readonly world: World;
  /** Twelve digits. */
  readonly account: string;
  readonly faults: Faults;
  /** How many seconds here are one second of the real cloud; 0 waits for nothing. */
  readonly timeScale: number;
  /** Told of each change that was carried out. */
  readonly onChange?: (change: CarriedOut) => void;
}

/** A change that was carried out, and how long the real cloud would typically take. */
export interface CarriedOut {
  readonly urn: string;
  readonly type: string;
  readonly op: "create" | "update" | "delete";
  readonly cloudSeconds: number;
}

/** One call about one resource. */
export interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly config: ProviderConfig;
}

export interface Made {
  readonly id: string;
  readonly values: Values;
  readonly secrets: ReadonlySet<string>;
}

/** What the cloud or the provider refuses; its message is what the user sees. */
export class Refused extends Error {}

/** Something was made and did not become ready; the engine keeps it and tries again. */
export class Unready extends Error {
  constructor(
    message: string,
    readonly made: Made,
  ) {
    super(message);
  }
}

/** One simulated provider: answers as the real one would, by its models, from the world. */
export class Simulation {
  constructor(
    readonly provider: ProviderModel,
    private readonly options: SimulationOptions,
  ) {}

  invoke(token: string, args: Values, config: ProviderConfig): Values {
    const answer = this.provider.invokes.get(token);
    if (answer === undefined)
      throw new Refused(`the rehearsal does not know the function ${token}; add it to rehearsal/${this.provider.name}`);
    return answer(args, this.options.world.view(this.options.account, config.region));
  }

  /** Completes and checks inputs, as a provider does before anything else. */
  check(
    { urn, type, config }: Subject,
    old: Values,
    now: Values,
    seed: string,
  ): { inputs: Values; refusals: Refusal[] } {
    const model = this.modelOf(type);
    const inputs = autonamed(model, urn, old, now, seed);
    const shape = shapeOf(type);
    if (shape === undefined) throw new Refused(`the SDK of ${this.provider.name} has no type ${type}`);
    const missing = [...shape.required].filter((name) => inputs[name] === undefined);
    const unheard = Object.keys(inputs).filter((name) => !shape.inputs.has(name) && !name.startsWith("__"));
    return {
      inputs,
      refusals: [
        ...missing.map((property) => ({ property, reason: "is required" })),
        ...unheard.map((property) => ({ property, reason: `is no input of ${type}` })),
        ...checkPublished(model, inputs),
        ...(model.check?.(inputs, blindView(this.options.account, regionOf(inputs, config))) ?? []),
      ],
    };
  }

  /** What an update would change, and which of it needs a new resource. */
  diff({ type, config }: Subject, old: Values, oldInputs: Values, now: Values) {
    const model = this.modelOf(type);
    const moved = isRegional(this.provider, type) && regionOf(old, config) !== regionOf(now, config);
    const own = differences(oldInputs, now, this.provider.name === "kubernetes" ? "ordered" : "sets");
    const changes: Change[] = [
      ...own.filter(({ path }) => path !== "region"),
      // Another region of the provider moves whatever has none of its own.
      ...(moved ? [{ path: "region", kind: "update" as const }] : []),
      ...(differences({ tagsAll: old.tagsAll }, tagsOf(type, now, config)).length > 0
        ? [{ path: "tagsAll", kind: "update" as const }]
        : []),
    ];
    const sometimes = model.replacesWhen?.(now, old) ?? [];
    const forcing = [...model.replaces, ...sometimes, ...(moved ? ["region"] : [])];
    const replaces = changes.filter(({ path }) => forces(forcing, path)).map(({ path }) => path);
    // Two things of one name cannot stand beside each other, so the old one must go first.
    const name = model.unique?.(now, this.view(now, config));
    return {
      changes,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && Boolean(name) && name === model.unique?.(old, this.view(old, config)),
    };
  }

  /** The engine has spoken of a resource by its id, so it knows that there is one. */
  confirm({ type, urn }: Subject, id: string): void {
    if (this.provider.stateless !== true) this.options.world.confirm(type, id, urn);
  }

  async create(subject: Subject, { values: inputs, secrets: given }: Opened, preview: boolean): Promise<Made> {
    const model = this.modelOf(subject.type);
    if (preview) return { id: "", values: this.promised(subject, inputs), secrets: given };
    this.refuseDangling(model, inputs, subject.config);
    const { world } = this.options;
    const fault = this.nextFault();
    const lost = this.lost(subject, model, inputs);
    if (lost === undefined) this.refuseTwin(model, inputs, subject.config);
    await this.wait(model.seconds?.create);
    const serial = lost?.serial ?? world.nextSerial();
    const making = makingOf(subject.urn, serial, this.view(inputs, subject.config));
    const made: Made = {
      id: model.id(inputs, making),
      values: { ...inputs, ...model.outputs(inputs, making), ...this.placed(subject, inputs) },
      secrets: new Set([...given, ...(model.secretOutputs ?? [])]),
    };
    this.put(subject, made, serial, true);
    this.tell(subject, "create", model.seconds?.create, fault);
    if (fault === "unready") throw new Unready(saidOf(fault), made);
    return made;
  }

  /** @param oldInputs In a preview, what was an input until now: all else that is not given stays as the cloud chose it. */
  async update(
    subject: Subject,
    id: string,
    old: Opened,
    { values: inputs, secrets }: Opened,
    preview: boolean,
    oldInputs: Values = {},
  ): Promise<Made> {
    const model = this.modelOf(subject.type);
    const cloud = this.view(inputs, subject.config);
    const [refused] = model.checkUpdate?.(inputs, old.values, cloud) ?? [];
    if (refused !== undefined) throw new Refused(`${refused.property}: ${refused.reason}`);
    const known = new Set([...old.secrets, ...secrets]);
    if (preview) {
      const changed = differences(oldInputs, inputs).map(({ path }) => path.split(/[.[]/)[0] ?? path);
      const unsure = changed.flatMap((input) => model.recomputed?.[input] ?? []);
      const values = {
        ...overlaid(new Set(Object.keys(oldInputs)), old.values, inputs),
        ...Object.fromEntries(unsure.map((name) => [name, UNKNOWN])),
        ...this.placed(subject, inputs),
      };
      return { id, values, secrets: known };
    }
    this.refuseDangling(model, inputs, subject.config);
    const held = this.options.world.find(subject.type, id, subject.urn);
    if (held === undefined && this.provider.stateless !== true)
      throw new Refused(`${subject.type} ${id} is not there any more; run a refresh`);
    const fault = this.nextFault();
    await this.wait(model.seconds?.update);
    const serial = held?.serial ?? 0;
    const values = {
      ...overlaid(shapeOf(subject.type)?.inputs ?? new Set(), old.values, inputs),
      ...model.outputs(inputs, makingOf(subject.urn, serial, cloud), old.values),
      ...this.placed(subject, inputs),
    };
    const made: Made = { id, values, secrets: known };
    this.put(subject, made, serial, false);
    // An update may be done twice: the same inputs give the same resource.
    this.tell(subject, "update", model.seconds?.update, fault);
    if (fault === "unready") throw new Unready(saidOf(fault), made);
    return made;
  }

  /** What is really there; undefined when nothing is. */
  read({ type, urn }: Subject, id: string, known: Values): Values | undefined {
    this.modelOf(type);
    if (this.provider.stateless === true) return known;
    const held = this.options.world.find(type, id, urn);
    return held === undefined ? undefined : unsealed(held.values, known);
  }

  async delete(subject: Subject, id: string): Promise<void> {
    const model = this.modelOf(subject.type);
    const held = this.options.world.find(subject.type, id, subject.urn);
    if (held === undefined) return;
    const why = model.refuseDelete?.(held, this.view(held.values, subject.config));
    if (why !== undefined) throw new Refused(why);
    const fault = this.nextFault();
    if (fault === "unready") throw new Refused(saidOf(fault));
    await this.wait(model.seconds?.delete);
    this.options.world.remove(held);
    this.tell(subject, "delete", model.seconds?.delete, fault);
  }

  private modelOf(type: string): ResourceModel {
    const model = this.provider.resources.get(type);
    if (model === undefined)
      throw new Refused(
        `the rehearsal does not know the type ${type}, so it cannot say what the cloud would do; add a model to rehearsal/${this.provider.name}`,
      );
    return model;
  }

  private view(inputs: Values, config: ProviderConfig) {
    return this.options.world.view(this.options.account, regionOf(inputs, config));
  }

  /** Not asked in a preview: what is named may be made or changed by the same run. */
  private refuseDangling(model: ResourceModel, inputs: Values, config: ProviderConfig): void {
    const cloud = this.view(inputs, config);
    const [wrong] = [...refusedReferences(model, inputs, cloud), ...(model.check?.(inputs, cloud) ?? [])];
    if (wrong !== undefined) throw new Refused(`${wrong.property}: ${wrong.reason}`);
  }

  private refuseTwin(model: ResourceModel, inputs: Values, config: ProviderConfig): void {
    const cloud = this.view(inputs, config);
    const name = model.unique?.(inputs, cloud);
    if (!name) return;
    const twin = this.options.world
      .all(model.type)
      .find(({ values }) => model.unique?.(values, this.view(values, config)) === name);
    if (twin !== undefined) throw new Refused(`${model.type} ${name} already exists (made as ${nameIn(twin.urn)})`);
  }

  /** Outputs that a preview can promise: the inputs, and unknown for all that only the cloud can say. */
  private promised(subject: Subject, inputs: Values): Values {
    const unknown = [...(shapeOf(subject.type)?.outputs ?? [])].map((name) => [name, UNKNOWN]);
    return { ...Object.fromEntries(unknown), ...inputs, ...this.placed(subject, inputs) };
  }

  private placed({ type, config }: Subject, inputs: Values): Values {
    return placed(this.provider, type, inputs, config);
  }

  /** What was made for the same URN and the engine may never have heard of: the cloud knows the request again. */
  private lost({ type, urn, config }: Subject, model: ResourceModel, inputs: Values) {
    const found = this.options.world.unconfirmed(type, urn);
    if (found === undefined) return undefined;
    return model.id(inputs, makingOf(urn, found.serial, this.view(inputs, config))) === found.id ? found : undefined;
  }

  private put({ type, urn }: Subject, { id, values, secrets }: Made, serial: number, unconfirmed: boolean): void {
    if (this.provider.stateless === true) return;
    this.options.world.put({ type, id, urn, values: sealed(values, secrets), serial, unconfirmed });
  }

  /** Counts the change. Throws a fault that keeps the request from being carried out, and gives one that comes after it. */
  private nextFault(): "unready" | "unanswered" | undefined {
    if (this.provider.stateless === true) return undefined;
    const fault = this.options.faults.next();
    if (fault === undefined || fault === "unready" || fault === "unanswered") return fault;
    throw new Refused(saidOf(fault));
  }

  private async wait(seconds = 1): Promise<void> {
    const scaled = seconds * this.options.timeScale;
    if (scaled > 0) await sleep(scaled * 1000);
  }

  /** Tells of a change that was carried out, unless its answer gets lost. */
  private tell({ urn, type }: Subject, op: CarriedOut["op"], cloudSeconds = 1, fault?: FaultKind): void {
    if (fault === "unanswered") throw new Refused(saidOf(fault));
    this.options.onChange?.({ urn, type, op, cloudSeconds });
  }
}

/** Inputs replace what was; what was one and was taken out is gone, and what the cloud computed stays. */
const overlaid = (own: ReadonlySet<string>, old: Values, inputs: Values): Values => ({
  ...Object.fromEntries(Object.entries(old).filter(([name]) => !own.has(name))),
  ...inputs,
});

import { type Fault, Faults } from "../../../rehearsal/faults";
import { byType, type ProviderModel, type ResourceModel, text, type Values } from "../../../rehearsal/model";
import type { ProviderConfig } from "../../../rehearsal/placing";
import { type CarriedOut, Simulation } from "../../../rehearsal/simulation";
import { World } from "../../../rehearsal/world";

/** Models of real types with made-up rules, to show what the core does with a model. */

export const TOPIC = "aws:sns/topic:Topic";
export const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
export const PASSWORD = "random:index/randomPassword:RandomPassword";

export const topic: ResourceModel = {
  type: TOPIC,
  replaces: ["name", "fifoTopic"],
  source: "made up",
  autonamed: { property: "name", limit: 20 },
  seconds: { create: 4, update: 2, delete: 1 },
  unique: ({ name }) => text(name),
  check: ({ displayName }) => (displayName === "bad" ? [{ property: "displayName", reason: "is bad" }] : []),
  checkUpdate: ({ displayName }, old) =>
    displayName === undefined && old.displayName !== undefined
      ? [{ property: "displayName", reason: "cannot be taken away" }]
      : [],
  id: ({ name }, { arn }) => arn("sns", text(name)),
  outputs: (inputs, { arn, account, hex }, old) => ({
    arn: arn("sns", text(inputs.name)),
    owner: account,
    beginningArchiveTime: old === undefined ? hex(8) : old.beginningArchiveTime,
    signatureVersion: inputs.signatureVersion ?? 1,
    tracingConfig: inputs.tracingConfig ?? "PassThrough",
  }),
  secretOutputs: ["beginningArchiveTime"],
  recomputed: { displayName: ["owner"] },
  refuseDelete: ({ values }, { all }) =>
    all(SUBSCRIPTION).some((each) => each.values.topic === values.arn) ? "it has subscribers" : undefined,
};

export const subscription: ResourceModel = {
  type: SUBSCRIPTION,
  replaces: ["topic", "protocol"],
  source: "made up",
  references: { topic: { types: [TOPIC], by: "arn" } },
  id: ({ topic: of }, { hex }) => `${of}:${hex(12)}`,
  outputs: () => ({}),
};

export const providerOf = (models: readonly ResourceModel[], more: Partial<ProviderModel> = {}): ProviderModel => ({
  name: "aws",
  version: "7.48.0",
  resources: byType(models),
  invokes: new Map([["aws:index/getRegion:getRegion", (_args, { region }) => ({ region })]]),
  ...more,
});

export interface MadeUpOptions {
  readonly models?: readonly ResourceModel[];
  readonly provider?: Partial<ProviderModel>;
  readonly faults?: readonly Fault[];
  readonly world?: World;
  readonly config?: Partial<ProviderConfig>;
}

export const urnOf = (type: string, name: string): string => `urn:pulumi:test::scaling-ladder::${type}::${name}`;
export const opened = (values: Values, ...secrets: string[]) => ({ values, secrets: new Set(secrets) });

/** A simulation of the two types, in memory. */
export function madeUp({ models, provider, faults = [], world = new World(), config }: MadeUpOptions = {}) {
  const done: CarriedOut[] = [];
  const simulation = new Simulation(providerOf(models ?? [topic, subscription], provider), {
    world,
    account: "123456789012",
    faults: new Faults(faults),
    timeScale: 0,
    onChange: (change) => void done.push(change),
  });
  const subject = (name: string, type = TOPIC) => ({
    urn: urnOf(type, name),
    type,
    config: { region: "us-east-1", defaultTags: {}, ...config },
  });
  return { simulation, world, done, subject };
}

import { accountInvokes } from "../../../rehearsal/aws/account";
import { Faults } from "../../../rehearsal/faults";
import { byType, type ResourceModel, UNKNOWN, type Values } from "../../../rehearsal/model";
import { Simulation } from "../../../rehearsal/simulation";
import { World } from "../../../rehearsal/world";

const ACCOUNT = "123456789012";

/** What a create or an update answers. */
export type Made = Values & { readonly id: string };

/** A cloud of a few models only, in memory, that waits for nothing. */
export function oneCloud(models: readonly ResourceModel[], region = "us-east-1") {
  const world = new World();
  const resources = byType(models);
  const invokes = new Map(Object.entries(accountInvokes));
  const provider = { name: "aws", version: "7.48.0", resources, invokes };
  const simulation = new Simulation(provider, { world, account: ACCOUNT, faults: new Faults(), timeScale: 0 });
  const config = { region, defaultTags: {} };
  const inputsOf = new Map<string, Values>();
  let count = 0;
  const subject = (type: string, name: string) => ({
    urn: `urn:pulumi:test::scaling-ladder::${type}::${name}`,
    type,
    config,
  });
  const opened = (values: Values) => ({ values, secrets: new Set<string>() });
  const held = (type: string, id: string) => {
    const found = world.find(type, id);
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return { ...found, subject: { urn: found.urn, type, config } };
  };

  return {
    world,
    /** What is refused before anything is made, and by the cloud as it is now. */
    check(type: string, inputs: Values): string[] {
      const blind = simulation.check(subject(type, "checked"), {}, inputs, "seed").refusals;
      const where = typeof inputs.region === "string" ? inputs.region : region;
      const seeing = resources.get(type)?.check?.(inputs, world.view(ACCOUNT, where)) ?? [];
      return [...new Set([...blind, ...seeing].map(({ property, reason }) => `${property}: ${reason}`))];
    },
    /** @param name The resource's name in the program. Default: one that no other has. */
    async create(type: string, inputs: Values, name = `made-${++count}`): Promise<Made> {
      const checked = simulation.check(subject(type, name), {}, inputs, name);
      if (checked.refusals.length > 0)
        throw new Error(checked.refusals.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
      const { id, values } = await simulation.create(subject(type, name), opened(checked.inputs), false);
      inputsOf.set(`${type}::${id}`, checked.inputs);
      return { ...values, id };
    },
    async update(type: string, id: string, inputs: Values): Promise<Made> {
      const { subject, values } = held(type, id);
      return { ...(await simulation.update(subject, id, opened(values), opened(inputs), false)).values, id };
    },
    /** Inputs whose change would make a new resource: of one that is there, by its id, or of one with these inputs. */
    replaces(type: string, old: string | Values, change: Values): string[] {
      if (typeof old !== "string")
        return simulation.diff(subject(type, "compared"), old, old, { ...old, ...change }).replaces;
      const { subject: itself, values } = held(type, old);
      const inputs = inputsOf.get(`${type}::${old}`) ?? {};
      return simulation.diff(itself, values, inputs, { ...inputs, ...change }).replaces;
    },
    async remove(type: string, id: string): Promise<void> {
      await simulation.delete(held(type, id).subject, id);
    },
    invoke: (token: string, args: Values): Values => simulation.invoke(token, args, config),
  };
}

/** Values that no model may have an opinion about. */
export const unknowns = (...names: readonly string[]): Values =>
  Object.fromEntries(names.map((name) => [name, UNKNOWN]));

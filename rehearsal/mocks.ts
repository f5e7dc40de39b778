import { runtime } from "@pulumi/pulumi";
import { ACCOUNT, PROVIDERS } from "./clouds";
import { Faults } from "./faults";
import type { Values } from "./model";
import { Simulation } from "./simulation";
import { close, open } from "./wire";
import { World } from "./world";

/** A resource as a component made it, and what the simulated cloud answered. */
export interface Rehearsed {
  readonly type: string;
  readonly name: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export interface RehearsedMocks {
  /** In the order of their making; components and provider resources are among them, without outputs of their own. */
  readonly made: Rehearsed[];
  readonly world: World;
  /** The one resource whose name and type end so. Throws when there is none or more than one. */
  one(type: string, name?: string): Rehearsed;
  all(type: string): Rehearsed[];
}

/** Waits until everything that was asked for is made, and every component has told its outputs. */
export async function settled(): Promise<void> {
  // The SDK has this function and does not declare it.
  const waitForRPCs = Reflect.get(runtime, "waitForRPCs") as () => Promise<void>;
  await waitForRPCs();
}

/**
 * Lets components be made without an engine, answered by the same models as a rehearsal: a value that the simulated cloud refuses
 * fails the test. Call it before the component's module is loaded.
 */
export function rehearsedMocks({ stack = "test", region = "us-east-1", preview = false } = {}): RehearsedMocks {
  const made: Rehearsed[] = [];
  const world = new World();
  const options = { world, account: ACCOUNT, faults: new Faults(), timeScale: 0 };
  const simulations = new Map(PROVIDERS.map((provider) => [provider.name, new Simulation(provider, options)]));
  const config = { region, defaultTags: {} };
  const simulationOf = (token: string): Simulation | undefined => simulations.get(token.split(":")[0] ?? "");

  runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        const simulation = simulationOf(type);
        const { values, secrets } = open(inputs as Values);
        if (simulation === undefined) {
          made.push({ type, name, inputs: values, outputs: values });
          return { id: `${name}-id`, state: inputs };
        }
        const subject = { urn: `urn:pulumi:${stack}::scaling-ladder::${type}::${name}`, type, config };
        const checked = simulation.check(subject, {}, values, name);
        const [refusal] = checked.refusals;
        if (refusal !== undefined) throw new Error(`${name} (${type}) ${refusal.property}: ${refusal.reason}`);
        const answer = await simulation.create(subject, { values: checked.inputs, secrets }, preview);
        simulation.confirm(subject, answer.id);
        made.push({ type, name, inputs: checked.inputs, outputs: answer.values });
        return { id: answer.id, state: close(answer.values, answer.secrets) };
      },
      call({ token, inputs }) {
        return simulationOf(token)?.invoke(token, open(inputs as Values).values, config) ?? inputs;
      },
    },
    "scaling-ladder",
    stack,
    preview,
  );

  const all = (type: string) => made.filter((resource) => resource.type.endsWith(type));
  return {
    made,
    world,
    all,
    one(type, name = "") {
      const found = all(type).filter((resource) => resource.name.endsWith(name));
      const [only] = found;
      if (only === undefined || found.length > 1)
        throw new Error(
          `${found.length} resources of type ${type} and name ${name}: ${made.map((each) => `${each.type} ${each.name}`).join(", ")}`,
        );
      return only;
    },
  };
}

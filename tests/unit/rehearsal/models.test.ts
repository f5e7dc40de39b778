import { describe, expect, it } from "vitest";
import { ACCOUNT, PROVIDERS } from "../../../rehearsal/clouds";
import { makingOf } from "../../../rehearsal/making";
import type { ProviderModel, ResourceModel, Values } from "../../../rehearsal/model";
import published from "../../../rehearsal/published/schemas.json";
import { shapeOf } from "../../../rehearsal/sdk";
import { World } from "../../../rehearsal/world";

/** What holds of every model that is registered. The tests beside this one show what single models do. */

const SCHEMAS: Readonly<Record<string, { readonly properties: object } | undefined>> = published.types;
const models = PROVIDERS.flatMap(({ resources }) => [...resources.values()]);
const types = new Set(models.map(({ type }) => type));
const cases = models.map((model): [string, ResourceModel] => [model.type, model]);

/** The first part of a nested name. */
const first = (path: string): string => path.split(/[.[]/)[0] ?? path;

/** Names that are neither an input nor an output of the type. */
const unheard = (type: string, names: Iterable<string>): string[] => {
  const shape = shapeOf(type);
  return [...names].filter((name) => !shape?.inputs.has(first(name)) && !shape?.outputs.has(first(name)));
};

/** Inputs of every kind, because what a model computes may depend on them. */
function madeUpInputs(type: string): Values[] {
  const names = [...(shapeOf(type)?.inputs ?? [])];
  const all = (value: unknown): Values => Object.fromEntries(names.map((name) => [name, value]));
  return [{}, all("text"), all(1), all(true), all(["text"]), all({ name: "text" }), all([{ name: "text" }])];
}

/** Every name that a model computes for some of those inputs. */
function computed({ type, outputs }: ResourceModel): Set<string> {
  const making = makingOf(`urn:pulumi:test::test::${type}::x`, 1, new World().view(ACCOUNT, "us-east-1"));
  const names = madeUpInputs(type).flatMap((inputs) => {
    try {
      return [outputs(inputs, making)];
    } catch {
      return []; // Inputs that no check would have let through.
    }
  });
  expect(names.length, "no made-up inputs that it can compute anything from").toBeGreaterThan(0);
  return new Set(names.flatMap((values) => Object.keys(values)));
}

/** Where a provider is part of another package. */
const PACKAGES: Readonly<Record<string, string>> = { "pulumi-nodejs": "pulumi" };

describe("the providers", () => {
  it("are in the versions that the project uses", () => {
    for (const { name, version } of PROVIDERS)
      expect(version, name).toBe(require(`@pulumi/${PACKAGES[name] ?? name}/package.json`).version.replace(/^v/, ""));
  });

  it("describe their own types only, each by its own name", () => {
    const wrong = ({ name, resources, invokes }: ProviderModel) =>
      [...resources]
        .flatMap(([key, { type }]) => (key === type && type.startsWith(`${name}:`) ? [] : [type]))
        .concat([...invokes.keys()].filter((token) => !token.startsWith(`${name}:`)));
    expect(PROVIDERS.flatMap(wrong)).toEqual([]);
  });
});

describe.each(cases)("the model of %s", (type, model) => {
  it("is of a type that the SDK has", () => expect(shapeOf(type)).toBeDefined());

  it("says where its replacements stand", () => expect(model.source).toMatch(/https:\/\/\S+|\w[\w.-]*\/\w/));

  it("names inputs and outputs that the SDK has", () => {
    expect(unheard(type, model.replaces), "replaces").toEqual([]);
    expect(unheard(type, Object.keys(model.published?.names ?? {})), "published.names").toEqual([]);
    expect(unheard(type, Object.keys(model.references ?? {})), "references").toEqual([]);
    expect(unheard(type, model.autonamed ? [model.autonamed.property] : []), "autonamed").toEqual([]);
    expect(unheard(type, Object.entries(model.recomputed ?? {}).flat(2)), "recomputed").toEqual([]);
    expect(unheard(type, model.secretOutputs ?? []), "secretOutputs").toEqual([]);
    expect(unheard(type, computed(model)), "outputs").toEqual([]);
  });

  it("refers to types that are described, by outputs that they have", () => {
    for (const [path, { types: named, by }] of Object.entries(model.references ?? {})) {
      expect(
        named.filter((each) => !types.has(each)),
        path,
      ).toEqual([]);
      for (const each of named) {
        const output = typeof by === "object" ? by[each] : by;
        expect(unheard(each, output === undefined ? [] : [output]), path).toEqual([]);
      }
    }
  });

  it("takes what AWS publishes from the type and the properties that are published", () => {
    if (model.published === undefined) return;
    const schema = SCHEMAS[model.published.type];
    expect(schema, model.published.type).toBeDefined();
    const properties = Object.values(model.published.names ?? {}).filter((each) => each !== false);
    expect(properties.filter((name) => !(name in (schema?.properties ?? {})))).toEqual([]);
  });
});

import { type Captured, isObject, type Json, type JsonObject, nameOf } from "../captured";
import { argumentsOf, type Block } from "./schema";
import { argumentName, translate } from "./translate";
import { snakeCase, terraformType } from "./types";

/** Resources that are not Terraform's to describe: the engine's own, our components, Kubernetes objects and random values. */
const NOT_TERRAFORM = /^(pulumi|scaling-ladder|kubernetes|random|postgresql):/;

/** A plan of Terraform, as `terraform show -json` writes it, as far as checks read it. */
export interface Plan {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources: readonly PlannedResource[] } };
  readonly configuration: { readonly root_module: { readonly resources: readonly ConfiguredResource[] } };
}
interface PlannedResource {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly values: JsonObject;
}
interface ConfiguredResource {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly expressions: JsonObject;
}

/** A plan, and the resource that each of its addresses stands for. */
export interface ExportedPlan {
  readonly plan: Plan;
  readonly urns: ReadonlyMap<string, string>;
}

interface Placed {
  readonly resource: Captured;
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly block: Block;
}

/** Writes the AWS resources of a stack as a plan. Throws when a type or an input of one has no counterpart in Terraform. */
export function exportPlan(resources: readonly Captured[]): ExportedPlan {
  const taken = new Set<string>();
  const placed = resources
    .filter(({ type }) => !NOT_TERRAFORM.test(type))
    .map((resource): Placed => {
      const { type, block } = counterpart(resource);
      const name = freeName(type, nameOf(resource.urn), taken);
      return { resource, type, name, address: `${type}.${name}`, block };
    });
  const byUrn = new Map(placed.map((one) => [one.resource.urn, one]));
  return {
    plan: {
      format_version: "1.2",
      terraform_version: "1.9.0",
      planned_values: {
        root_module: { resources: placed.map((one) => ({ ...headOf(one), values: valuesOf(one) })) },
      },
      configuration: {
        root_module: { resources: placed.map((one) => ({ ...headOf(one), expressions: expressionsOf(one, byUrn) })) },
      },
    },
    urns: new Map(placed.map(({ address, resource }) => [address, resource.urn])),
  };
}

function counterpart({ urn, type: token }: Captured): { type: string; block: Block } {
  const type = terraformType(token, (name) => argumentsOf(name) !== undefined);
  const block = type === undefined ? undefined : argumentsOf(type);
  if (type === undefined || block === undefined)
    throw new Error(`${token} of ${nameOf(urn)} has no counterpart in Terraform: see crosscheck/terraform/types.ts`);
  return { type, block };
}

/** Terraform's names have letters, digits, `_` and `-`. */
function freeName(type: string, wanted: string, taken: Set<string>): string {
  const plain = wanted.replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
  let name = plain;
  for (let number = 2; taken.has(`${type}.${name}`); number += 1) name = `${plain}_${number}`;
  taken.add(`${type}.${name}`);
  return name;
}

const headOf = ({ address, type, name }: Placed) => ({ address, mode: "managed" as const, type, name });

/** What was asked for, and what the cloud filled in where it could have been asked for. */
function valuesOf({ resource, block, type }: Placed): JsonObject {
  const left: string[] = [];
  const asked = translate(resource.inputs, block, left);
  const unknown = left.filter((path) => !path.startsWith("__"));
  if (unknown.length > 0)
    throw new Error(`${type} of Terraform has no ${unknown.join(", ")}: see crosscheck/terraform/translate.ts`);
  return { ...translate(resource.outputs, block, []), ...asked };
}

/** Where the inputs come from: what joins resources for checks about several of them. */
function expressionsOf({ resource, block }: Placed, byUrn: ReadonlyMap<string, Placed>): JsonObject {
  const found = Object.entries(resource.references).flatMap(([property, urns]): [string, Json][] => {
    const name = argumentName(property, block);
    const sources = urns.flatMap((urn) => byUrn.get(urn) ?? []);
    const value = resource.inputs[property];
    if (name === undefined || sources.length === 0 || value === undefined) return [];
    return [[name, expression(value, block[name], sources)]];
  });
  return Object.fromEntries(found);
}

function expression(value: Json, shape: Block[string] | undefined, sources: readonly Placed[]): Json {
  if (typeof shape !== "object") return { references: referencesIn(value, sources) };
  const blocks = Array.isArray(value) ? value : [value];
  return blocks.map((block: Json) =>
    isObject(block)
      ? Object.fromEntries(
          Object.entries(block).flatMap(([property, inner]) => {
            const name = argumentName(property, shape);
            return name === undefined ? [] : [[name, expression(inner, shape[name], sources)]];
          }),
        )
      : {},
  );
}

/** The output of each source that a value is, or that it is put together from. */
function referencesIn(value: Json, sources: readonly Placed[]): string[] {
  const text = JSON.stringify(value);
  return sources.flatMap(({ resource: { id, outputs }, address }) => {
    const [output] = Object.entries({ ...outputs, id })
      .flatMap(([name, part]) =>
        typeof part === "string" && part.length > 0 && text.includes(part) ? [{ name, part }] : [],
      )
      // Names and regions stand inside of ARNs, so the longest is meant.
      .sort((one, other) => other.part.length - one.part.length);
    // As Terraform does: the attribute, and the resource that has it.
    return output === undefined || output.name === "region" ? [] : [`${address}.${snakeCase(output.name)}`, address];
  });
}

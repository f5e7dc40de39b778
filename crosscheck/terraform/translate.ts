import { isObject, type Json, type JsonObject, mapValues } from "../captured";
import type { Block, Shape } from "./schema";
import { snakeCase } from "./types";

/** Arguments whose name in Terraform neither spelling nor number explains; tried last. */
const ALSO_CALLED: Readonly<Record<string, string>> = { name: "alarm_name", topic: "topic_arn" };

/** Terraform's name of a property: blocks, which may be repeated, are called by their singular there. */
export function argumentName(property: string, block: Block): string | undefined {
  const name = snakeCase(property);
  const singular = [name.replace(/ies$/, "y"), name.replace(/(?<=s|x|ch|sh)es$/, ""), name.replace(/s$/, "")];
  return [name, ...singular, ALSO_CALLED[property] ?? name].find((candidate) => Object.hasOwn(block, candidate));
}

/** Properties as the arguments of Terraform; `left` takes the path of those that have none. */
export function translate(properties: JsonObject, block: Block, left: string[], path = ""): JsonObject {
  const translated: [string, Json][] = [];
  for (const [property, value] of Object.entries(properties)) {
    const name = argumentName(property, block);
    const shape = name === undefined ? undefined : block[name];
    if (name === undefined || shape === undefined) left.push(path + property);
    else translated.push([name, shaped(value, shape, left, `${path}${property}.`)]);
  }
  return Object.fromEntries(translated);
}

function shaped(value: Json, shape: Shape, left: string[], path: string): Json {
  if (value === null || shape === "value") return value;
  if (shape === "map") return isObject(value) ? mapValues(value, (item) => item) : value;
  // Pulumi takes the list away where there may be one only.
  const items = Array.isArray(value) ? value : [value];
  if (shape === "list") return items;
  return items.map((item: Json) => (isObject(item) ? translate(item, shape, left, path) : item));
}

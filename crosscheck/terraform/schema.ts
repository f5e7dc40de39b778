import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How Terraform writes an argument: one value, a list of values, a map with keys of the user's, or blocks. */
export type Shape = "value" | "list" | "map" | Block;

/** The arguments of a resource or of a block in it. */
export interface Block {
  readonly [argument: string]: Shape;
}

interface Schema {
  readonly types: Readonly<Record<string, Block>>;
}

let schema: Schema | undefined;

/** The arguments of a type of Terraform's AWS provider; undefined when schema.json does not have it. */
export function argumentsOf(type: string): Block | undefined {
  schema ??= JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8")) as Schema;
  return schema.types[type];
}

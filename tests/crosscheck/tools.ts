import type { Captured, Json, JsonObject } from "../../crosscheck/captured";
import { runCheckov } from "../../crosscheck/checkov";
import { withExported } from "../../crosscheck/export";
import { type Report, together } from "../../crosscheck/finding";
import { runKubeScore } from "../../crosscheck/kubeScore";
import type { FindOptions } from "../../engine";
import { SOURCE } from "../support/project";

/** How the tests ask for the tools: they are installed into the user's cache, and say so. */
export const OPTIONS: FindOptions = {
  root: SOURCE,
  env: process.env,
  progress: (line) => process.stdout.write(`${line}\n`),
};

/** What both tools say about a stack. */
export const reportOn = (resources: readonly Captured[]): Promise<Report> =>
  withExported(resources, async (stack) =>
    together([await runCheckov(stack, OPTIONS), await runKubeScore(stack, OPTIONS)]),
  );

/** A resource with these inputs, and nothing else. */
export const made = (type: string, name: string, inputs: JsonObject): Captured => ({
  urn: `urn:pulumi:seeded::scaling-ladder::${type}::${name}`,
  type,
  id: `${name}-id`,
  inputs,
  outputs: {},
  references: {},
  options: { protect: false, ignoreChanges: [] },
});

/** A policy document with one statement, as JSON text. */
export const policy = (statement: { readonly [key: string]: Json }): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

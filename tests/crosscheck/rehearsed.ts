import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Captured, capturedOf, type StateExport } from "../../crosscheck/captured";
import { placesOf } from "../../engine";
import { rehearsedStack } from "../support/clouds";
import type { Project } from "../support/project";

/** A stack that was brought up in simulated clouds. */
export interface Rehearsed {
  readonly resources: readonly Captured[];
  /** The passwords and keys that were made for it. */
  readonly secrets: readonly string[];
  /** Its state, its settings, and all that the engine said and exported. Not its clouds: they must know the secrets. */
  readonly places: readonly string[];
}

/** Brings a stack up, and writes all that a user would get to see of it into files. */
export async function rehearse(project: Project, stack: string): Promise<Rehearsed> {
  const place = join(project.outside, stack);
  const rehearsed = await rehearsedStack(project, stack, place);
  const up = await rehearsed.up();
  if (up.code !== 0) throw new Error(`${stack} did not come up:\n${up.said}`);
  const seen = {
    up: up.said,
    preview: (await rehearsed.previewNothing()).said,
    outputs: (await rehearsed.pulumi("stack", "output", "--json")).said,
    export: (await rehearsed.pulumi("stack", "export")).said,
  };
  const folder = join(place, "seen");
  mkdirSync(folder);
  for (const [name, said] of Object.entries(seen)) writeFileSync(join(folder, `${name}.txt`), said);
  const plain = JSON.parse((await rehearsed.pulumi("stack", "export", "--show-secrets")).said) as StateExport;
  return {
    resources: capturedOf(rehearsed.state() as StateExport),
    secrets: (plain.deployment.resources ?? [])
      .filter(({ type }) => MAKES_SECRETS.includes(type))
      .flatMap(({ outputs }) => secretsIn(outputs)),
    places: [placesOf(place).state, join(place, "settings.yaml"), folder],
  };
}

const MAKES_SECRETS = ["random:index/randomPassword:RandomPassword", "aws:iam/accessKey:AccessKey"];

/** The texts that the engine wrote out because it was told to show secrets. */
function secretsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (!("plaintext" in value)) return Object.values(value).flatMap(secretsIn);
  const text: unknown = JSON.parse(String(value.plaintext));
  return typeof text === "string" ? [text] : [];
}

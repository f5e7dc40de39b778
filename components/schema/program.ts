import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { bundleOfJob } from "../../schema/bundle";
import { FETCH_SCRIPT, MIGRATION_APP, PROGRAM_FILE } from "./names";

/** What the pods run: the bundled program, and the script of the init container. The same in every stack of a release. */
export const programFiles = () => ({
  [PROGRAM_FILE]: bundleOfJob().code,
  [FETCH_SCRIPT]: readFileSync(join(__dirname, "scripts", FETCH_SCRIPT), "utf8"),
});

/** Part of the SHA-256 over texts, for names: ten hexadecimal digits. */
export const shortHash = (...texts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 10);

/** Name of the ConfigMap of the program: another program is another object, so that a pod never gets a mixture. */
export const programName = (files: Readonly<Record<string, string>>): string =>
  `${MIGRATION_APP}-program-${shortHash(...Object.entries(files).flat())}`;

export interface ProgramArgs {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  readonly files: ReturnType<typeof programFiles>;
}

/** The program as a ConfigMap that nobody can change: a Job that is tried again runs what it began with. */
export function programMap(name: string, { namespace, labels, files }: ProgramArgs, parent: pulumi.Resource) {
  const { [PROGRAM_FILE]: program, ...scripts } = files;
  // As base64: a program is no configuration, and nobody wants to read it in a preview.
  const binaryData = { [PROGRAM_FILE]: Buffer.from(program).toString("base64") };
  return new kubernetes.core.v1.ConfigMap(
    name,
    { metadata: { name: programName(files), namespace, labels }, immutable: true, data: scripts, binaryData },
    { parent },
  );
}

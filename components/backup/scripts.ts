import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Scripts that pods of a kind have at hand, beside what they share. */
const SCRIPTS = {
  dump: ["common.sh", "dump.sh", "dump.sql", "contents.sql", "stream.sh", "upload.sh"],
  drill: ["common.sh", "fetch.sh", "drill.sh", "prepare.sql", "contents.sql", "compare.sql"],
} as const;

export type ScriptsOf = keyof typeof SCRIPTS;

/** Folder in the pods that the scripts are in. */
export const SCRIPTS_FOLDER = "/scripts";

const scriptText = (file: string): string => readFileSync(join(__dirname, "scripts", file), "utf8");

/** The scripts of a kind of pod, by their names. */
export const scriptFiles = (of: ScriptsOf): Record<string, string> =>
  Object.fromEntries(SCRIPTS[of].map((file) => [file, scriptText(file)]));

export interface ScriptsArgs {
  /** Of which pods. */
  readonly of: ScriptsOf;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** Further files, by their names; no secrets. */
  readonly more?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The scripts of a pod as a ConfigMap, so that a change of one is read once and not in every job. Its name stays: the next
 * pod takes what is there then, and a running one, whose programs have their files open, ends with what it began with.
 */
export const scriptsMap = (
  name: string,
  { of, namespace, labels, more = {} }: ScriptsArgs,
  parent: pulumi.Resource,
): kubernetes.core.v1.ConfigMap =>
  new kubernetes.core.v1.ConfigMap(
    name,
    {
      metadata: { name: `${of}-scripts`, namespace, labels },
      data: { ...scriptFiles(of), ...more },
    },
    { parent },
  );

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Captured } from "./captured";
import { exportManifests } from "./kubernetes";
import { exportPlan } from "./terraform/plan";

/** A stack as files for the tools of others: `plan.json` and `manifests.yaml`. */
export interface ExportedStack {
  readonly folder: string;
  /** The resource that each name in the files, in whatever way a tool writes it, stands for. */
  readonly urns: ReadonlyMap<string, string>;
}

/** Writes a stack into files, lets `work` have them, and removes them. */
export async function withExported<T>(
  resources: readonly Captured[],
  work: (stack: ExportedStack) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "crosscheck-"));
  try {
    const { plan, urns } = exportPlan(resources);
    const { manifests, urns: objects } = exportManifests(resources);
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
    writeFileSync(join(folder, "manifests.yaml"), manifests);
    return await work({ folder, urns: new Map([...urns, ...objects]) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExitCode, UserError } from "../settings/errors";
import { lastLine } from "./childProcess";
import { placesOf } from "./places";
import { runPulumi } from "./run";
import type { EngineCommand, Progress } from "./types";

/** Our own resources: they adopt what exists, so an interrupted operation is simply done again. */
const REPEATABLE_TYPE = "pulumi-nodejs:dynamic:";

export interface PendingOptions {
  readonly root: string;
  readonly stack: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** True where every operation may be repeated, whatever its type: in a rehearsal, whose clouds know a lost request again. */
  readonly allRepeatable?: boolean;
  /** The stack's file in the state. */
  readonly checkpoint: string;
}

/**
 * Clears the operations that a killed run left pending: the engine warns of them in every run and would ask about each
 * interrupted create. It is done by exporting and importing the state, which drops exactly them; secrets stay encrypted.
 * Operations on resources of other providers are left for the user to judge.
 */
export async function clearPendingOperations(command: EngineCommand, options: PendingOptions): Promise<void> {
  const { root, stack, progress, signal } = options;
  const types = pendingTypes(options.checkpoint);
  const repeatable = options.allRepeatable === true || types.every((type) => type.startsWith(REPEATABLE_TYPE));
  if (types.length === 0 || !repeatable) return;
  const copy = join(placesOf(root).own, `recover-${stack}.json`);
  try {
    for (const verb of ["export", "import"]) {
      const args = ["stack", verb, "--stack", stack, "--file", copy, "--non-interactive"];
      const done = await runPulumi(command, args, { cwd: root, stdio: "pipe", signal });
      signal?.throwIfAborted();
      if (done.code !== 0) {
        throw new UserError(
          `Stack ${stack} has ${types.length} interrupted operation(s), and clearing them failed: ${lastLine(done.stderr)}`,
          ExitCode.failed,
        );
      }
    }
    progress(`Cleared ${types.length} interrupted operation(s) of stack ${stack}; this run does them again`);
  } finally {
    rmSync(copy, { force: true });
  }
}

/** The resource types of the pending operations in a state file. None when the file is missing or not plain JSON. */
export function pendingTypes(checkpoint: string): string[] {
  if (!existsSync(checkpoint)) return [];
  try {
    const state = JSON.parse(readFileSync(checkpoint, "utf8")) as {
      checkpoint?: { latest?: { pending_operations?: { resource?: { type?: string } }[] } };
    };
    return (state.checkpoint?.latest?.pending_operations ?? []).map((operation) => operation.resource?.type ?? "");
  } catch {
    return [];
  }
}

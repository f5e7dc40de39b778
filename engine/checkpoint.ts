import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExitCode, UserError } from "../settings/errors";
import { projectName } from "./backend";
import { placesOf } from "./places";

/** Where the project's own state keeps a stack, unless the engine was told to compress it. */
export const checkpointOf = (root: string, project: string, stack: string): string =>
  join(placesOf(root).state, ".pulumi", "stacks", project, `${stack}.json`);

/** True when the project's own state surely holds the stack. False says nothing: it may be compressed. */
export function isInOwnState(root: string, stack: string): boolean {
  const project = projectName(root);
  return project !== undefined && existsSync(checkpointOf(root, project, stack));
}

/**
 * Takes away the file of attributes beside a stack's file, when a kill cut it off: the engine would refuse the stack for it
 * ("failed to load checkpoint: EOF"). It holds a content type and a checksum, and the engine does without.
 */
export function dropCutOffAttributes(checkpoint: string): void {
  const attributes = `${checkpoint}.attrs`;
  if (!existsSync(attributes)) return;
  try {
    JSON.parse(readFileSync(attributes, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    rmSync(attributes, { force: true });
  }
}

/**
 * Refuses a stack whose file in the state cannot be read: the engine would only say that its JSON ended too early.
 * A missing file is a stack that is not made yet.
 * @throws UserError `refused`, naming the file, its last good copy and the way to do without.
 */
export function refuseDamagedCheckpoint(checkpoint: string, stack: string): void {
  if (!existsSync(checkpoint)) return;
  try {
    JSON.parse(readFileSync(checkpoint, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const copy = `${checkpoint}.bak`;
    throw new UserError(
      `The state of stack ${stack} is damaged: ${checkpoint} is no readable JSON; it was left as it is. ` +
        `${existsSync(copy) ? `Put the copy of the run before in its place (${copy}), or move` : "Move"} the damaged file away: ` +
        "a stack of tier development adopts its data again when it comes up.",
      ExitCode.refused,
    );
  }
}

import { ExitCode, UserError } from "../settings/errors";

/** One way to get an engine that did not work, in words for the user. */
export interface Attempt {
  readonly way: string;
  readonly outcome: string;
}

/** No engine could be found or made. The message lists every way tried and what the user can do. Exit code `missing`. */
export class EngineError extends UserError {
  constructor(
    readonly attempts: readonly Attempt[],
    advice: string,
  ) {
    const tried = attempts.map(({ way, outcome }) => `  - ${way}: ${outcome}`).join("\n");
    super(`No usable Pulumi engine was found or made. Tried:\n${tried}\n${advice}`, ExitCode.missing);
    this.name = "EngineError";
  }
}

/** Why one way failed: its message is one line and becomes the `outcome` of an {@link Attempt}. */
export class WayFailed extends Error {}

/** The first line of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n", 1)[0] ?? "";
}

import type { Change } from "./change";

/** A stack with one mistake in it, and the rule that has to find it. */
export interface Seed {
  /** The mistake, as its maker would put it. */
  readonly name: string;
  readonly stack: "smb" | "prod";
  readonly change: Change;
  readonly rule: string;
  /**
   * `preview`: a mandatory violation stops the preview. `second pass`: the value that decides is an output of another
   * resource, so the preview says "unverified" and the state after `up` is refused.
   */
  readonly stoppedAt: "preview" | "second pass";
  /** Judged with no other mistake: the provider refuses this one as well, or the rule of another would say what this one's says. */
  readonly alone?: true;
}

/** A mistake that a preview shows. */
export const seed = (name: string, stack: Seed["stack"], rule: string, change: Change): Seed => ({
  name,
  stack,
  change,
  rule,
  stoppedAt: "preview",
});

/** A mistake that nobody can see before `up`. */
export const hiddenSeed = (name: string, stack: Seed["stack"], rule: string, change: Change): Seed => ({
  ...seed(name, stack, rule, change),
  stoppedAt: "second pass",
});

export const alone = (one: Seed): Seed => ({ ...one, alone: true });

/** Why no rule of ours is needed for a control of others. */
export type Aside = NotApplicable | Waived;

interface NotApplicable {
  readonly status: "not applicable";
  readonly reason: string;
  /** Type tokens that the control is about, when the reason is that no stack makes them; a test looks whether that holds. */
  readonly types: readonly string[];
}

interface Waived {
  readonly status: "waived";
  readonly reason: string;
  /** The day on which it was decided: YYYY-MM-DD. */
  readonly since: string;
}

/** The control is about resources that no stack makes. */
export const notMade = (reason: string, ...types: readonly string[]): Aside => ({
  status: "not applicable",
  reason,
  types,
});

/** The control is about something that no stack decides: the account, another engine, what happens at run time. */
export const notOurs = (reason: string): Aside => ({ status: "not applicable", reason, types: [] });

/** The control would apply, and is left unmet on purpose. */
export const waived = (since: string, reason: string): Aside => ({ status: "waived", reason, since });

/** A control: its id, what it asks in our words, and why no rule is needed; without a reason, a rule must name its id. */
export type Control = readonly [id: string, asks: string, aside?: Aside];

/** The controls of one standard, as far as they are about what the stacks use. */
export interface Catalogue {
  readonly name: string;
  /** The page or program that the ids come from. */
  readonly source: string;
  /** Which controls are listed, and which are not. */
  readonly scope: string;
  /** What ids of this standard look like in the rules. */
  readonly ids: RegExp;
  readonly controls: readonly Control[];
}

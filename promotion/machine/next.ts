import type { StepName } from "./steps";

/** What the databases and the settings say of a promotion. The journal is not asked: it may have been lost, or be a moment behind. */
export interface Facts {
  /** SQLite: `moved` once it has given up serving, which is the decision. */
  readonly source: "serving" | "moved";
  /** Who may write into PostgreSQL: `none` when there is no gate yet or no more. */
  readonly gate: "none" | "closed" | "open";
  /** What the stack's settings and the application name. */
  readonly settings: "old" | "new";
  /** The last step that is noted as finished in PostgreSQL. */
  readonly done: StepName;
  /** A way back was begun. */
  readonly turning: boolean;
  /** PostgreSQL's gate was opened once: others may have written there. */
  readonly served: boolean;
}

/** Where a run is to end: after a step, or at the way back. */
export type Wish = StepName | "rollback";

/** What is done next. Each leaves its mark in the facts when it is finished, and can be done again when it is not. */
export type Action =
  | "prepare"
  | "copy"
  | "verify"
  | "cutover"
  | "open"
  | "flip"
  | "settle"
  | "soak"
  | "retire"
  | "undo"
  | "close"
  | "drainBack"
  | "unflip"
  | "forget";

/** `conflict`: both sides take writes, which nothing of ours leads to. */
export type Next = Action | "end" | "conflict";

const ORDER: readonly StepName[] = ["assess", "prepare", "copy", "verify", "cutover", "soak", "retire"];
const reached = (done: StepName, step: StepName): boolean => ORDER.indexOf(done) >= ORDER.indexOf(step);

/** The side that the facts say is written to. Between the decision and the opening of the gate it is PostgreSQL, which nobody may write to yet. */
export const servingSide = ({ source }: Pick<Facts, "source">): "sqlite" | "postgresql" =>
  source === "serving" ? "sqlite" : "postgresql";

/** Decides from the facts alone what a run does next, however the one before it ended. */
export function nextStep(facts: Facts, wish: Wish): Next {
  if (facts.source === "serving" && facts.gate === "open") return "conflict";
  if (facts.turning || wish === "rollback") return back(facts);
  return facts.source === "serving" ? climb(facts, wish) : afterDecision(facts, wish);
}

function climb({ done }: Facts, wish: StepName): Next {
  const steps = ["prepare", "copy", "verify", "cutover"] as const;
  // A cut-over that was noted and yet left SQLite serving was not one: the source alone decides.
  const next = steps.find((step) => step === "cutover" || !reached(done, step));
  return next !== undefined && reached(wish, next) ? next : "end";
}

/** Whatever was asked for: a cut-over that was decided is completed first. */
function afterDecision({ gate, settings, done }: Facts, wish: StepName): Next {
  if (gate === "closed") return "open";
  if (done === "retire") return "end";
  if (settings === "old") return "flip";
  if (!reached(done, "cutover")) return "settle";
  if (wish === "retire") return "retire";
  return wish === "soak" && !reached(done, "soak") ? "soak" : "end";
}

function back({ source, gate, settings, served }: Facts): Next {
  if (source === "moved") {
    // Retired, or nearly: what was written since is logged nowhere.
    if (gate === "none") return "end";
    return gate === "open" ? "close" : "drainBack";
  }
  if (settings === "new") return "unflip";
  // Where nobody but ladder ever wrote into PostgreSQL, what it made there goes. Otherwise the rows stay, behind the gate.
  return served ? "forget" : "undo";
}

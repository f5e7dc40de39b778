import { below, oneOf, type Random } from "./random";

/** The actions of a promotion; `begin` is all before the first. */
export const ACTIONS = [
  "begin",
  "prepare",
  "copy",
  "verify",
  "cutover",
  "open",
  "flip",
  "settle",
  "soak",
  "retire",
  "undo",
  "close",
  "drainBack",
  "unflip",
  "forget",
] as const;
export type Action = (typeof ACTIONS)[number];

/** The step that a run tells, and about how long it takes: a kill by the clock comes within. */
const STEPS: Readonly<Record<Action, readonly [step: string, milliseconds: number]>> = {
  begin: ["assess", 400],
  prepare: ["prepare", 150],
  copy: ["copy", 900],
  verify: ["verify", 900],
  cutover: ["cutover", 300],
  open: ["cutover", 300],
  flip: ["cutover", 300],
  settle: ["cutover", 300],
  soak: ["soak", 20],
  retire: ["retire", 800],
  undo: ["rollback", 60],
  close: ["rollback", 60],
  drainBack: ["rollback", 100],
  unflip: ["rollback", 100],
  forget: ["rollback", 100],
};

/** What happens to a run: the tool is killed at a call or by the clock, or the server by the clock. */
export type Blow =
  | { readonly to: "tool"; readonly action: Action; readonly call: number; readonly sent: boolean }
  | { readonly to: "tool" | "server"; readonly action: Action; readonly step: string; readonly afterMs: number };

export interface Run {
  readonly wish: "soak" | "rollback" | "retire";
  /** Undefined: it is let go to its end. */
  readonly blow?: Blow;
}

/** The runs of one promotion; the last one goes to its end. */
export type Life = readonly Run[];

/** More calls than most actions make: where there are fewer, the last one is meant. */
const CALLS = 40;

interface Chosen {
  readonly action: Action;
  /** It is met for certain: by its calls, not by the clock. */
  readonly sure: boolean;
}

function blow(random: Random, { action, sure }: Chosen, to: Blow["to"] = "tool"): Blow {
  const [step, milliseconds] = STEPS[action];
  if (to === "tool" && (sure || random() < 0.6))
    return { to, action, call: 1 + below(random, oneOf(random, [3, CALLS])), sent: random() < 0.5 };
  return { to, action, step, afterMs: below(random, milliseconds) };
}

/** Some of the actions: one by turns, the others by chance. */
function some(random: Random, turn: number, count: number, actions: readonly Action[]): Chosen[] {
  const chosen = Array.from({ length: count }, (_, at) => ({
    action: at === 0 ? (actions[turn % actions.length] ?? "copy") : oneOf(random, actions),
    sure: at === 0,
  }));
  // In their order, so that each is still to come when its run begins.
  return chosen.sort((a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action));
}

const UP: readonly Action[] = ["begin", "prepare", "copy", "verify", "cutover", "open", "flip", "settle", "soak"];

/** The lives, in turn: taken back before the decision; up to PostgreSQL serving; taken back after it; retired. */
export function lifeOf(random: Random, n: number): Life {
  const turn = Math.floor(n / 4);
  let serversLeft = n % 3 === 0 ? 1 : 0;
  const runs = (wish: Run["wish"], count: number, actions: readonly Action[]): Run[] =>
    some(random, turn, count, actions).map((chosen) => {
      const to = !chosen.sure && serversLeft-- > 0 ? "server" : "tool";
      return { wish, blow: blow(random, chosen, to) };
    });
  switch (n % 4) {
    case 0:
      return [...runs("soak", 2, UP.slice(0, 4)), ...runs("rollback", 2, ["undo"]), { wish: "rollback" }];
    case 1:
      return [...runs("soak", 4, UP), { wish: "soak" }];
    case 2:
      return [
        ...runs("soak", 2, UP.slice(4, 8)),
        { wish: "soak" },
        ...runs("rollback", 3, ["close", "drainBack", "unflip", "forget"]),
        { wish: "rollback" },
      ];
    default:
      return [
        ...runs("soak", 3, ["copy", "cutover", "settle", "soak"]),
        { wish: "soak" },
        ...runs("retire", 2, ["retire"]),
        { wish: "retire" },
      ];
  }
}

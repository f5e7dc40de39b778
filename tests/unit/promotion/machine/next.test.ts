import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Action, type Facts, nextStep, servingSide, type Wish } from "../../../../promotion/machine/next";
import { STEPS } from "../../../../promotion/machine/steps";

/** What each action leaves in the databases, as durable marks in their order: a kill may come between any two. */
const MARKS: Readonly<Record<Action, readonly Partial<Facts>[]>> = {
  prepare: [{ gate: "closed" }, { done: "prepare" }],
  copy: [{ done: "copy" }],
  verify: [{ done: "verify" }],
  cutover: [{ source: "moved" }],
  // The opening of the gate is noted with it, in one transaction.
  open: [{ gate: "open", served: true }],
  flip: [{ settings: "new" }],
  settle: [{ done: "cutover" }],
  soak: [{ done: "soak" }],
  retire: [{ gate: "none" }, { done: "retire" }],
  undo: [{ turning: true }, { gate: "none" }],
  close: [{ turning: true, gate: "closed" }],
  drainBack: [{ source: "serving" }],
  unflip: [{ settings: "old" }],
  forget: [],
};
const LAST: readonly Action[] = ["undo", "forget"];

const facts = fc.record<Facts>({
  source: fc.constantFrom("serving", "moved"),
  gate: fc.constantFrom("none", "closed", "open"),
  settings: fc.constantFrom("old", "new"),
  done: fc.constantFrom(...STEPS),
  turning: fc.boolean(),
  served: fc.boolean(),
});
const wishes = fc.constantFrom<Wish>(...STEPS, "rollback");

/** Runs to the end; `kills` cuts actions off after so many of their marks, after which the run is started again. */
function runOn(start: Facts, wish: Wish, kills: readonly number[]) {
  let now = start;
  const rest = [...kills];
  const done: Action[] = [];
  const seen: Facts[] = [now];
  for (let tries = 0; tries < 60; tries += 1) {
    const next = nextStep(now, wish);
    if (next === "end" || next === "conflict") return { now, next, done, seen };
    const marks = MARKS[next];
    const kept = Math.min(marks.length, rest.shift() ?? marks.length);
    for (const mark of marks.slice(0, kept)) {
      now = { ...now, ...mark };
      seen.push(now);
    }
    if (kept < marks.length) continue;
    done.push(next);
    if (LAST.includes(next)) return { now, next: "end" as const, done, seen };
  }
  throw new Error(`no end from ${JSON.stringify(start)}, wish ${wish}: ${done.join(" ")}`);
}

/** SQLite takes writes when it serves; PostgreSQL when its gate is open or gone after a cut-over. */
const takesWrites = ({ source, gate }: Facts) => ({
  sqlite: source === "serving",
  postgresql: gate === "open" || (gate === "none" && source === "moved"),
});

describe("the next step of a promotion", () => {
  it("ends on exactly one serving side, from every combination of facts, wherever it is killed", () => {
    fc.assert(
      fc.property(facts, wishes, fc.array(fc.nat({ max: 2 }), { maxLength: 12 }), (start, wish, kills) => {
        const { now, next } = runOn(start, wish, kills);
        const { sqlite, postgresql } = takesWrites(now);
        if (next === "conflict") return sqlite && postgresql;
        return sqlite !== postgresql && servingSide(now) === (sqlite ? "sqlite" : "postgresql");
      }),
      { numRuns: 5_000 },
    );
  });

  it("never lets both sides take writes on the way, not even between a kill and the next run", () => {
    fc.assert(
      fc.property(facts, wishes, fc.array(fc.nat({ max: 2 }), { maxLength: 12 }), (start, wish, kills) => {
        if (start.source === "serving" && start.gate === "open") return;
        for (const moment of runOn(start, wish, kills).seen) {
          const { sqlite, postgresql } = takesWrites(moment);
          expect(sqlite && postgresql, JSON.stringify(moment)).toBe(false);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  const fresh: Facts = {
    source: "serving",
    gate: "none",
    settings: "old",
    done: "assess",
    turning: false,
    served: false,
  };

  it("does the steps in their order, up to the one that was asked for", () => {
    expect(runOn(fresh, "assess", []).done).toEqual([]);
    expect(runOn(fresh, "verify", []).done).toEqual(["prepare", "copy", "verify"]);
    expect(runOn(fresh, "soak", []).done).toEqual([
      "prepare",
      "copy",
      "verify",
      "cutover",
      "open",
      "flip",
      "settle",
      "soak",
    ]);
  });

  it("completes a cut-over that was decided, whatever was asked for", () => {
    const decided: Facts = { ...fresh, source: "moved", gate: "closed", done: "verify" };
    for (const wish of STEPS)
      expect(runOn(decided, wish, []).done.slice(0, 3), wish).toEqual(["open", "flip", "settle"]);
  });

  it("goes a way back that was begun to its end, whatever was asked for", () => {
    const turning: Facts = { ...fresh, source: "moved", gate: "closed", settings: "new", turning: true, served: true };
    for (const wish of STEPS) expect(runOn(turning, wish, []).done, wish).toEqual(["drainBack", "unflip", "forget"]);
  });

  it("keeps PostgreSQL's rows on the way back once anybody may have written there, and only then", () => {
    const copied: Facts = { ...fresh, gate: "closed", done: "copy" };
    expect(runOn(copied, "rollback", []).done).toEqual(["undo"]);
    const serving: Facts = { ...copied, source: "moved", gate: "open", settings: "new", done: "soak", served: true };
    expect(runOn(serving, "rollback", []).done).toEqual(["close", "drainBack", "unflip", "forget"]);
  });

  it("retires only a promotion whose application is on PostgreSQL, and does nothing after that", () => {
    const serving: Facts = { ...fresh, source: "moved", gate: "open", settings: "new", done: "soak", served: true };
    expect(runOn(serving, "soak", []).done).toEqual([]);
    const retired = runOn(serving, "retire", []);
    expect(retired.done).toEqual(["retire"]);
    for (const wish of [...STEPS, "rollback"] as const) expect(runOn(retired.now, wish, []).done, wish).toEqual([]);
  });
});

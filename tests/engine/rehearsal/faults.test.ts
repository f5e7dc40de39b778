import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineRun, type RehearsedStack, type RunFault, rehearsedStack } from "../../support/clouds";
import { copyProject, type Project } from "../../support/project";

/**
 * Faults in the middle of runs of the real engine: after each, running again ends well, leaves nothing that the state does not know,
 * and nothing to change. Which resource a fault meets is up to the engine, which works on many at once.
 */

/** What is done when the fault happens, from where, and by which change of settings. */
const SITUATIONS = {
  "creates on an empty cloud": { from: "nothing", change: {} },
  "updates of tags": { from: "smb", change: { "team: one": "team: two" } },
  "replacements of a network and what is in it": { from: "smb", change: { "10.20.0.0/16": "10.44.0.0/16" } },
  "creates and deletes of subscriptions": {
    from: "smb",
    change: { "a@example.com, b@example.com": "c@example.com, d@example.com" },
  },
  "an upgrade of the database": { from: "smb", change: { "version: 15": "version: 16" } },
} as const;

const FAULTS: readonly [keyof typeof SITUATIONS, ...RunFault[]][] = [
  [
    "creates on an empty cloud",
    { at: 2, kind: "throttled" },
    { at: 45, kind: "refused" },
    { at: 80, kind: "cut" },
    { at: 20, kind: "unready" },
    { at: 110, kind: "unready" },
    { at: 60, kind: "unanswered" },
    { at: 130, kind: "unanswered" },
    { at: 30, kind: "killed" },
    { at: 100, kind: "killed" },
    { at: 70, kind: "stopped" },
  ],
  [
    "updates of tags",
    { at: 3, kind: "throttled" },
    { at: 30, kind: "refused" },
    { at: 50, kind: "unready" },
    { at: 70, kind: "unanswered" },
    { at: 40, kind: "killed" },
    { at: 20, kind: "stopped" },
  ],
  [
    "replacements of a network and what is in it",
    { at: 10, kind: "refused" },
    { at: 25, kind: "cut" },
    { at: 40, kind: "unready" },
    { at: 55, kind: "unanswered" },
    { at: 75, kind: "unanswered" },
    { at: 35, kind: "killed" },
    { at: 60, kind: "stopped" },
  ],
  [
    "creates and deletes of subscriptions",
    { at: 9, kind: "throttled" },
    { at: 11, kind: "unanswered" },
    { at: 8, kind: "killed" },
  ],
  ["an upgrade of the database", { at: 1, kind: "cut" }, { at: 2, kind: "unready" }],
];

let project: Project;
/** Stack smb, brought up; each situation begins with a copy of it. */
let converged: RehearsedStack;
let copies = 0;

const newPlace = (): string => {
  copies += 1;
  return join(project.outside, `cloud-${copies}`);
};

/** Two runs at a time: more would wait for the machine, not for each other. */
const slots = [Promise.resolve(), Promise.resolve()];
let turn = 0;
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const slot = turn++ % slots.length;
  const result = (slots[slot] ?? Promise.resolve()).then(work);
  slots[slot] = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

async function newStack(stack: "smb" | "prod"): Promise<RehearsedStack> {
  const made = await rehearsedStack(project, stack, newPlace());
  // Nothing here is worth protecting: what is replaced must be free to go.
  made.change({
    "config:\n": "config:\n  scaling-ladder:deletionProtection: false\n  scaling-ladder:tags:\n    team: one\n",
  });
  if (stack === "smb")
    made.change({
      "version: 16": "version: 15",
      "recipients: []": "recipients: [a@example.com, b@example.com]",
      "config:\n": "config:\n  scaling-ladder:network:\n    cidr: 10.20.0.0/16\n",
    });
  return made;
}

const succeeded = (run: EngineRun): void => expect(run.code, run.said).toBe(0);

beforeAll(async () => {
  project = copyProject("a project");
  converged = await newStack("smb");
  succeeded(await converged.up());
});
afterAll(() => project.remove());

/** Runs into the fault, runs again, and looks whether all is as if nothing had happened. */
async function recovers(stack: RehearsedStack, fault: RunFault): Promise<void> {
  const failed = await stack.up(fault);
  expect(failed.code, `the fault did not happen:\n${failed.said}`).not.toBe(0);
  const again = await stack.up();
  succeeded(again);
  expect(again.said).not.toContain("pending operations");
  expect(stack.orphans()).toEqual([]);
  succeeded(await stack.previewNothing());
}

describe.each(FAULTS)("amid %s", (situation, ...faults) => {
  const { from, change } = SITUATIONS[situation];
  it.concurrent.each(faults.map((fault): [string, number, RunFault] => [fault.kind, fault.at, fault]))(
    "%s at change %i: the next run converges, and nothing is orphaned",
    (_kind, _at, fault) =>
      inTurn(async () => {
        const stack = from === "nothing" ? await newStack("smb") : converged.copy(newPlace());
        stack.change(change);
        await recovers(stack, fault);
      }),
  );
});

it.concurrent("the same on prod, amid its creation: unanswered at change 150", () =>
  inTurn(async () => recovers(await newStack("prod"), { at: 150, kind: "unanswered" })));

it.concurrent.each([
  ["unanswered", 90],
  ["killed", 60],
] as const)(
  "a destroy that is %s at change %i is finished by the next one, and only the keys of backups stay",
  (kind, at) =>
    inTurn(async () => {
      const stack = converged.copy(newPlace());
      expect((await stack.destroy({ at, kind })).code).not.toBe(0);
      succeeded(await stack.destroy());
      expect(stack.state().deployment.resources ?? []).toEqual([]);
      // Snapshots and recovery points can only be read with the keys that they were written with.
      expect(stack.held().filter(({ type }) => type !== "aws:kms/key:Key")).toEqual([]);
    }),
);

import { ExitCode, UserError } from "../../settings/errors";
import { refuseChangedSchema } from "../cutover/cutOver";
import { ACTIONS } from "./actions";
import { readFacts, refuseForgotten } from "./facts";
import { type Action, type Facts, nextStep, type Wish } from "./next";
import { type Chapter, STEP_TEXTS } from "./steps";
import { CHAPTERS, type Figures, record, type Work } from "./work";

/** An action that a run did. */
export interface Done {
  readonly action: Action;
  readonly seconds: number;
  readonly figures: Figures;
}

/** The actions after which PostgreSQL has no notes to ask any more, or SQLite no log. */
const LAST: readonly Action[] = ["undo", "forget", "retire"];
/** Actions that carry rows by the plan. */
const BY_PLAN: readonly Action[] = ["prepare", "copy", "verify", "cutover"];

/** Does one action after the other, as the databases say, until the wish is reached. */
export async function carryOn(work: Work, wish: Wish): Promise<{ done: Done[]; facts: Facts }> {
  const done: Done[] = [];
  let chapter: Chapter | undefined;
  for (;;) {
    const facts = await readFacts(work);
    const action = nextStep(facts, wish);
    if (action === "conflict") throw bothServe(work);
    if (action === "end") return { done, facts };
    if (action === done.at(-1)?.action && (action === "flip" || action === "unflip")) throw notFlipped(work);
    if (chapter !== CHAPTERS[action]) {
      chapter = CHAPTERS[action];
      announce(work, chapter, facts);
    }
    done.push(await act(work, action));
    if (LAST.includes(action)) return { done, facts };
  }
}

function announce({ tell }: Work, chapter: Chapter, { turning }: Facts): void {
  const { does, back } =
    chapter === "rollback"
      ? {
          does: `${turning ? "goes on with the way back that was begun: " : ""}takes back what the promotion did, and lets SQLite serve`,
          back: "promote again, from the beginning",
        }
      : STEP_TEXTS[chapter];
  tell.step(chapter, does, back);
}

async function act(work: Work, action: Action): Promise<Done> {
  const chapter = CHAPTERS[action];
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  await record(work, chapter, "begin", { action });
  try {
    if (BY_PLAN.includes(action)) refuseChangedSchema(work.db, work.fingerprint);
    if (BY_PLAN.includes(action) && action !== "prepare") refuseForgotten(work.promotion);
    const figures = await ACTIONS[action](work);
    // An action that ends the promotion is the end of its step, too.
    const event = LAST.includes(action) || chapter !== "rollback" ? "done" : "progress";
    await record(work, chapter, event, { action, seconds: seconds(), ...figures });
    return { action, seconds: seconds(), figures };
  } catch (error) {
    const message =
      error instanceof UserError || (error instanceof Error && error.name === "AbortError") ? error.message : "failed";
    await record(work, chapter, "failed", { action, seconds: seconds(), message });
    // What a change of the schema broke, or of the file, is told as that.
    if (BY_PLAN.includes(action) && action !== "prepare" && !work.run.signal?.aborted) {
      refuseForgotten(work.promotion);
      refuseChangedSchema(work.db, work.fingerprint);
    }
    throw error;
  }
}

function notFlipped({ promotion: { stack } }: Work): UserError {
  return new UserError(
    `The settings of stack ${stack} were flipped, and are still those of before. The databases are as they should be. Look who writes the stack's settings file, and run again.`,
    ExitCode.failed,
  );
}

function bothServe({ promotion }: Work): UserError {
  return new UserError(
    `Both sides take writes: ${promotion.source} says that SQLite serves, and the gate of ${promotion.target} is open. The SQLite file was put back from a backup, or replaced, after the cut-over. Nothing was changed. Put the file that moved back, or keep the application off one of the sides and decide by hand which rows are right.`,
    ExitCode.refused,
  );
}

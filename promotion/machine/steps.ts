/** The steps of a promotion, in their order. `retire` is only done when it is asked for by name. */
export const STEPS = ["assess", "prepare", "copy", "verify", "cutover", "soak", "retire"] as const;
export type StepName = (typeof STEPS)[number];

/** What a journal's entry is about: a step, or the way back. */
export type Chapter = StepName | "rollback";

/** What a step does and how to go back from its end, for people: shown before it begins and by `--plan`. */
export interface StepText {
  readonly does: string;
  readonly back: string;
}

const UNDO =
  "`--rollback` takes ladder's triggers and log out of SQLite and its tables out of PostgreSQL; the application notices nothing";
const TURN =
  "`--rollback` closes PostgreSQL, applies back to SQLite what was written since, compares it, and lets SQLite serve again";

export const STEP_TEXTS: Readonly<Record<StepName, StepText>> = {
  assess: {
    does: "reads every column of the SQLite file, plans how it is carried, and makes and proves a backup of the file; writes into neither database",
    back: "nothing to take back",
  },
  prepare: {
    does: "makes the tables in PostgreSQL (closed to everybody else), and begins to log the keys of changed rows in SQLite",
    back: UNDO,
  },
  copy: {
    does: "copies every table from one snapshot while the application writes, builds the indexes, and follows what was changed meanwhile",
    back: UNDO,
  },
  verify: { does: "compares every value, every count and every sum of money, and writes the verdict", back: UNDO },
  cutover: {
    does: "holds SQLite's writers, carries and compares the last changes, and lets PostgreSQL serve; SQLite refuses writes from then on",
    back: TURN,
  },
  soak: { does: "nothing; PostgreSQL serves and logs what changes, so that the way back stays open", back: TURN },
  retire: {
    does: "makes and proves a last backup of the SQLite file, and removes the log, the gate and the notes from PostgreSQL; the SQLite file stays",
    back: "none: what was written since the cut-over is in PostgreSQL only",
  },
};

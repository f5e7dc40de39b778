import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import type { Flip } from "../cutover/flip";
import type { Plan, Progress, Run } from "../model";
import type { Folder, Promotion } from "./folder";
import { appendJournal, type JournalEntry } from "./journal";
import type { Action } from "./next";
import { noteEntry } from "./notes";
import type { Chapter } from "./steps";

/** What a run tells while it works. */
export interface Tell {
  /** A step begins: what it will do, and how to go back. */
  step(step: Chapter, does: string, back: string): void;
  /** Something that happened, in one line. */
  say(line: string): void;
  progress(progress: Progress): void;
}

/** How a promotion is carried out; what it is of is in `Promotion`. */
export interface Ways {
  readonly flip: Flip;
  /** A session as the application's, for the first write. */
  readonly connectAsApplication: () => Promise<Client>;
  /** The application's role, when it is another than the owner. */
  readonly applicationRole?: string;
  /** Make and prove a backup before anything is changed; otherwise a fresh one must be there. */
  readonly export: boolean;
  readonly maxFreezeMs: number;
  readonly tell: Tell;
}

/** Figures of what an action did, for the journal and the end of the command. */
export type Figures = Readonly<Record<string, unknown>>;

/** Everything that an action works with. Made once both databases are open. */
export interface Work extends Ways {
  readonly promotion: Promotion;
  readonly folder: Folder;
  readonly plan: Plan;
  readonly run: Run;
  /** The source, for writing. */
  readonly db: Database;
  /** A session of the promotion. */
  readonly client: Client;
  /** The application's schema as the plan was made for. */
  readonly fingerprint: string;
}

/** Writes an entry into the journal, and into its copy in PostgreSQL once that is there. */
export async function record(
  work: Pick<Work, "folder" | "client">,
  step: Chapter,
  event: JournalEntry["event"],
  detail?: JournalEntry["detail"],
): Promise<void> {
  const entry: JournalEntry = {
    step,
    at: new Date().toISOString(),
    event,
    ...(detail === undefined ? {} : { detail }),
  };
  appendJournal(work.folder.journal, entry);
  // The file is enough to go on; the copy is for a file that is lost.
  await noteEntry(work.client, entry).catch(() => undefined);
}

/** The step that an action belongs to, for the journal. */
export const CHAPTERS: Readonly<Record<Action, Chapter>> = {
  prepare: "prepare",
  copy: "copy",
  verify: "verify",
  cutover: "cutover",
  open: "cutover",
  flip: "cutover",
  settle: "cutover",
  soak: "soak",
  retire: "retire",
  undo: "rollback",
  close: "rollback",
  drainBack: "rollback",
  unflip: "rollback",
  forget: "rollback",
};

import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { ExitCode, UserError } from "../../settings/errors";
import type { Chapter } from "./steps";

/** One line of the journal. `detail` holds figures and names, never a row's values or a password. */
export interface JournalEntry {
  readonly step: Chapter;
  /** UTC, by the clock of the machine that wrote it: for people, never for a decision. */
  readonly at: string;
  readonly event: "begin" | "progress" | "done" | "failed";
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The entries of a journal, oldest first. A last line that a kill tore is no entry; a file that is not there has none. */
export function readJournal(file: string): JournalEntry[] {
  const lines = wholeLines(file);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as JournalEntry;
    } catch {
      throw new UserError(
        `${file} is damaged in line ${index + 1}. Move its folder away and run the same command again: the notes in PostgreSQL are enough to go on.`,
        ExitCode.refused,
      );
    }
  });
}

function wholeLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Writes an entry to the disk before it returns. A torn last line is taken off first, so that it does not swallow the new one. */
export function appendJournal(file: string, entry: JournalEntry): void {
  cutTornLine(file);
  const handle = openSync(file, "a", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function cutTornLine(file: string): void {
  const whole = wholeLines(file)
    .map((line) => Buffer.byteLength(line) + 1)
    .reduce((sum, length) => sum + length, 0);
  try {
    truncateSync(file, whole);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** True when the journal's promotion has come to an end: rolled back or retired. */
export const hasEnded = (entries: readonly JournalEntry[]): boolean =>
  entries.some(({ step, event }) => event === "done" && (step === "rollback" || step === "retire"));

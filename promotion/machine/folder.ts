import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CatalogueName, TierName } from "../../settings";
import { ExitCode, UserError } from "../../settings/errors";
import type { Plan } from "../model";
import { hasEnded, type JournalEntry, readJournal } from "./journal";

/** What a promotion is of; fixed at its beginning, kept beside the journal and in PostgreSQL. Holds no password. */
export interface Promotion {
  /** A UUID. */
  readonly id: string;
  readonly stack: string;
  readonly to: TierName;
  /** Absolute path of the SQLite file. */
  readonly source: string;
  readonly busyTimeoutMs: number;
  /** Where backups of the file are kept, absolute. */
  readonly backups: string;
  /** The mapping that the plan was made by. Undefined: translated. */
  readonly catalogue?: CatalogueName;
  /** Checksum of the rules that the plan was made by. */
  readonly rules?: string;
  /** Rows that cannot be carried are set aside. */
  readonly quarantine: boolean;
  /** With a copy of the file, and never cut over: what a killed one has left is cleared away by whoever comes next. */
  readonly rehearsal?: true;
  /** `host:port/database` of PostgreSQL when it began: for messages. */
  readonly target: string;
}

/** The files of one promotion. */
export interface Folder {
  readonly path: string;
  readonly promotion: Promotion;
  /** As JSON, byte by byte what was hashed. */
  readonly plan: string;
  readonly journal: string;
}

/** `<project>/.ladder/promotions/<stack>`. */
export const promotionsFolder = (root: string, stack: string): string => join(root, ".ladder", "promotions", stack);

/** How the folder of a rehearsal's copy is called. */
export const REHEARSAL_FOLDER = /\/rehearsal-[0-9a-f-]{36}$/;

const journalOf = (folder: string): string => join(folder, "journal.jsonl");

/**
 * The folder of the stack's promotion that has not ended, or else of the one that ended last. Undefined: there was none.
 * @throws UserError when there are several that have not ended.
 */
export function findFolder(parent: string): { folder: Folder; entries: JournalEntry[]; ended: boolean } | undefined {
  const found = namesIn(parent).flatMap((name) => {
    const folder = readFolder(join(parent, name));
    if (folder === undefined) return [];
    const entries = readJournal(folder.journal);
    return [{ folder, entries, ended: hasEnded(entries) }];
  });
  const open = found.filter(({ ended }) => !ended);
  if (open.length > 1)
    throw new UserError(
      `${parent} holds ${open.length} promotions that have not ended (${open.map(({ folder }) => folder.promotion.id).join(", ")}). Move all but the one that PostgreSQL's notes name (ladder_promotion.promotion) away, and run again.`,
      ExitCode.refused,
    );
  return open[0] ?? found.sort((a, b) => begun(a.entries).localeCompare(begun(b.entries))).at(-1);
}

const begun = (entries: readonly JournalEntry[]): string => entries[0]?.at ?? "";

function namesIn(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Undefined for a folder that a kill left half made, before anything was begun. */
function readFolder(path: string): Folder | undefined {
  try {
    const promotion = JSON.parse(readFileSync(join(path, "promotion.json"), "utf8")) as Promotion;
    return { path, promotion, plan: readFileSync(join(path, "plan.json"), "utf8"), journal: journalOf(path) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UserError(
      `${path} cannot be read (${error instanceof Error ? error.message : String(error)}). Move it away and run the same command again: the notes in PostgreSQL are enough to go on.`,
      ExitCode.refused,
    );
  }
}

/** Makes the folder of a promotion, 0700. `promotion.json` is written last: a folder without it is none. */
export function makeFolder(parent: string, promotion: Promotion, plan: string): Folder {
  const path = join(parent, promotion.id);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeWhole(join(path, "plan.json"), plan);
  writeWhole(join(path, "promotion.json"), `${JSON.stringify(promotion, null, 2)}\n`);
  return { path, promotion, plan, journal: journalOf(path) };
}

/** Writes a file so that it is there as a whole or not at all; only its owner may read it. */
export function writeWhole(file: string, text: string): void {
  const scratch = `${file}.new`;
  const handle = openSync(scratch, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(scratch, file);
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The checksum that the plan is recorded with in PostgreSQL. */
export const planHash = (plan: string): string => createHash("sha256").update(plan).digest("hex");

/** The plan as it was fixed. @throws UserError when the file was changed since. */
export function planOf(folder: Folder, expected?: string): Plan {
  if (expected !== undefined && planHash(folder.plan) !== expected)
    throw new UserError(
      `${join(folder.path, "plan.json")} is not the plan that this promotion began with. Move its folder away and run the same command again: the plan is taken from the notes in PostgreSQL.`,
      ExitCode.refused,
    );
  return JSON.parse(folder.plan) as Plan;
}

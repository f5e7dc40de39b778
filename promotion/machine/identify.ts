import { rmSync } from "node:fs";
import { ExitCode, UserError } from "../../settings/errors";
import { type Folder, makeFolder } from "./folder";
import { appendJournal, type JournalEntry } from "./journal";
import type { Wish } from "./next";
import type { Notes } from "./notes";

/** What this machine knows of the stack's last promotion. */
export interface Local {
  readonly folder: Folder;
  readonly entries: readonly JournalEntry[];
  readonly ended: boolean;
}

/**
 * Which promotion a run is about. `new`: one is begun. `known`: it goes on, `folder` perhaps made again from PostgreSQL's notes.
 * `cleared`: PostgreSQL has nothing of it any more, and nothing was carried there; only the source is to be looked after.
 * `over`: it has ended as the last entry says.
 */
export type Identity =
  | { readonly kind: "new" }
  | { readonly kind: "known"; readonly folder: Folder; readonly notes: Notes }
  | { readonly kind: "cleared"; readonly folder: Folder }
  /** A rehearsal that was cut off: PostgreSQL is freed of it first. */
  | { readonly kind: "leftover"; readonly notes: Notes }
  | { readonly kind: "over"; readonly folder: Folder; readonly by: "rollback" | "retire" };

export interface Known {
  readonly stack: string;
  /** Where the stack's promotions are kept. */
  readonly parent: string;
  readonly local: Local | undefined;
  readonly notes: Notes | undefined;
  /** As messages call PostgreSQL's database. */
  readonly place: string;
  readonly wish: Wish;
  readonly rehearsal: boolean;
  /** The entries that PostgreSQL keeps, when the folder is lost. */
  readonly entries: () => Promise<JournalEntry[]>;
}

/** Puts together what this machine and PostgreSQL know. @throws UserError `refused` when they speak of two promotions. */
export async function identify(known: Known): Promise<Identity> {
  const { stack, local, notes, place } = known;
  if (notes === undefined) return withoutNotes(known);
  const { promotion } = notes;
  if (promotion.stack !== stack)
    throw new UserError(
      `${place} belongs to the promotion of stack ${promotion.stack} (${promotion.id}), not of ${stack}. Name that stack, or another database with PGDATABASE.`,
      ExitCode.refused,
    );
  if (local !== undefined && local.folder.promotion.id === promotion.id) {
    if (notes.rolledBack) return { kind: "over", folder: endedBy(local, "rollback"), by: "rollback" };
    return { kind: "known", folder: local.folder, notes };
  }
  if (promotion.rehearsal) return { kind: "leftover", notes };
  if (notes.rolledBack) return { kind: "new" };
  if (known.rehearsal)
    throw new UserError(
      `${place} is in promotion ${promotion.id} of stack ${stack}, which a rehearsal would take back. Rehearse into another, empty database (PGDATABASE). Nothing was changed.`,
      ExitCode.refused,
    );
  if (local !== undefined && !local.ended)
    throw new UserError(
      `This machine has promotion ${local.folder.promotion.id} of stack ${stack} (into ${local.folder.promotion.target}), but ${place} has ${promotion.id}. Name the database of the one that you mean; to give up what this machine has, roll that one back first.`,
      ExitCode.refused,
    );
  const folder = makeFolder(known.parent, promotion, notes.plan);
  for (const entry of await known.entries()) appendJournal(folder.journal, entry);
  return { kind: "known", folder, notes };
}

function withoutNotes({ local, place, wish }: Known): Identity {
  if (local === undefined) return { kind: "new" };
  const { folder, entries, ended } = local;
  const has = (step: JournalEntry["step"], event: JournalEntry["event"]) =>
    entries.some((entry) => entry.step === step && entry.event === event);
  if (ended) return has("retire", "done") ? { kind: "over", folder, by: "retire" } : { kind: "new" };
  // The notes are the last that goes from PostgreSQL; the file may have missed it.
  if (has("retire", "begin")) return { kind: "over", folder: endedBy(local, "retire"), by: "retire" };
  if (has("rollback", "begin") || wish === "rollback") return { kind: "cleared", folder };
  if (!has("prepare", "begin")) {
    rmSync(folder.path, { recursive: true });
    return { kind: "new" };
  }
  throw new UserError(
    `Promotion ${folder.promotion.id} was begun into ${folder.promotion.target}, and ${place} has no notes of it. Name the database that it was begun into; when that one is gone, give the promotion up with --rollback and begin again.`,
    ExitCode.refused,
  );
}

/** Notes an end that a kill kept out of the journal. */
function endedBy({ folder, ended }: Local, step: "rollback" | "retire"): Folder {
  if (!ended) appendJournal(folder.journal, { step, at: new Date().toISOString(), event: "done" });
  return folder;
}

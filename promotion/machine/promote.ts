import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Client } from "pg";
import { ExitCode, UserError } from "../../settings/errors";
import { undoTarget } from "../cutover/undoTarget";
import { sourceSide } from "../log/sourceGate";
import { removeSourceLog } from "../log/sourceLog";
import { reverseLag } from "../log/targetLog";
import type { Plan, Run } from "../model";
import { explainSource, openSource } from "../source/open";
import { targetFailure } from "../target/failures";
import { targetOf } from "../target/session";
import { refuseOtherwise } from "./asked";
import { begin } from "./begin";
import { carryOn, type Done } from "./carryOn";
import { refuseOther, servingMs } from "./facts";
import { type Folder, findFolder, planOf, REHEARSAL_FOLDER } from "./folder";
import { identify } from "./identify";
import { appendJournal } from "./journal";
import { holdStack, holdTarget } from "./lock";
import { servingSide, type Wish } from "./next";
import { type Notes, note, notedEntries, readNotes } from "./notes";
import type { PromoteOptions } from "./options";
import type { Work } from "./work";

/** How a run ended. */
export interface Outcome {
  readonly id: string;
  readonly stack: string;
  /** Files of the promotion: journal, plan, assessment, verdict. */
  readonly folder: string;
  /** The last step that is finished now; `rollback` when it was taken back. */
  readonly done: Wish;
  readonly serving: "sqlite" | "postgresql";
  /** What this run did, with figures. */
  readonly actions: readonly Done[];
  /** While PostgreSQL serves and the way back is open. */
  readonly soak?: { readonly servingMs: number; readonly changes: number };
}

/**
 * Begins the promotion of a stack's SQLite file into PostgreSQL, or goes on with the one that was begun, up to where `wish` says. May be
 * killed at any moment: the next run finds from the databases where it stands.
 * @throws UserError in one sentence for whatever the user can mend; an AbortError when `signal` fires.
 */
export async function promote(options: PromoteOptions): Promise<Outcome> {
  const release = holdStack(options.parent, options.stack);
  try {
    const id = randomUUID();
    // One session holds the lock and does the work: an owner's connections are few.
    const client = await targetOf(options.connection, id).connect();
    try {
      await holdTarget(client);
      return await withHeld(options, client, id);
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (error) {
    throw targetFailure(error, "the promotion was at work", "No row is lost.");
  } finally {
    release();
  }
}

/** `fresh`: the id of a promotion that is begun now, which the session already bears. */
async function withHeld(options: PromoteOptions, client: Client, fresh: string): Promise<Outcome> {
  const { stack, parent, wish, connection } = options;
  const { host, port, database } = connection;
  const place = `${host}:${port}/${database}`;
  const local = findFolder(parent);
  const notes = await readNotes(client);
  const identity = await identify({
    stack,
    parent,
    local,
    notes,
    place,
    wish,
    rehearsal: options.rehearsal === true,
    entries: () => notedEntries(client),
  });
  switch (identity.kind) {
    case "known":
      if (options.asked !== undefined) refuseOtherwise(identity.notes.promotion, options.asked);
      await client.query("SELECT set_config('ladder.promotion', $1, false)", [identity.notes.promotion.id]);
      return withWork(options, client, identity.folder, identity.notes);
    case "leftover":
      await clearRehearsal(client, identity.notes);
      await client.query("SELECT set_config('ladder.promotion', $1, false)", [fresh]);
      options.tell.say(`What a rehearsal that was cut off had left in ${place} was taken away.`);
      return withHeld(options, client, fresh);
    case "cleared":
      return clear(identity.folder);
    case "over":
      // The stack's next file is a promotion of its own.
      if (wish === "rollback" || (identity.by === "retire" && !isOfAnother(identity.folder, options)))
        return ended(identity.folder, identity.by);
  }
  if (wish === "rollback" || wish === "retire")
    throw new UserError(
      `There is no promotion of stack ${stack} in ${place} to ${wish === "retire" ? "retire" : "roll back"}. Nothing was changed.`,
    );
  const begun = await begin(options, client, { id: fresh, place });
  return withWork(options, client, begun.folder, begun.notes);
}

/** Opens both sides of a promotion that was begun, and goes on with it. */
async function withWork(options: PromoteOptions, client: Client, folder: Folder, notes: Notes): Promise<Outcome> {
  const { stack, wish, workers, connection, signal, tell } = options;
  const { promotion } = notes;
  const source = { path: promotion.source, busyTimeoutMs: promotion.busyTimeoutMs };
  const target = targetOf(connection, promotion.id);
  const plan = planOf(folder, notes.planHash);
  const run: Run = { id: promotion.id, source, target, plan, workers, onProgress: tell.progress, signal };
  const db = openSource(source, { readonly: false });
  try {
    // The COMMIT of a decision is on the disk before anything is done because of it, on both sides.
    db.pragma("synchronous = FULL");
    await client.query("SET synchronous_commit = on");
    const work: Work = { ...options, promotion, folder, plan, run, db, client, fingerprint: notes.fingerprint };
    await refuseWish(work, wish, notes);
    const { done, facts } = await carryOn(work, wish);
    const last = done.at(-1)?.action;
    const back = last === "undo" || last === "forget";
    const serves = last !== "retire" && !back && facts.source === "moved" && facts.served;
    return {
      id: promotion.id,
      stack,
      folder: folder.path,
      done: back ? "rollback" : last === "retire" ? "retire" : facts.done,
      serving: servingSide(facts),
      actions: done,
      ...(serves
        ? { soak: { servingMs: (await servingMs(client)) ?? 0, changes: (await reverseLag(client)).changes } }
        : {}),
    };
  } catch (error) {
    throw explainSource(promotion.source, error);
  } finally {
    db.close();
  }
}

/** @throws UserError for a step that the promotion cannot be asked for where it stands. */
async function refuseWish({ db, client }: Work, wish: Wish, { done }: Notes): Promise<void> {
  const side = sourceSide(db);
  if (wish === "retire" && side === "serving")
    throw new UserError(
      "Only a promotion whose PostgreSQL serves can be retired: it takes away the way back. Run without --step first. Nothing was changed.",
      ExitCode.refused,
    );
  // Asked for by name, everything is compared again.
  if (wish === "verify" && side === "serving" && done === "verify") await note(client, { done: "copy" });
}

/** A promotion that PostgreSQL knows nothing of any more: the source is freed of it. */
function clear(folder: Folder): Outcome {
  const { id, stack, source: path, busyTimeoutMs } = folder.promotion;
  const db = openSource({ path, busyTimeoutMs }, { readonly: false });
  try {
    refuseOther(db, id);
    if (sourceSide(db) === "moved")
      throw new UserError(
        `${path} says that it moved to PostgreSQL in promotion ${id}, and the notes of it are not in this database. Name the database that it moved to (${folder.promotion.target}). Nothing was changed.`,
        ExitCode.refused,
      );
    removeSourceLog(db, planOf(folder));
  } finally {
    db.close();
  }
  appendJournal(folder.journal, { step: "rollback", at: new Date().toISOString(), event: "done" });
  return { id, stack, folder: folder.path, done: "rollback", serving: "sqlite", actions: [] };
}

async function clearRehearsal(client: Client, { promotion, plan }: Notes): Promise<void> {
  await client.query("SELECT set_config('ladder.promotion', $1, false)", [promotion.id]);
  await undoTarget(client, JSON.parse(plan) as Plan);
  const scratch = dirname(promotion.source);
  if (REHEARSAL_FOLDER.test(scratch)) rmSync(scratch, { recursive: true, force: true });
}

const isOfAnother = ({ promotion }: Folder, { asked }: PromoteOptions): boolean =>
  asked?.source !== undefined && asked.source !== promotion.source;

/** Nothing is left to do. */
const ended = ({ promotion: { id, stack }, path }: Folder, by: "rollback" | "retire"): Outcome => ({
  id,
  stack,
  folder: path,
  done: by,
  serving: by === "retire" ? "postgresql" : "sqlite",
  actions: [],
});

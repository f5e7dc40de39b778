import { copyAll } from "../copy/copy";
import { makeCanary, writeCanary } from "../cutover/canary";
import { cutOver, Differs, refuseChangedSchema } from "../cutover/cutOver";
import { closeForGood, drainBack, forget, undo } from "../cutover/rollBack";
import { holdWriters, letGo } from "../cutover/sourceLock";
import { reopenSource } from "../log/sourceGate";
import { installSourceLog } from "../log/sourceLog";
import { installTarget, openGate } from "../log/targetGate";
import { catchUp } from "../replay/forward";
import { finishTarget, makeIndexes, validateForeignKeys } from "../target/later";
import { prepareTarget } from "../target/prepare";
import { refuseOther } from "./facts";
import type { Action } from "./next";
import { note, readNotes } from "./notes";
import { retire } from "./retire";
import { verify } from "./verify";
import type { Figures, Work } from "./work";

/** What is done for each action. Each may be done again when it was cut off. */
export const ACTIONS: Readonly<Record<Action, (work: Work) => Promise<Figures>>> = {
  prepare,
  copy,
  verify,
  cutover: takeOver,
  open: letServe,
  flip: async ({ flip, tell }) => {
    for (const line of flip.describe()) tell.say(line);
    await flip.flip();
    return {};
  },
  settle,
  soak: async ({ client }) => {
    await note(client, { done: "soak" });
    return {};
  },
  retire,
  undo,
  close: closeForGood,
  drainBack,
  unflip: async ({ flip }) => {
    await flip.unflip();
    return {};
  },
  forget,
};

async function prepare(work: Work): Promise<Figures> {
  const { run, plan, client, db } = work;
  refuseOther(db, run.id);
  // From their first moment on the tables are closed to everybody else.
  const close = () => installTarget(client, plan, run.id);
  await prepareTarget(client, plan, { workers: run.workers, close, signal: run.signal });
  await makeCanary(client, work.applicationRole);
  holdWriters(db);
  try {
    refuseChangedSchema(db, work.fingerprint);
    refuseOther(db, run.id);
    installSourceLog(db, plan);
    // Whose log it is: another promotion of the same file finds the name.
    reopenSource(db, { id: run.id, note: "a promotion is at work; SQLite serves" });
    db.exec("COMMIT");
  } finally {
    letGo(db);
  }
  await note(client, { done: "prepare" });
  return { tables: plan.tables.length };
}

async function copy(work: Work): Promise<Figures> {
  const { run, client, promotion } = work;
  const { quarantine } = promotion;
  const result = await copyAll(run, { quarantine });
  await makeIndexes(run);
  await finishTarget(client);
  await catchUp(run, { quarantine });
  await note(client, { done: "copy" });
  return { ...result };
}

async function takeOver(work: Work): Promise<Figures> {
  const { run, db, client, fingerprint, maxFreezeMs, tell, promotion } = work;
  const compared = (await readNotes(client))?.compared;
  if (compared === undefined) throw new Error("a cut-over without a comparison");
  const { quarantine } = promotion;
  try {
    return { ...(await cutOver({ run, db, client, compared, fingerprint, maxFreezeMs, quarantine, say: tell.say })) };
  } catch (error) {
    // Everything is compared again before the next try, and the verdict tells which rows.
    if (error instanceof Differs) await note(client, { done: "copy" });
    throw error;
  }
}

async function letServe({ client }: Work): Promise<Figures> {
  await openGate(client);
  return {};
}

async function settle({ client, connectAsApplication, plan, tell }: Work): Promise<Figures> {
  await writeCanary(connectAsApplication, plan.tables.find(({ targetKey }) => targetKey.length > 0)?.target);
  const orphans = await validateForeignKeys(client);
  for (const { table, constraint, rows } of orphans)
    tell.say(
      `Foreign key ${constraint} of ${table} guards new rows only: ${rows} rows name a parent that is not there, as in SQLite.`,
    );
  await note(client, { done: "cutover" });
  return { canary: "written and read back", orphans };
}

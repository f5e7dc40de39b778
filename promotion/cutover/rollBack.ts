import { ExitCode, UserError } from "../../settings/errors";
import { reopenSource, sourceSide } from "../log/sourceGate";
import { keysSince, removeSourceLog, sourceMark } from "../log/sourceLog";
import { closeGate, gateOf, openGate } from "../log/targetGate";
import { isOthers } from "../machine/facts";
import { note } from "../machine/notes";
import type { Figures, Work } from "../machine/work";
import { replayBack } from "../replay/back";
import { compareKeys } from "../verify/keys";
import { countDifferences } from "./counts";
import { holdWriters, letGo } from "./sourceLock";
import { undoTarget } from "./undoTarget";

/** Before anybody but ladder wrote into PostgreSQL: takes away all that ladder made, on both sides. SQLite serves all the while. */
export async function undo({ client, db, plan, run }: Work): Promise<Figures> {
  await note(client, { turning: true });
  // The log of another promotion that was quicker is its own.
  if (!isOthers(db, run.id)) removeSourceLog(db, plan);
  return undoTarget(client, plan);
}

/** Closes PostgreSQL for everybody: durable before anything is applied back, so that nothing more comes after what is. */
export async function closeForGood({ client }: Work): Promise<Figures> {
  await note(client, { turning: true });
  try {
    await closeGate(client);
  } catch (error) {
    // Nothing was changed, as the error says: what is asked for next is not taken for the way back.
    if ((await gateOf(client).catch(() => undefined)) === "open") await note(client, { turning: false });
    throw error;
  }
  return {};
}

/**
 * Applies to SQLite what was written into PostgreSQL since the cut-over, compares it, and lets SQLite serve: all in one transaction of
 * SQLite, whose COMMIT is the decision. When that cannot be done, PostgreSQL serves on.
 */
export async function drainBack(work: Work): Promise<Figures> {
  const { db, client, run } = work;
  try {
    holdWriters(db);
    reopenSource(db, { id: run.id, note: "rolled back from PostgreSQL" });
    // SQLite's own log, which is still there, tells which rows are applied.
    const before = sourceMark(db);
    const applied = await replayBack(db, client, run);
    const wrong = await differences(work, before);
    if (wrong.length > 0)
      throw new UserError(
        `What was applied back to SQLite is not what PostgreSQL holds: ${wrong.join("; ")}.`,
        ExitCode.refused,
      );
    db.exec("COMMIT");
    return { ...applied };
  } catch (error) {
    letGo(db);
    // A COMMIT that failed may have been kept all the same.
    if (sourceSide(db) === "serving") throw error;
    await serveOn(work);
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`No way back: ${error.message} PostgreSQL serves on and nothing is lost.`, error.exitCode);
  }
}

async function differences({ db, client, plan }: Work, before: bigint): Promise<string[]> {
  // Tables that a mapping gathers from others have rows of their own in PostgreSQL, which `notCarried` tells of.
  const theirs = plan.tables.filter(({ source }) => !source.startsWith("_ladder_"));
  const wrong = await countDifferences(db, client, { ...plan, tables: theirs });
  for (const table of theirs) {
    const found = await compareKeys(db, client, table, keysSince(db, table, before));
    if (found.length > 0) wrong.push(`${table.source}: ${found.length} rows differ, such as ${found[0]?.shown}`);
  }
  return wrong;
}

/** The way back is given up. Where the session is lost, the next run tries the way back again. */
async function serveOn({ client }: Work): Promise<void> {
  await note(client, { turning: false })
    .then(() => openGate(client))
    .catch(() => undefined);
}

/** After the way back from a PostgreSQL that served: takes the log out of SQLite. The rows in PostgreSQL stay, behind the closed gate. */
export async function forget({ client, db, plan }: Work): Promise<Figures> {
  removeSourceLog(db, plan);
  await note(client, { turning: false, rolledBack: true });
  return {};
}

import type { Database } from "better-sqlite3";
import type { Client } from "pg";
import { codeOf } from "../../schema/connectionErrors";
import { ExitCode, UserError } from "../../settings/errors";
import { closeSource, sourceSide } from "../log/sourceGate";
import { schemaFingerprint } from "../machine/fingerprint";
import type { Run, TablePlan } from "../model";
import { replay } from "../replay/forward";
import { addForeignKeys, removeForeignKeys } from "../target/later";
import { setSequences } from "../target/sequences";
import { inTransaction } from "../target/transaction";
import { verifyAll } from "../verify/verify";
import { countDifferences } from "./counts";
import { type Compared, comparedUpTo, compareRest, type Rest, unkeyedRest } from "./rest";
import { holdWriters, letGo } from "./sourceLock";

/** Longest time that the application's writers are held, in milliseconds, unless it is told otherwise. */
export const MAX_FREEZE_MS = 5_000;
const ATTEMPTS = 3;
/** A server that is there says within it that a statement took too long. */
const SILENCE_MS = 2_000;

export interface CutOverRequest {
  readonly run: Run;
  /** The source, open for writing, with `synchronous = FULL`: its COMMIT is the decision. */
  readonly db: Database;
  /** A session of the promotion. */
  readonly client: Client;
  readonly compared: Compared;
  /** The application's schema as the plan was made for. */
  readonly fingerprint: string;
  readonly maxFreezeMs: number;
  /** Rows that cannot be carried are set aside. */
  readonly quarantine: boolean;
  readonly say: (line: string) => void;
}

export interface CutOver {
  /** How long the writers were held, in milliseconds. */
  readonly freezeMs: number;
  readonly attempts: number;
  /** Keys whose rows were compared while the writers were held. */
  readonly compared: number;
}

/** The freeze took longer than allowed. Writers were let go, SQLite serves. */
class FreezeTooLong extends Error {}

/** PostgreSQL did not hold what SQLite held while nobody wrote. Writers were let go, SQLite serves. */
export class Differs extends UserError {
  constructor(differences: readonly string[]) {
    super(
      `No cut-over: PostgreSQL does not hold what SQLite holds. ${differences.join("; ")}. SQLite serves on and nothing is lost. Run again with --step verify to see which rows, or go back with --rollback.`,
      ExitCode.refused,
    );
  }
}

/**
 * Lets PostgreSQL take over: follows and compares until little is left, then holds SQLite's writers, carries and compares the rest, and
 * commits SQLite's own refusal of writes, which is the decision. Until then SQLite serves, whatever happens; a freeze that becomes too long
 * is given up and tried again. The gate of PostgreSQL is opened by the caller.
 * @throws UserError when a row or a count differs, the schema was changed, or every freeze was too long; SQLite serves then.
 */
export async function cutOver(request: CutOverRequest): Promise<CutOver> {
  const { run, db, client, say, maxFreezeMs, quarantine } = request;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // A run that was killed after it had made them, and before the decision, left them.
    await removeForeignKeys(client);
    const rest = await comparedUpTo(run, db, client, { from: request.compared, quarantine });
    try {
      return { ...(await freeze(request, rest)), attempts: attempt };
    } catch (error) {
      if (!(error instanceof FreezeTooLong)) throw error;
      say(
        `Freeze ${attempt} would have been longer than ${maxFreezeMs} ms: the writers were let go, SQLite serves on.`,
      );
    }
  }
  throw new UserError(
    `The cut-over was tried ${ATTEMPTS} times, and each time holding the writers for ${maxFreezeMs} ms was not enough; SQLite serves on and nothing is lost. Run again at a quieter time, or allow more with --max-freeze <milliseconds>.`,
    ExitCode.failed,
  );
}

async function freeze(request: CutOverRequest, rest: Rest): Promise<Omit<CutOver, "attempts">> {
  const { run, db, client, maxFreezeMs } = request;
  holdWriters(db);
  const started = performance.now();
  const tooLong = AbortSignal.timeout(maxFreezeMs);
  const signal = run.signal === undefined ? tooLong : AbortSignal.any([run.signal, tooLong]);
  const spent = () => performance.now() - started;
  let silent = false;
  // With a question under way this breaks the connection, and the question fails: the network alone would go on hoping for hours.
  const watch = setTimeout(() => {
    silent = true;
    void client.end().catch(() => undefined);
  }, maxFreezeMs + SILENCE_MS);
  let compared = 0;
  try {
    await client.query("SELECT set_config('statement_timeout', $1, false)", [String(maxFreezeMs)]);
    refuseChangedSchema(db, request.fingerprint);
    await replay(db, client, { ...run, signal }, { quarantine: request.quarantine });
    compared = await proveRest({ ...request, run: { ...run, signal } }, rest);
    await prepareToServe(request);
    signal.throwIfAborted();
    if (spent() > maxFreezeMs) throw new FreezeTooLong();
    closeSource(db, run.plan, { id: run.id, note: "moved to PostgreSQL" });
    db.exec("COMMIT");
  } catch (error) {
    letGo(db);
    // A COMMIT that failed on its way back may have been kept all the same.
    if (sourceSide(db) !== "moved") {
      await undoServing(client).catch(() => undefined);
      run.signal?.throwIfAborted();
      if (silent) throw noAnswer(maxFreezeMs + SILENCE_MS);
      throw error instanceof FreezeTooLong || tooLong.aborted || codeOf(error) === QUERY_CANCELED
        ? new FreezeTooLong()
        : error;
    }
  } finally {
    clearTimeout(watch);
    await client.query("SELECT set_config('statement_timeout', '0', false)").catch(() => undefined);
  }
  return { freezeMs: Math.round(spent()), compared };
}

const noAnswer = (milliseconds: number): UserError =>
  new UserError(
    `PostgreSQL did not answer for ${milliseconds} ms while the writers were held: they were let go, SQLite serves on and nothing is lost. Look at the server and the network, and run again.`,
    ExitCode.failed,
  );

const QUERY_CANCELED = "57014";

/** @throws UserError when the application's schema is another one than the plan was made for. */
export function refuseChangedSchema(db: Database, fingerprint: string): void {
  if (schemaFingerprint(db) === fingerprint) return;
  throw new UserError(
    `The schema of ${db.name} was changed since the promotion began, so that its plan is no longer right. SQLite serves on and nothing is lost. Go back with --rollback, and begin again once the schema stays as it is.`,
    ExitCode.refused,
  );
}

/** Compares what is left; nobody writes on either side now, so that what differs is wrong. */
async function proveRest({ run, db, client }: CutOverRequest, rest: Rest): Promise<number> {
  const { compared, differing } = await compareRest(run, db, client, rest);
  const wrong = differing.map(
    ({ table, differences }) => `${table.target}: ${differences.length} rows differ, such as ${differences[0]?.shown}`,
  );
  wrong.push(...(await unkeyedDifferences(run, unkeyedRest(db, run.plan, rest))));
  wrong.push(...(await countDifferences(db, client, run.plan)));
  if (wrong.length > 0) throw new Differs(wrong);
  return compared;
}

/** Tables without a key can only be compared as a whole. The threads that do it read what was committed last, which is what is held. */
async function unkeyedDifferences(run: Run, tables: readonly TablePlan[]): Promise<string[]> {
  if (tables.length === 0) return [];
  const found = await verifyAll(run, tables);
  return found.tables
    .filter(({ source, target }) => source.rows !== target.rows || source.checksum !== target.checksum)
    .map(({ table }) => `${table.target}: its rows differ`);
}

/** What PostgreSQL needs besides the rows. Kept when the decision is not made after all, and taken back by `undoServing`. */
async function prepareToServe({ run, db, client }: CutOverRequest): Promise<void> {
  await inTransaction(client, async () => {
    await setSequences(client, db, run.plan);
    await addForeignKeys(client);
  });
}

/** Rows come in any order while SQLite serves: foreign keys would refuse them. Where the session is lost, the next try does it. */
async function undoServing(client: Client): Promise<void> {
  await client.query("SELECT set_config('statement_timeout', '0', false)");
  await removeForeignKeys(client);
}

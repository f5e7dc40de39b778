import { interrupted } from "../../local/backup/failures";
import type { Run, TablePlan } from "../model";
import type { VerifyJob } from "./messages";
import { runThread } from "./thread";
import { type TableVerification, Work } from "./work";

export interface Verification {
  readonly tables: readonly TableVerification[];
}

/**
 * Compares every row of the plan's tables (`only`: of these) by the codecs' texts: counts and sums of hashes of 64 bits, along ranges of
 * 50,000 rows where the key is a number, else of the table as a whole; what differs is looked for down to its keys. Both sides are only
 * read and the application may write. Throws a UserError when a side cannot be read, or the run is interrupted.
 */
export async function verifyAll(run: Run, only?: readonly TablePlan[]): Promise<Verification> {
  if (run.signal?.aborted) throw interrupted();
  const tables = only ?? run.plan.tables;
  const work = new Work(run, tables);
  const job: VerifyJob = { id: run.id, source: run.source, connection: run.target.connection, tables };
  const stop = new AbortController();
  const signals = run.signal === undefined ? [stop.signal] : [run.signal, stop.signal];
  const threads = Array.from({ length: Math.max(1, run.workers) }, () =>
    runThread(job, work, AbortSignal.any(signals)),
  );
  try {
    await Promise.all(threads);
  } catch (error) {
    // The others hold connections: they end before their failure is told.
    stop.abort();
    await Promise.allSettled(threads);
    throw run.signal?.aborted ? interrupted() : error;
  }
  return { tables: work.results() };
}

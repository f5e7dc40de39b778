import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { errorCode } from "./failures";
import { type Job, type Report, runJob } from "./jobs";

/** How long to wait for a program that holds an exclusive lock on the database. */
const BUSY_TIMEOUT_MS = 5000;

const report = (message: Report): void => parentPort?.postMessage(message);

async function main(job: Job): Promise<void> {
  try {
    // Read-only: the source is never created, never checkpointed, never changed.
    const db = new Database(job.database, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      await runJob(db, job, report);
    } finally {
      db.close();
    }
  } catch (error) {
    report({ type: "failed", message: error instanceof Error ? error.message : String(error), code: errorCode(error) });
  }
}

void main(workerData as Job);

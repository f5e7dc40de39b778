import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { interrupted } from "./failures";
import type { Job, Report } from "./jobs";

/** An error that crossed from a thread: message and code survive, the class does not. */
class ThreadError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

export type Done = Extract<Report, { type: "done" }>;

/**
 * Runs a job in a thread of its own and resolves with its last report. `onReport` gets the reports before it.
 * Rejects with the job's error (its `code` kept) or, when `signal` fires, after the thread has ended.
 */
export function runInThread(
  job: Job,
  signal: AbortSignal | undefined,
  onReport: (report: Report) => void = () => undefined,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(interrupted());
    // The thread is TypeScript too: tsx is loaded in it by name, so that it also works where the caller runs without.
    const worker = new Worker(join(__dirname, "worker.ts"), {
      workerData: job,
      execArgv: ["--require", require.resolve("tsx/cjs")],
    });
    let outcome: Done | Error | undefined;
    const stop = (): void => {
      outcome = interrupted();
      void worker.terminate();
    };
    signal?.addEventListener("abort", stop, { once: true });
    worker.on("message", (report: Report) => {
      if (report.type === "done") outcome ??= report;
      else if (report.type === "failed") outcome ??= new ThreadError(report.message, report.code);
      else onReport(report);
    });
    worker.on("error", (error) => {
      outcome ??= error instanceof Error ? error : new Error(String(error));
    });
    worker.on("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      if (outcome === undefined) reject(new Error(`A thread for ${job.task} ended with code ${code} and no result.`));
      else if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
  });
}

/**
 * Waits for several works that share one stop: the first failure stops the others, and is thrown only after all have
 * ended, so that nobody still uses files that the caller is about to remove.
 */
export async function allOrStop<T extends readonly Promise<unknown>[]>(
  stop: AbortController,
  works: readonly [...T],
): Promise<{ [Index in keyof T]: Awaited<T[Index]> }> {
  try {
    return await Promise.all(works);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(works);
    throw error;
  }
}

/** A stop of one's own that also follows the caller's. */
export function linkedStop(signal: AbortSignal | undefined): { stop: AbortController; linked: AbortSignal } {
  const stop = new AbortController();
  return { stop, linked: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]) };
}

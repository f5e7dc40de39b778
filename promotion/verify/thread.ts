import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { interrupted } from "../../local/backup/failures";
import { type ExitCode, UserError } from "../../settings/errors";
import type { Told, VerifyJob } from "./messages";
import type { Work } from "./work";

/** A thread that takes orders until there are none. Rejects with its failure, or when `signal` fires, after it has ended. */
export function runThread(job: VerifyJob, work: Work, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // The thread is TypeScript too: tsx is loaded in it by name, so that it also works where the caller runs without.
    const worker = new Worker(join(__dirname, "worker.ts"), {
      workerData: job,
      execArgv: ["--require", require.resolve("tsx/cjs")],
    });
    let failure: Error | undefined;
    let finished = false;
    const end = (error?: Error): void => {
      failure ??= error;
      finished = true;
      void worker.terminate();
    };
    const stop = (): void => end(interrupted());
    signal.addEventListener("abort", stop, { once: true });
    worker.on("message", (told: Told) => {
      if (finished) return;
      if (told.type === "failed") end(threadFailure(told));
      else if (told.type === "ready") work.next((order) => (order === undefined ? end() : worker.postMessage(order)));
      else work.take(told);
    });
    worker.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", (code) => {
      signal.removeEventListener("abort", stop);
      if (failure !== undefined) reject(failure);
      else if (finished) resolve();
      else reject(new Error(`A comparing thread ended with code ${code}.`));
    });
  });
}

function threadFailure({ message, exitCode, code }: Extract<Told, { readonly type: "failed" }>): Error {
  if (exitCode !== undefined) return new UserError(message, exitCode as ExitCode);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

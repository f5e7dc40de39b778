import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type ExitCode, UserError } from "../../settings/errors";
import type { CopyJob, Order, Told } from "./messages";

/** A thread that copies. */
export interface CopyThread {
  order(order: Order): void;
  /** Resolves with the next message of this kind. Rejects when the thread fails or ends before. */
  next<Type extends Told["type"]>(type: Type): Promise<Extract<Told, { readonly type: Type }>>;
  /** Resolves when the thread has ended, however. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts a thread. `onRows` gets what it tells while a range is copied. */
export function startThread(job: CopyJob, onRows: (table: number, rows: number) => void): CopyThread {
  // The thread is TypeScript too: tsx is loaded in it by name, so that it also works where the caller runs without.
  const worker = new Worker(join(__dirname, "worker.ts"), {
    workerData: job,
    execArgv: ["--require", require.resolve("tsx/cjs")],
  });
  const told: Told[] = [];
  let failure: Error | undefined;
  let look = (): void => undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    look();
  };
  worker.on("message", (message: Told) => {
    if (message.type === "rows") onRows(message.table, message.rows);
    else if (message.type === "failed") fail(threadFailure(message));
    else {
      told.push(message);
      look();
    }
  });
  worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
  const ended = new Promise<void>((resolve) =>
    worker.on("exit", (code) => {
      fail(new Error(`A copying thread ended with code ${code}.`));
      resolve();
    }),
  );
  return {
    ended,
    order: (order) => worker.postMessage(order),
    stop: () => void worker.terminate(),
    next: (type) =>
      new Promise((resolve, reject) => {
        look = () => {
          const message = told.shift();
          if (message !== undefined && isOf(message, type)) resolve(message);
          else if (message !== undefined) reject(new Error(`a copying thread told ${message.type}, not ${type}`));
          else if (failure !== undefined) reject(failure);
          else return;
          look = () => undefined;
        };
        look();
      }),
  };
}

const isOf = <Type extends Told["type"]>(told: Told, type: Type): told is Extract<Told, { readonly type: Type }> =>
  told.type === type;

function threadFailure({ message, exitCode, code }: Extract<Told, { readonly type: "failed" }>): Error {
  if (exitCode !== undefined) return new UserError(message, exitCode as ExitCode);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

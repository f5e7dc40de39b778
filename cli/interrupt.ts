import type { BackupProgress } from "../local/backup/create";
import { ExitCode, UserError } from "../settings";
import { progress } from "./console";

/** Runs long work that Ctrl-C (or SIGTERM) interrupts cleanly. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  try {
    return await work(stop.signal);
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}

/** What a command throws that was cut off while the engine worked for it. `what` is the command as typed. */
export const interrupted = (what: string): UserError =>
  new UserError(
    `${what} was interrupted. Run the same command again: it goes on from where it stopped.`,
    ExitCode.interrupted,
  );

/** A line every five seconds, so that a long backup shows that it lives and a short one stays quiet. */
export function showPhases(): (report: BackupProgress) => void {
  let last = Date.now();
  return ({ phase, done, total }) => {
    if (Date.now() - last < 5000) return;
    last = Date.now();
    progress(`  ${phase}: ${total > 0 ? `${Math.floor((100 * done) / total)} %` : done.toLocaleString("en-US")}`);
  };
}

import { type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { ExitCode, UserError } from "../settings/errors";
import { reasonOf } from "./errors";
import type { EngineCommand } from "./types";

export interface RunOptions {
  readonly cwd: string;
  /**
   * `inherit` shows the engine's output as it comes, `stderr` shows all of it on standard error (standard output stays
   * free for ours): both leave `stdout` and `stderr` of the result empty. `pipe` collects it.
   */
  readonly stdio: "inherit" | "stderr" | "pipe";
  /** Asks the engine to cancel gracefully, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** The engine's exit code; 128 plus the signal's number when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** True when this run was asked to stop (Ctrl-C, SIGTERM or the signal of the options), whatever came of it. */
  readonly interrupted: boolean;
}

const STDIO: Record<RunOptions["stdio"], StdioOptions> = {
  inherit: "inherit",
  stderr: ["inherit", process.stderr.fd, "inherit"],
  pipe: ["ignore", "pipe", "pipe"],
};

/**
 * Runs `pulumi` with the arguments, without a shell, and waits for its end. SIGINT and SIGTERM to this process are
 * passed on once, so that the engine cancels gracefully and this process lives to tidy up after it.
 * @throws UserError `missing` when the command cannot be started.
 */
export function runPulumi(
  { pulumi, env }: EngineCommand,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(pulumi, args, { cwd: options.cwd, env, stdio: STDIO[options.stdio] });
    const said = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    const { wasInterrupted, stopListening } = forwardSignals((signal) => child.kill(signal), options.signal);
    child.on("error", (error) => {
      stopListening();
      reject(new UserError(`The Pulumi engine ${pulumi} cannot be started: ${reasonOf(error)}`, ExitCode.missing));
    });
    child.on("close", (code, signal) => {
      stopListening();
      resolve({
        code: code ?? 128 + (signal ? constants.signals[signal] : 0),
        ...said,
        interrupted: wasInterrupted(),
      });
    });
  });
}

/** A second signal would make the engine stop at once and lose track of resources: only the first is passed on. */
function forwardSignals(send: (signal: NodeJS.Signals) => void, abort: AbortSignal | undefined) {
  let interrupted = false;
  let sent = false;
  const pass = (signal: NodeJS.Signals) => {
    interrupted = true;
    // A terminal sends Ctrl-C to every process in front of it, so the engine has it already.
    if (sent || (signal === "SIGINT" && process.stdin.isTTY)) return;
    sent = true;
    send(signal);
  };
  const cancel = () => {
    interrupted = true;
    if (!sent) send("SIGINT");
    sent = true;
  };
  process.on("SIGINT", pass).on("SIGTERM", pass);
  if (abort?.aborted) cancel();
  abort?.addEventListener("abort", cancel, { once: true });
  return {
    wasInterrupted: () => interrupted,
    stopListening: () => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      abort?.removeEventListener("abort", cancel);
    },
  };
}

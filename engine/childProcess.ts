import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const GRACE_MS = 3_000;

export interface CaptureOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the process with SIGINT, after 3 s with SIGKILL; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Ends the process with SIGKILL after so many milliseconds. */
  readonly timeoutMs?: number;
  /** Called for every line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

export interface Captured {
  /** Exit code, or null when a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a command without a shell and collects what it says. Rejects when it cannot be started or is interrupted. */
export function capture(command: string, args: readonly string[], options: CaptureOptions): Promise<Captured> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let timedOut = false;
    const errorLines: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      errorLines.push(line);
      options.onErrorLine?.(line);
    });
    let killer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGINT");
      killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      // Not "close": a grandchild that lives on may hold the pipes open.
      child.once("exit", () => settle(() => reject(options.signal?.reason)));
    };
    options.signal?.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill("SIGKILL");
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      clearTimeout(killer);
      options.signal?.removeEventListener("abort", stop);
      finish();
    };
    child.on("error", (error) => settle(() => reject(error)));
    child.on("close", (code) => settle(() => resolve({ code, stdout, stderr: errorLines.join("\n"), timedOut })));
  });
}

/** The last line that is not empty: where tools put what went wrong. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

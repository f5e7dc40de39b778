import { existsSync, readFileSync } from "node:fs";

/** Clock ticks per second in /proc: fixed by the kernel's interface to programs on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * When the process with that number began, in ms since 1970; `running` where the system does not tell; undefined when
 * there is no such process (a zombie has ended, too).
 */
export function processStarted(pid: number): number | "running" | undefined {
  if (existsSync("/proc/self/stat")) return startedByProc(pid);
  try {
    process.kill(pid, 0);
    return "running";
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM" ? "running" : undefined;
  }
}

function startedByProc(pid: number): number | "running" | undefined {
  try {
    // The name in parentheses may hold blanks; the state comes after it, the start is 19 fields further.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
    const started = boot * 1000 + (Number(fields[19]) * 1000) / TICKS_PER_SECOND;
    return Number.isFinite(started) ? started : "running";
  } catch {
    return undefined;
  }
}

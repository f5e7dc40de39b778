import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setInterval as ticks } from "node:timers/promises";

const EVERY_MS = 20;

/** True where the kernel tells what a process has used at most. */
export const tellsMemory = (): boolean => existsSync("/proc/self/status");

/**
 * Watches the process of a Pulumi program, which the language host starts and nobody else sees, until `ended` is aborted.
 * @param folder Where the program runs; tells it from the program of another stack.
 * @returns The most memory that it ever had (VmHWM), in MB of 1,000,000 bytes.
 */
export async function peakOfProgram(folder: string, ended: AbortSignal): Promise<number> {
  let pid: string | undefined;
  let peak = 0;
  try {
    for await (const _ of ticks(EVERY_MS, undefined, { signal: ended })) {
      pid ??= programIn(folder);
      if (pid !== undefined) peak = Math.max(peak, highWater(pid));
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  }
  return peak;
}

/** The process that runs the SDK's start script with this folder as its own. */
function programIn(folder: string): string | undefined {
  return readdirSync("/proc").find((name) => {
    const words = /^\d+$/.test(name) ? read(`/proc/${name}/cmdline`).split("\0") : [];
    return words[words.indexOf("--pwd") + 1] === folder && words.some((word) => /[\\/]cmd[\\/]run/.test(word));
  });
}

/** The kernel tells kB of 1024 bytes. A process that is gone tells nothing. */
function highWater(pid: string): number {
  const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The kernel counts in hundredths of a second on every Linux. */
const TICKS = 100;

/** User and system time of a process and of its children that have ended, in seconds; or of these children alone. */
function cpuOf(pid: number | "self", childrenAlone: boolean): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program may hold blanks and brackets; what is counted here comes after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [own, children] = [fields.slice(11, 13), fields.slice(13, 15)];
  return (childrenAlone ? children : [...own, ...children]).reduce((sum, field) => sum + Number(field), 0) / TICKS;
}

/** Of all programs that this one has started and that have ended. */
export const cpuOfChildren = (): number => cpuOf("self", true);

/** Of a PostgreSQL server and of all its sessions that have ended. */
export const cpuOfServer = (folder: string): number =>
  cpuOf(Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]), false);

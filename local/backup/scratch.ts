import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const PREFIX = ".ladder-scratch-";
const host = hostname().replace(/[^A-Za-z0-9.]/g, "_") || "localhost";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Removes scratch folders whose process on this machine is gone: what a killed run left behind. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${PREFIX}${host}-`)) continue;
    const pid = /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(PREFIX.length + host.length + 1))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Runs `work` with a private scratch folder (0700) inside `folder`, and removes it afterwards, whatever happens.
 * Inside, so that what is made there can be moved to its place in one step. Leftovers of killed runs go first.
 */
export async function withScratch<T>(folder: string, work: (scratch: string) => Promise<T>): Promise<T> {
  await removeLeftovers(folder);
  const scratch = join(folder, `${PREFIX}${host}-${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(scratch, { mode: 0o700 });
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

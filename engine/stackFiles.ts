import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tidied } from "./salt";

/**
 * Runs `run` and takes the encryption salt out of every stack's settings file again that the engine put it into, also
 * when the run fails or is interrupted. A salt that a killed run left goes first. Where the state is not ours, or the
 * file holds encrypted values, the salt stays.
 */
export async function withCleanStackFiles<T>(root: string, managedState: boolean, run: () => Promise<T>): Promise<T> {
  if (!managedState) return await run();
  const before = readStackFiles(root);
  for (const [file, text] of before) {
    const clean = tidied(undefined, text);
    replace(file, text, clean);
    if (clean === undefined) before.delete(file);
    else before.set(file, clean);
  }
  try {
    return await run();
  } finally {
    for (const [file, text] of readStackFiles(root)) replace(file, text, tidied(before.get(file), text));
  }
}

function readStackFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(root)) {
    const file = join(root, name);
    if (/^Pulumi\..+\.ya?ml$/.test(name) && statSync(file).isFile()) files.set(file, readFileSync(file, "utf8"));
  }
  return files;
}

function replace(link: string, text: string, wanted: string | undefined): void {
  if (wanted === text) return;
  const file = realpathSync(link);
  if (wanted === undefined) {
    rmSync(file);
    return;
  }
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  // On the disk before it takes the place of the user's settings: a power cut must not leave an empty file there.
  writeFileSync(draft, wanted, { mode: statSync(file).mode & 0o777, flush: true });
  renameSync(draft, file);
}

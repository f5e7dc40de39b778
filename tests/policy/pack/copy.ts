import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const PROJECT = resolve(__dirname, "..", "..", "..");

/** A copy of the pack's sources in a folder whose name has a space, beside the settings that it reads. */
export function copyOfPack(): { folder: string; root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), "ladder policy-"));
  const folder = join(root, "policy");
  cpSync(join(PROJECT, "policy"), folder, {
    recursive: true,
    filter: (path) => !/[/\\](bin|node_modules)$/.test(path),
  });
  for (const read of ["settings", "engine/defer.cjs"])
    cpSync(join(PROJECT, read), join(root, read), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  return { folder, root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

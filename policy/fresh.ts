import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The list that a build leaves behind: every file that went into it and came out of it, with the hash of its content. */
export const MANIFEST = "manifest.json";

export type Manifest = Readonly<Record<string, string>>;

/** The hash of each file; paths are relative to the folder of the pack. Throws when one cannot be read. */
export function hashFiles(packFolder: string, files: readonly string[]): Manifest {
  const hash = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(packFolder, file)))
      .digest("hex");
  return Object.fromEntries([...files].sort().map((file) => [file, hash(file)]));
}

/** True when the compiled pack was made from exactly the files that lie there now, and is itself undamaged. */
export function isFresh(packFolder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(packFolder, "bin", MANIFEST), "utf8"));
    if (typeof manifest !== "object" || manifest === null) return false;
    const now = hashFiles(packFolder, Object.keys(manifest));
    return Object.entries(manifest).every(([file, hash]) => now[file] === hash);
  } catch {
    return false;
  }
}

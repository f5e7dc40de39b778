import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder for one test; it is removed when the test ends, whatever it left there. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ladder-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture, lastLine } from "./childProcess";
import { reasonOf, WayFailed } from "./errors";
import { hasLanguageHost } from "./onPath";
import { compareVersions, formatVersion, MINIMUM_PULUMI, parseVersion } from "./version";

/**
 * Runs `pulumi version` and gives the version it prints. Fails, with one line why, when the command does not run,
 * is too old or has no Node.js language host.
 */
export async function verifyEngine(pulumi: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "pulumi-version-"));
  try {
    const told = await capture(pulumi, ["version"], {
      // A home of its own: asking for the version must not write into the user's.
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal,
      timeoutMs: 30_000,
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new WayFailed(`${pulumi} cannot be started (${reasonOf(error)})`);
    });
    const version = parseVersion(told.stdout);
    if (told.code !== 0 || !version) {
      throw new WayFailed(`${pulumi} does not tell its version (${lastLine(told.stderr) || `exit code ${told.code}`})`);
    }
    if (compareVersions(version, MINIMUM_PULUMI) < 0) {
      throw new WayFailed(
        `${pulumi} is version ${formatVersion(version)}, at least ${formatVersion(MINIMUM_PULUMI)} is needed`,
      );
    }
    if (!hasLanguageHost(pulumi, env)) {
      throw new WayFailed(`${pulumi} has no pulumi-language-nodejs beside it or on PATH`);
    }
    return formatVersion(version);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

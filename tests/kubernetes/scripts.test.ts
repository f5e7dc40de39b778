import { describe, expect, it } from "vitest";
import { run } from "../servers/run";
import { shellcheck } from "../servers/tools";
import { projectFiles } from "../support/house";
import { SOURCE } from "../support/project";

const scripts = projectFiles(SOURCE)
  .map(({ path }) => path)
  .filter((path) => path.endsWith(".sh"));

describe("the shell scripts of the project", () => {
  it("are found", () => {
    expect(scripts).toContain("components/backup/scripts/dump.sh");
  });

  it.each(scripts)("have nothing that shellcheck warns of: %s", async (path) => {
    const { code, stdout } = await run([await shellcheck(), "--external-sources", "--source-path", SOURCE, path], {
      env: process.env,
      cwd: SOURCE,
    });
    expect([stdout, code]).toEqual(["", 0]);
  });

  it("are checked: a variable without quotes is found", async () => {
    const { code, stdout } = await run([await shellcheck(), "-"], { env: process.env, input: "#!/bin/sh\nrm $1\n" });
    expect(code).toBe(1);
    expect(stdout).toContain("SC2086");
  });
});

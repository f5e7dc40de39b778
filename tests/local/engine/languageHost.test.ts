import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeLanguageHostLauncher } from "../../../engine/launchers";
import { temporaryFolder } from "../../support/temporary";

const ROOT = join(__dirname, "..", "..", "..");

/** What the host would be started with in a folder: its arguments, one per line. */
function flagsIn(project: string): string[] {
  const bin = join(temporaryFolder(), "bin of the engine");
  mkdirSync(bin);
  writeLanguageHostLauncher(bin);
  const host = join(bin, "language-nodejs-host");
  writeFileSync(host, '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n');
  chmodSync(host, 0o755);
  const said = execFileSync(join(bin, "pulumi-language-nodejs"), ["127.0.0.1:1"], { cwd: project, encoding: "utf8" });
  return said.trimEnd().split("\n");
}

describe("the language host that was built", () => {
  it("gets the runtime options of the project as flags, and the engine's address after them", () => {
    const project = temporaryFolder();
    copyFileSync(join(ROOT, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    expect(flagsIn(project)).toEqual(["-typescript=false", "-nodeargs=--require=./engine/preload.cjs", "127.0.0.1:1"]);
  });

  it("falls back to the engine's own defaults where the project sets none", () => {
    const project = temporaryFolder();
    writeFileSync(join(project, "Pulumi.yaml"), "name: other\nruntime: nodejs\n");
    expect(flagsIn(project)).toEqual(["-typescript=true", "-nodeargs=", "127.0.0.1:1"]);
  });
});

describe("the preload", () => {
  const run = (code: string) =>
    execFileSync(process.execPath, ["--require", "./engine/preload.cjs", "--eval", code], {
      cwd: ROOT,
      encoding: "utf8",
    });
  const loaded = "Object.keys(require.cache).some((file) => /typescript.lib.typescript\\.js$/.test(file))";

  it("makes TypeScript of the project loadable", () => {
    expect(run('console.log(require("./settings/tiers.ts").tierForUsers(20000).name)')).toBe("smb\n");
  });

  it("keeps the compiler out of a start, and gives it to whatever asks for it", () => {
    const code = `
      const pulumi = require("@pulumi/pulumi");
      console.log(${loaded});
      pulumi.runtime.serializeFunction(() => 1 + 1).then(({ text }) => console.log(${loaded}, /return .*1 \\+ 1/.test(text)));
    `;
    expect(run(code)).toBe("false\ntrue true\n");
  });
});

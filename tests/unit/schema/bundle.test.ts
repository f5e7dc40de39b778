import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleOfJob, LARGEST_BUNDLE } from "../../../schema/bundle";
import { SOURCE } from "../../support/project";
import { temporaryFolder } from "../../support/temporary";

/** What the program is made of, in a folder of another name. */
function copyOfSources(): string {
  const root = join(temporaryFolder(), "a copy elsewhere");
  mkdirSync(root);
  for (const folder of ["catalogue", "schema", "settings"])
    cpSync(join(SOURCE, folder), join(root, folder), { recursive: true });
  symlinkSync(join(SOURCE, "node_modules"), join(root, "node_modules"));
  return root;
}

describe("the bundled program", () => {
  it("is one file that a ConfigMap holds, without a path of this machine", () => {
    const { code } = bundleOfJob();
    expect(Buffer.byteLength(code)).toBeLessThan(LARGEST_BUNDLE);
    expect(code).not.toContain(SOURCE);
    expect(code).not.toContain("node_modules");
  });

  it("needs nothing but Node: it starts in an empty folder and loads no module of anybody else's", () => {
    const folder = temporaryFolder();
    const { code } = bundleOfJob();
    writeFileSync(join(folder, "migrate.cjs"), code);
    const { status, stderr } = spawnSync(process.execPath, ["migrate.cjs"], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    expect([status, stderr]).toEqual([2, "usage: node migrate.cjs <plan.json>\n"]);
    const loaded = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name = ""]) => name.replace(/^node:/, ""));
    // Asked for only by whoever uses the native client, and then missed in good order.
    expect(loaded.filter((name) => !builtinModules.includes(name) && name !== "pg-native")).toEqual([]);
  });

  it("has the same bytes wherever the project lies, the first time and from the cache", () => {
    const root = copyOfSources();
    const first = bundleOfJob(root);
    expect(first.sha256).toBe(bundleOfJob().sha256);
    const cache = join(root, ".ladder/bundle/migrate.json");
    const written = readFileSync(cache, "utf8");
    expect(bundleOfJob(root)).toEqual(first);
    expect(readFileSync(cache, "utf8")).toBe(written);
  });

  it("is made anew when a file of it changes, and when the cache is damaged", () => {
    const root = copyOfSources();
    const first = bundleOfJob(root);
    const file = join(root, "schema/job/main.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("usage: node", "how to use it: node"));
    const second = bundleOfJob(root);
    expect(second.sha256).not.toBe(first.sha256);
    expect(second.code).toContain("how to use it: node");
    const cache = join(root, ".ladder/bundle/migrate.json");
    writeFileSync(cache, readFileSync(cache, "utf8").replace("how to use it", "something else"));
    expect(bundleOfJob(root)).toEqual(second);
    writeFileSync(cache, "{");
    expect(bundleOfJob(root)).toEqual(second);
  });

  it("is made where nothing can be kept, too", () => {
    const root = copyOfSources();
    writeFileSync(join(root, ".ladder"), "a file in the place of the folder");
    expect(bundleOfJob(root).sha256).toBe(bundleOfJob().sha256);
    expect(existsSync(join(root, ".ladder/bundle"))).toBe(false);
  });
});

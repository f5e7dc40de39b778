import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildPack } from "../../../policy/build";
import { isFresh } from "../../../policy/fresh";
import { copyOfPack } from "./copy";

describe("buildPack", () => {
  let copy: ReturnType<typeof copyOfPack>;
  const bin = (file = "") => join(copy.folder, "bin", file);
  beforeEach(() => {
    copy = copyOfPack();
  });
  afterEach(() => copy.remove());

  test("compiles once, and then only when a source, a setting it reads or the result has changed", async () => {
    expect(isFresh(copy.folder)).toBe(false);
    expect(await buildPack(copy.folder)).toBe(true);
    expect(await buildPack(copy.folder)).toBe(false);
    const changes = [
      () => appendFileSync(join(copy.folder, "rules", "stack", "tier.ts"), "// changed\n"),
      () => appendFileSync(join(copy.root, "settings", "tiers.ts"), "// changed\n"),
      () => appendFileSync(join(copy.folder, "build.ts"), "// changed\n"),
      () => truncateSync(bin("index.js"), 100),
      () => rmSync(bin("fresh.js")),
      () => truncateSync(bin("manifest.json"), 20),
    ];
    for (const change of changes) {
      change();
      expect(isFresh(copy.folder)).toBe(false);
      expect(await buildPack(copy.folder)).toBe(true);
      expect(isFresh(copy.folder)).toBe(true);
    }
  });

  test("carries no cloud SDK and no validation library, so that it starts quickly", async () => {
    await buildPack(copy.folder);
    expect(statSync(bin("index.js")).size).toBeLessThan(300_000);
    const manifest: unknown = JSON.parse(readFileSync(bin("manifest.json"), "utf8"));
    expect(Object.keys(manifest ?? {}).filter((file) => file.includes("node_modules"))).toEqual([]);
  });

  test("leaves the earlier result alone and no rubbish behind when a source is broken", async () => {
    await buildPack(copy.folder);
    const before = readFileSync(bin("index.js"), "utf8");
    appendFileSync(join(copy.folder, "rules", "stack", "tier.ts"), "const = ;\n");
    await expect(buildPack(copy.folder)).rejects.toThrow("tier.ts");
    expect(readFileSync(bin("index.js"), "utf8")).toBe(before);
    expect(isFresh(copy.folder)).toBe(false);
    expect(readdirSync(bin()).sort()).toEqual(["defer.js", "fresh.js", "index.js", "manifest.json"]);
  });

  test("may run several times at once", async () => {
    await Promise.all([1, 2, 3].map(() => buildPack(copy.folder)));
    expect(isFresh(copy.folder)).toBe(true);
    expect(existsSync(bin("index.js"))).toBe(true);
    expect(readdirSync(bin()).sort()).toEqual(["defer.js", "fresh.js", "index.js", "manifest.json"]);
  });
});

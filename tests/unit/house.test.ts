import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  circles,
  houseOf,
  importGraph,
  importsOf,
  isCode,
  madeInsideApply,
  projectFiles,
  wrongDirections,
} from "../support/house";

const ROOT = join(__dirname, "../..");

/** Imports run downwards only. Each folder, and each file at the top, with the folders that it may import. */
const ALLOWED = {
  settings: [],
  catalogue: ["settings"],
  schema: ["catalogue", "settings"],
  local: ["catalogue", "schema", "settings"],
  // Moves a live stack up a tier: the data, and what is noted of it. The engine is run by the command.
  promotion: ["catalogue", "schema", "local", "settings"],
  engine: ["settings"],
  policy: ["settings"],
  guard: ["settings"],
  rehearsal: ["settings"],
  components: ["catalogue", "schema", "settings"],
  stacks: ["components", "catalogue", "settings"],
  "index.ts": ["stacks", "settings"],
  compose: ["components", "settings"],
  tools: ["engine", "settings"],
  examples: [],
  // A documented path that only starts the command.
  backend: [],
  cli: [
    "promotion",
    "components",
    "compose",
    "engine",
    "local",
    "schema",
    "catalogue",
    "policy",
    "guard",
    "rehearsal",
    "tools",
    "settings",
  ],
  crosscheck: ["tools", "engine", "policy", "rehearsal", "settings"],
  ".github": [],
  docs: ["components", "policy", "settings"],
  bench: "all",
  tests: "all",
  "vitest.config.ts": ["tests"],
  "vitest.mutation.config.ts": [],
} as const;

/** Packages that a folder must do without: the settings and this machine's providers know nothing of the engine. */
const WITHOUT = {
  settings: /^@pulumi\//,
  catalogue: /^@pulumi\//,
  schema: /^@pulumi\//,
  local: /^@pulumi\//,
  promotion: /^@pulumi\//,
  cli: /^@pulumi\/(?!pulumi\/automation)/,
};

const LONGEST = 300;

/** Written in parts, so that this file does not find itself. */
const BANNED: readonly [string, RegExp][] = [
  ["a suppressed lint rule", new RegExp(["biome", "ignore"].join("-"))],
  ["a suppressed type error", new RegExp(`@ts-(${["ignore", "expect-error", "nocheck"].join("|")})`)],
  ["a cast to any", new RegExp(["\\bas", "any\\b"].join(" "))],
  ["a test that runs alone", new RegExp(`\\b(it|test|describe)\\.${"only"}\\b`)],
  [
    "a test that never runs",
    new RegExp(`\\b(it|test|describe)\\.(${["skip", "skipIf", "runIf", "todo", "fails"].join("|")})\\b`),
  ],
];
const BANNED_ANYWHERE: readonly [string, RegExp][] = [
  ["the host of a registry", registryHosts()],
  ["a path of one machine", new RegExp(`(^|[\\s"'\`(=:])/(${["work", "root"].join("|")})/`, "m")],
];

/** Hosts that are called a registry, and those that this machine takes packages from, whatever they are called. */
function registryHosts(): RegExp {
  const npm = spawnSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).stdout ?? "";
  const urls = [npm, process.env.GOPROXY, process.env.PIP_INDEX_URL].join(" ").match(/https?:\/\/[^\s,|]+/g) ?? [];
  const hosts = urls.map((url) => new URL(url).hostname.replaceAll(".", "\\."));
  return new RegExp(["https?:\\/\\/registry\\.[a-z]", ...hosts].join("|"));
}

const files = projectFiles(ROOT);
const code = files.filter(isCode);
const graph = importGraph(files);

describe("the house", () => {
  it("has its files where the test can see them", () => {
    expect(code.length).toBeGreaterThan(50);
    for (const path of ["index.ts", "settings/index.ts", "local/sqlite/provider.ts"])
      expect(graph.has(path)).toBe(true);
    expect(graph.get("index.ts")).toEqual(["settings/index.ts", "stacks/index.ts"]);
  });

  it("imports downwards only", () => {
    expect(wrongDirections(graph, ALLOWED)).toEqual([]);
  });

  it("has no circle, in its files or in the table", () => {
    expect(circles(graph)).toEqual([]);
    const table = Object.entries(ALLOWED).map(([from, to]): [string, string[]] => [from, to === "all" ? [] : [...to]]);
    expect(circles(new Map(table))).toEqual([]);
  });

  it("has nothing that imports the program or the command line, but its tests and benchmarks", () => {
    const importers = [...graph].filter(
      ([from, targets]) =>
        !["cli", "tests", "bench"].includes(houseOf(from)) &&
        targets.some((path) => path === "index.ts" || houseOf(path) === "cli"),
    );
    expect(importers.map(([from]) => from)).toEqual([]);
  });

  it("keeps the engine's SDK out of the folders that must do without", () => {
    for (const [folder, packages] of Object.entries(WITHOUT))
      for (const file of code.filter(({ path }) => houseOf(path) === folder))
        expect(
          importsOf(file).filter((name) => packages.test(name)),
          file.path,
        ).toEqual([]);
  });

  it("has no file of more than 300 lines", () => {
    const long = code.filter(({ text }) => text.split("\n").length - 1 > LONGEST).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it("makes no resource inside apply, where a preview would not see it", () => {
    expect(code.filter(({ path }) => houseOf(path) !== "tests").flatMap(madeInsideApply)).toEqual([]);
  });

  it.each(BANNED)("has nowhere %s", (_what, pattern) => {
    expect(code.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it.each(BANNED_ANYWHERE)("names nowhere %s", (_what, pattern) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("the check of the house", () => {
  const file = (path: string, text: string) => ({ path, text });

  it("finds an import upwards, in every way of writing one", () => {
    const ways = [
      'import { x } from "../cli/main";',
      'import "../cli/main";',
      'export * from "../cli/main";',
      'import type { X } from "../cli/main";',
      'type X = import("../cli/main").X;',
      'const x = require("../cli/main");',
      'const x = await import("../cli/main");',
      'import x = require("../cli/main");',
    ];
    for (const text of ways) {
      const bad = importGraph([file("settings/bad.ts", text), file("cli/main.ts", "")]);
      expect(wrongDirections(bad, ALLOWED), text).toEqual(["settings/bad.ts imports cli/main.ts"]);
    }
  });

  it("finds a folder that the table does not know, and an import that leads nowhere", () => {
    expect(wrongDirections(importGraph([file("attic/a.ts", "")]), ALLOWED)).toEqual([
      "attic/a.ts: attic is not in the table of import directions",
    ]);
    expect(() => importGraph([file("settings/a.ts", 'import "./gone";')])).toThrow("settings/a.ts imports ./gone");
  });

  it("finds a circle, through folders and through index files", () => {
    const bad = importGraph([
      file("settings/index.ts", 'export * from "./a";'),
      file("settings/a.ts", 'import "./b";'),
      file("settings/b.ts", 'import ".";'),
    ]);
    expect(circles(bad)).toEqual(["settings/index.ts → settings/a.ts → settings/b.ts → settings/index.ts"]);
    expect(circles(importGraph([file("a.ts", 'import "./a";')]))).toEqual(["a.ts → a.ts"]);
  });

  it("finds a resource inside apply, and leaves JavaScript's own classes alone", () => {
    const bad = "x.apply((name) => {\n  const m = new Map();\n  return [new aws.s3.Bucket(name), new URL(m)];\n});";
    expect(madeInsideApply(file("a.ts", bad))).toEqual(["a.ts:3 makes a aws.s3.Bucket inside apply"]);
    expect(madeInsideApply(file("a.ts", "new Bucket(x.apply((name) => name));"))).toEqual([]);
  });

  it.each([
    ["a suppressed lint rule", ["// biome", "ignore lint"].join("-")],
    ["a suppressed type error", ["// @ts", "ignore"].join("-")],
    ["a cast to any", ["const x = y as", "any;"].join(" ")],
    ["a test that runs alone", ["it", 'only("x")'].join(".")],
    ["a test that never runs", ["describe", 'skip("x")'].join(".")],
    ["a test that never runs", ["it", 'runIf(found)("x")'].join(".")],
  ])("finds %s", (what, text) => {
    expect(BANNED.find(([name]) => name === what)?.[1].test(text)).toBe(true);
  });

  it.each([
    ["the host of a registry", ["https://registry", "example/x"].join(".")],
    ["a path of one machine", ["see ", "work", "main"].join("/")],
  ])("finds %s", (what, text) => {
    expect(BANNED_ANYWHERE.find(([name]) => name === what)?.[1].test(text)).toBe(true);
  });
});

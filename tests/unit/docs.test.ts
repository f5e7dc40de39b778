import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { createProgram } from "../../cli/program";
import { scripts } from "../../package.json";
import { ExitCode } from "../../settings";

const ROOT = join(__dirname, "../..");
const WORKFLOWS = join(".github", "workflows");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const workflows = readdirSync(join(ROOT, WORKFLOWS)).map((name) => join(WORKFLOWS, name));
/** The actions that workflows may use: by a version, or of this repository. */
const ACTION =
  /^(actions\/[a-z-]+|github\/codeql-action\/upload-sarif|aws-actions\/configure-aws-credentials)@v\d+$|^\.\/\.github\/actions\/[a-z-]+$/;
const pages = [
  "README.md",
  "bench/README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

interface Named {
  /** As typed, without `ladder`: `backup schedule show`. */
  readonly path: string;
  readonly command: Command;
}

/** Every command of the tree, `help` aside. */
function commandsBelow(command: Command, above = ""): Named[] {
  return command.commands
    .filter((child) => child.name() !== "help")
    .flatMap((child) => {
      const path = `${above} ${child.name()}`.trim();
      return [{ path, command: child }, ...commandsBelow(child, path)];
    });
}

/** The text under a heading, up to the next one. */
function section(page: string, heading: string): string | undefined {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => /^#{2,4} /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^#{2,4} /.test(line));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** What a text tells its reader to run: scripts of npm, and words after `npx ladder` up to an option or a comment. */
const npmScripts = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run (?:--silent )?)?([a-z]+)\b/g)].flatMap(([all, name]) =>
    name !== undefined && (all.startsWith("npm run") || name === "test") ? [name] : [],
  );
const ladderWords = (text: string): string[][] =>
  [...text.matchAll(/\bnpx ladder((?: [a-z][a-z-]*)*)/g)].map(([, words = ""]) => words.trim().split(" "));

describe("docs/commands.md", async () => {
  const page = read("docs/commands.md");
  const commands = commandsBelow(await createProgram());

  it("knows a command line with commands below commands", () => {
    expect(commands.map(({ path }) => path)).toEqual(expect.arrayContaining(["up", "backup schedule install"]));
  });

  it.each(commands)("tells of ladder $path, its arguments and its options", ({ path, command }) => {
    const text = section(page, `ladder ${path}`);
    expect(text, `a section "ladder ${path}"`).toBeDefined();
    for (const { long, short } of command.options)
      for (const flag of [long, short]) if (flag) expect(text).toContain(flag);
    for (const argument of command.registeredArguments) expect(text).toContain(`[${argument.name()}`);
  });

  it("tells of no option that does not exist", () => {
    for (const { path, command } of commands) {
      const synopsis = /^`ladder .*$/m.exec(section(page, `ladder ${path}`) ?? "")?.[0] ?? "";
      const told = [...synopsis.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
      expect(told.filter((flag) => !command.options.some(({ long }) => long === flag))).toEqual([]);
    }
  });

  it("lists every exit code and no other", () => {
    const listed = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(ExitCode));
  });
});

describe.each([...pages, ...workflows])("%s", (file) => {
  const text = read(file);

  it("names only scripts and commands that exist", async () => {
    expect(npmScripts(text).filter((name) => !(name in scripts))).toEqual([]);
    const known = commandsBelow(await createProgram());
    for (const [first = "", second] of ladderWords(text)) {
      if (first === "" || first === "help") continue;
      const command = known.find(({ path }) => path === first)?.command;
      expect(command, `ladder ${first}`).toBeDefined();
      if (second !== undefined && command !== undefined && command.commands.length > 0)
        expect(command.commands.map((child) => child.name())).toContain(second);
    }
  });

  it("links to files and headings that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    for (const [whole, path = "", anchor] of links) {
      const target = path === "" ? file : join(dirname(file), path);
      expect(existsSync(join(ROOT, target)), `${whole} in ${file}`).toBe(true);
      if (anchor !== undefined) expect(anchors(read(target)), `${whole} in ${file}`).toContain(anchor);
    }
  });
});

const usedBy = (file: string): string[] => [...read(file).matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => action);

/** The anchors that code hosts make of headings. */
function anchors(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(workflows)("the workflow %s", (file) => {
  const document = parseDocument(read(file));
  const workflow: unknown = document.toJS();

  it("is YAML that begins with the least rights and pins its actions", () => {
    expect(document.errors).toEqual([]);
    expect(workflow).toMatchObject({ permissions: { contents: "read" } });
    const used = usedBy(file);
    expect(used.filter((action) => !ACTION.test(action))).toEqual([]);
    const own = used.filter((action) => action.startsWith("./")).map((action) => join(action, "action.yml"));
    expect(own.flatMap(usedBy).filter((action) => !ACTION.test(action))).toEqual([]);
  });

  it("puts no expression into a script, where a name could become a command", () => {
    const runs: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, child] of Object.entries(value)) {
        if (key === "run" && typeof child === "string") runs.push(child);
        else collect(child);
      }
    };
    collect(workflow);
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { copyProject, withProject } from "../support/project";
import { makeBackup } from "./data";
import { Exit } from "./wrongCase";

/** The one JSON value that standard output holds. */
const only = (stdout: string): unknown => JSON.parse(stdout);

describe("a command that fails with --json prints one object with the message and the exit code", () => {
  it.concurrent.each([
    ["an unknown option", ["status", "--json", "--bogus"], Exit.usage, "unknown option '--bogus'"],
    ["an unknown command", ["bogus", "--json"], Exit.usage, "unknown command 'bogus'"],
    ["an unknown stack", ["up", "nope", "--json"], Exit.usage, "There is no stack nope"],
    ["a question that nobody can answer", ["destroy", "--json"], Exit.usage, "Add --yes"],
    ["a file in the way", ["restore", "--json", "--to", "package.json"], Exit.refused, "already exists"],
    ["a database that is not there", ["backup", "create", "--json"], Exit.usage, "There is no database at"],
  ] as const)("%s", (_what, args, exitCode, part) =>
    withProject(async (project) => {
      await makeBackup(project);
      rmSync(project.at("database"), { recursive: true });
      const { code, stdout, stderr } = await project.ladder(args);
      expect(code).toBe(exitCode);
      expect(only(stdout)).toEqual({ error: expect.stringContaining(part), exitCode });
      expect(stderr).toContain(part);
    }),
  );

  it("also when the dependencies cannot be installed", async () => {
    const project = copyProject("a clone", { dependencies: false });
    const { code, stdout, stderr } = await project.ladder(["status", "--json"], { env: { PATH: project.outside } });
    expect(code).toBe(Exit.missing);
    expect(only(stdout)).toEqual({ error: expect.stringContaining("Install npm beside Node"), exitCode: Exit.missing });
    expect(stderr).toContain("Install npm beside Node");
    project.remove();
  });

  it("but prints what it found, where it did its work and has bad news", () =>
    withProject(async (project) => {
      const file = await makeBackup(project);
      rmSync(file);
      project.write("backups/daily/other.db.gz", "no backup");
      const { code, stdout } = await project.ladder(["backup", "list", "--json"]);
      expect(code).toBe(0);
      expect(only(stdout)).toMatchObject({
        stack: "dev",
        backups: [{ good: false }],
        strays: [{ reason: "no manifest" }],
      });
    }));

  it("and leaves the words of an engine alone that has a --json of its own", () =>
    withProject(async (project) => {
      const { code, stdout } = await project.ladder(["pulumi", "--", "bogus", "--json"]);
      expect(code).not.toBe(0);
      expect(stdout).not.toContain("exitCode");
    }));
});

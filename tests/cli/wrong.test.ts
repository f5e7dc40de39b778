import { describe, expect, it } from "vitest";
import { contentOf, type Project, withProject } from "../support/project";
import { wrongBackup } from "./wrongBackup";
import type { WrongCase } from "./wrongCase";
import { wrongDatabase } from "./wrongDatabase";
import { wrongEnvFile } from "./wrongEnvFile";
import { wrongMachine } from "./wrongMachine";
import { wrongSettings } from "./wrongSettings";
import { wrongUsage } from "./wrongUsage";

/** What commands may write to when they fail: the engine's own things, and the record of a drill, which may be a failed one. */
const NOT_DATA = ["node_modules", ".ladder", "pulumi home", "other home", "last-drill.json"];

/** Runs a case and shows that what is wrong is told, as what it is, and that nothing was touched. */
async function show({ args, prepare, options, exitCode, says }: WrongCase): Promise<void> {
  await withProject(async (project: Project) => {
    const undo = await prepare?.(project);
    try {
      const before = contentOf(project.outside, NOT_DATA);
      const typed = typeof args === "function" ? args(project) : args;
      const { code, stdout, stderr } = await project.ladder(typed, await options?.(project));
      expect({ code, stdout }, stderr).toEqual({ code: exitCode, stdout: "" });
      for (const part of says) expect(stderr).toContain(part);
      expect(stderr).not.toMatch(/\n\s+at |This is a defect of ladder/);
      expect(contentOf(project.outside, NOT_DATA)).toEqual(before);
    } finally {
      if (typeof undo === "function") undo();
    }
  });
}

const groups: readonly (readonly [string, readonly WrongCase[]])[] = [
  ["what cannot be typed", wrongUsage],
  ["wrong settings", wrongSettings],
  ["a database that cannot be used", wrongDatabase],
  ["a .env that cannot be written", wrongEnvFile],
  ["a backup that cannot be made, proven or restored", wrongBackup],
  ["a machine or a state that is not as it should be", wrongMachine],
];

describe.each(groups)("%s", (_group, cases) => {
  it.concurrent.each(cases.map((wrong) => [wrong.what, wrong] as const))("%s", (_what, wrong) => show(wrong));
});

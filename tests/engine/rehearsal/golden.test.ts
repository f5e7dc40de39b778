import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rehearsedStack } from "../../support/clouds";
import { type Golden, goldenOf, judgeChange } from "../../support/golden";
import { copyProject, type Project, SOURCE } from "../../support/project";

/**
 * What the stacks would make, written down. A change of it is looked at in review (`GOLDEN=write npm test -- engine` writes it
 * anew), and one that would cost a stack that is up its data fails even then.
 */
const fileOf = (stack: string): string => join(SOURCE, "tests/golden", `${stack}.json`);
const recorded = (stack: string): Golden => JSON.parse(readFileSync(fileOf(stack), "utf8")) as Golden;

let project: Project;
beforeAll(() => {
  project = copyProject();
});
afterAll(() => project.remove());

describe.each(["smb", "prod"])("a preview of %s from nothing", (stack) => {
  let now: Golden;
  beforeAll(async () => {
    const rehearsed = await rehearsedStack(project, stack, join(project.outside, `golden-${stack}`));
    now = goldenOf(await rehearsed.previewJson());
  });

  it("would lose nothing of a stack that was made as it is written down", () => {
    expect(judgeChange(recorded(stack), now).findings.filter(({ level }) => level === "refuse")).toEqual([]);
  });

  it("is as it is written down", () => {
    if (process.env.GOLDEN === "write") writeFileSync(fileOf(stack), `${JSON.stringify(now, null, 1)}\n`);
    expect(now).toEqual(recorded(stack));
  });

  it("protects what holds data", () => {
    const edited = structuredClone(now) as Record<string, { inputs: Record<string, unknown> }>;
    const primary = Object.keys(edited).find((urn) => urn.endsWith("Instance::database-primary")) ?? "";
    if (edited[primary] !== undefined) edited[primary].inputs.storageEncrypted = false;
    expect(judgeChange(now, edited as Golden).refused).toBe(true);
    const { [primary]: _, ...without } = now;
    expect(judgeChange(now, without).refused).toBe(true);
  });
});

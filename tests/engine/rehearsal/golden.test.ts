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

interface Case {
  readonly file: string;
  readonly stack: string;
  /** Texts of the settings that stand for others. */
  readonly change: Readonly<Record<string, string>>;
  /** End of the URN of what holds the data, and an input of it that must not change so. */
  readonly data: string;
  readonly input: readonly string[];
  readonly value: unknown;
}

const encryption = { data: "Instance::database-primary", input: ["storageEncrypted"], value: false };
const CASES: readonly Case[] = [
  { file: "smb", stack: "smb", change: {}, ...encryption },
  { file: "prod", stack: "prod", change: {}, ...encryption },
  {
    file: "smb-kubernetes",
    stack: "smb",
    change: { "host: aws": "host: kubernetes" },
    data: "Cluster::database-cluster",
    input: ["spec", "storage", "size"],
    value: "1Gi",
  },
  {
    file: "team",
    stack: "team",
    change: {},
    data: "PersistentVolumeClaim::app-database",
    input: ["spec", "resources", "requests", "storage"],
    value: "1Gi",
  },
];

/** The inputs with a value put at a path. */
function put(inputs: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) inputs[name] = value;
  else put(inputs[name] as Record<string, unknown>, rest, value);
}

describe.each(CASES)("a preview of $file from nothing", ({ file, stack, change, data, input, value }) => {
  let now: Golden;
  beforeAll(async () => {
    const rehearsed = await rehearsedStack(project, stack, join(project.outside, `golden-${file}`));
    rehearsed.change(change);
    now = goldenOf(await rehearsed.previewJson());
  });

  it("would lose nothing of a stack that was made as it is written down", () => {
    expect(judgeChange(recorded(file), now).findings.filter(({ level }) => level === "refuse")).toEqual([]);
  });

  it("is as it is written down", () => {
    if (process.env.GOLDEN === "write") writeFileSync(fileOf(file), `${JSON.stringify(now, null, 1)}\n`);
    expect(now).toEqual(recorded(file));
  });

  it("protects what holds data", () => {
    const urn = Object.keys(now).find((each) => each.endsWith(data)) ?? "";
    const edited = structuredClone(now) as Record<string, { inputs: Record<string, unknown> }>;
    put(edited[urn]?.inputs ?? {}, input, value);
    expect(judgeChange(now, edited as Golden).refused).toBe(true);
    const { [urn]: _, ...without } = now;
    expect(judgeChange(now, without).refused).toBe(true);
  });
});

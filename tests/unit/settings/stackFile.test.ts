import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromConfig, UserError } from "../../../settings";
import { readStackSettings, stackFileName } from "../../../settings/stackFile";
import { temporaryFolder } from "../../support/temporary";

const ROOT = join(__dirname, "../../..");

function stackFile(text: string): string {
  const root = temporaryFolder();
  writeFileSync(join(root, stackFileName("dev")), text);
  return root;
}

function refusal(root: string, stack = "dev"): string {
  try {
    readStackSettings(root, stack);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error("accepted");
}

describe("the stack files of this project", () => {
  const stacks = readdirSync(ROOT).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

  it("are there", () => {
    expect(stacks).toContain("dev");
  });

  it.each(stacks)("parse without advice, but on the way to a cluster that is made: %s", (stack) => {
    const { settings, warnings } = readStackSettings(ROOT, stack);
    const makes = "cluster" in settings && "mode" in settings.cluster && settings.cluster.mode === "create";
    expect(warnings).toEqual(
      makes ? [expect.stringMatching(/^scaling-ladder:cluster\.endpointCidrs: .* inside its VPC only/)] : [],
    );
  });
});

describe("a stack file", () => {
  it("may quote numbers at the top, as the engine hands them over", () => {
    const root = stackFile('config:\n  scaling-ladder:tier: development\n  scaling-ladder:users: "12"\n');
    expect(readStackSettings(root, "dev").settings.users).toBe(12);
  });

  it("keeps a secret sealed, and accepts it where a secret belongs", () => {
    const secret = "\n    url:\n      secure: v1:abc:def";
    const root = stackFile(
      `config:\n  scaling-ladder:tier: smb\n  scaling-ladder:users: 2000\n  scaling-ladder:database:\n    host: external${secret}\n  scaling-ladder:backup:\n    store:\n      bucket: dumps\n`,
    );
    expect(readStackSettings(root, "dev").settings.database).toMatchObject({ host: "external", url: "[secret]" });
  });

  it("may hold settings of other programs", () => {
    const root = stackFile(
      "config:\n  aws:region: eu-west-1\n  scaling-ladder:tier: development\n  scaling-ladder:users: 1\n",
    );
    expect(readStackSettings(root, "dev").settings.tier).toBe("development");
  });

  it("that is missing is named, with what to do", () => {
    expect(refusal(temporaryFolder(), "prodd")).toMatch(
      /no stack prodd: Pulumi\.prodd\.yaml does not exist.*copy Pulumi\.dev\.yaml/,
    );
  });

  it("that is a folder is told", () => {
    const root = temporaryFolder();
    mkdirSync(join(root, stackFileName("dev")));
    expect(refusal(root)).toContain("Pulumi.dev.yaml cannot be read (EISDIR)");
  });

  it.each([
    ["an open bracket", "config: [\n"],
    ["a tab", "config:\n\tscaling-ladder:tier: smb\n"],
    ["a key twice", "config:\n  scaling-ladder:tier: smb\n  scaling-ladder:tier: smb\n"],
    ["an alias of nothing", "config:\n  scaling-ladder:tier: *nowhere\n"],
  ])("that is not YAML is told by name: %s", (_what, text) => {
    expect(refusal(stackFile(text))).toMatch(
      /^Pulumi\.dev\.yaml is not valid YAML: .+ Mend that line and run again\.$/,
    );
  });

  it.each([
    ["empty", ""],
    ["a list", "- 1\n"],
    ["a list of settings", "config:\n  - scaling-ladder:tier\n"],
  ])("without settings lacks its tier: %s", (_what, text) => {
    expect(refusal(stackFile(text))).toContain("scaling-ladder:tier is not set: every stack has a tier");
  });

  it("whatever it says, fails with a message or parses", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.string().map((key) => `scaling-ladder:${key}`),
            fc.jsonValue(),
          ),
        ),
        (entries) => {
          expect(typeof fromConfig(entries)).toBe("object");
        },
      ),
    );
  });
});

import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fillSecrets, unset, writeRendered } from "../../../cli/composeFolder";
import { ExitCode } from "../../../settings";
import { temporaryFolder } from "../../support/temporary";

const FILES = { "compose.yaml": "one\n", "scripts/run.sh": "two\n" };

/** Its states by path, and what the folder then holds. */
const write = (folder: string, files: Readonly<Record<string, string>> = FILES, force = false, stack = "smb") =>
  Object.fromEntries(writeRendered(folder, stack, files, force).map(({ path, state }) => [path, state]));
const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");
const mode = (folder: string, path: string): number => statSync(join(folder, path)).mode & 0o777;
const refused = (text: string) =>
  expect.objectContaining({ exitCode: ExitCode.refused, message: expect.stringContaining(text) });
const errorOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe("a folder of rendered files", () => {
  it("gets them, keeps what is right, and replaces what it wrote itself", () => {
    const folder = join(temporaryFolder(), "deploy", "smb");
    expect(write(folder)).toEqual({ "compose.yaml": "new", "scripts/run.sh": "new" });
    expect([mode(folder, "compose.yaml"), mode(folder, "scripts/run.sh")]).toEqual([0o644, 0o755]);
    expect(write(folder)).toEqual({ "compose.yaml": "same", "scripts/run.sh": "same" });
    expect(write(folder, { ...FILES, "compose.yaml": "other\n" })).toEqual({
      "compose.yaml": "changed",
      "scripts/run.sh": "same",
    });
    expect(read(folder, "compose.yaml")).toBe("other\n");
  });

  it("loses a file that is rendered no more, and nothing else", () => {
    const folder = temporaryFolder();
    write(folder);
    writeFileSync(join(folder, "compose.override.yaml"), "mine\n");
    expect(write(folder, { "compose.yaml": "one\n" })).toEqual({ "compose.yaml": "same", "scripts/run.sh": "removed" });
    expect(existsSync(join(folder, "scripts/run.sh"))).toBe(false);
    expect(read(folder, "compose.override.yaml")).toBe("mine\n");
  });

  it("is left alone as a whole when something in it was changed by hand, unless it is forced", () => {
    const folder = temporaryFolder();
    write(folder);
    writeFileSync(join(folder, "scripts/run.sh"), "mine\n");
    const next = { "compose.yaml": "other\n", "scripts/run.sh": "other\n" };
    expect(errorOf(() => write(folder, next))).toEqual(
      refused(`${join(folder, "scripts/run.sh")} was not written here, or changed since`),
    );
    // Also where the file would go.
    expect(errorOf(() => write(folder, { "compose.yaml": "other\n" }))).toEqual(refused("compose.override.yaml"));
    expect([read(folder, "compose.yaml"), read(folder, "scripts/run.sh")]).toEqual(["one\n", "mine\n"]);
    expect(write(folder, next, true)).toEqual({ "compose.yaml": "changed", "scripts/run.sh": "changed" });
    // What was changed to what is wanted is nobody's loss.
    writeFileSync(join(folder, "compose.yaml"), "third\n");
    expect(write(folder, { ...next, "compose.yaml": "third\n" })).toMatchObject({ "compose.yaml": "same" });
  });

  it("is not taken over from another stack, or from files that were there", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "compose.yaml"), "mine\n");
    expect(errorOf(() => write(folder))).toEqual(refused("compose.yaml was not written here"));
    expect(readdirSync(folder)).toEqual(["compose.yaml"]);
    write(folder, FILES, true);
    expect(errorOf(() => write(folder, FILES, false, "team"))).toEqual(refused("holds the files of stack smb"));
  });

  it("is not guessed at when its record is damaged", () => {
    const folder = temporaryFolder();
    write(folder);
    for (const text of ["{", "{}", "null", '{"stack":"smb","files":null}']) {
      writeFileSync(join(folder, ".rendered.json"), text);
      expect(
        errorOf(() => write(folder)),
        text,
      ).toEqual(refused("cannot be understood"));
    }
  });

  it("says so when it cannot be written", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(errorOf(() => write(file))).toEqual(
      expect.objectContaining({
        exitCode: ExitCode.failed,
        message: expect.stringContaining("Give another folder with --out"),
      }),
    );
  });
});

describe("its .env", () => {
  it("gets a random value for each name that has none, readable by its owner only", () => {
    const folder = temporaryFolder();
    expect(fillSecrets(folder, ["A", "B"])).toEqual(["A", "B"]);
    expect(read(folder, ".env")).toMatch(/^A=([0-9a-f]{48})\nB=(?!\1)[0-9a-f]{48}\n$/);
    expect(mode(folder, ".env")).toBe(0o600);
    const before = read(folder, ".env");
    expect(fillSecrets(folder, ["A", "B"])).toEqual([]);
    expect(read(folder, ".env")).toBe(before);
  });

  it("keeps every value and comment that is there, and loses what is readable by others", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".env"), "# mine\nA=kept # why\nB=\nexport C = 'x'\n# D=no\nDD=other");
    chmodSync(join(folder, ".env"), 0o644);
    expect(unset(folder, ["A", "B", "C", "D", "E"])).toEqual(["B", "D", "E"]);
    expect(fillSecrets(folder, ["A", "B", "C", "D"])).toEqual(["B", "D"]);
    expect(read(folder, ".env")).toMatch(
      /^# mine\nA=kept # why\nB=[0-9a-f]{48}\nexport C = 'x'\n# D=no\nDD=other\nD=[0-9a-f]{48}\n$/,
    );
    expect(mode(folder, ".env")).toBe(0o600);
  });

  it("takes a pair of quotes with nothing in it, and a comment alone, for no value", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".env"), "A=\"\"\nB=''\nC= # none\n");
    expect(unset(folder, ["A", "B", "C"])).toEqual(["A", "B", "C"]);
    expect(fillSecrets(folder, ["A", "B", "C"])).toEqual(["A", "B", "C"]);
    expect(unset(folder, ["A", "B", "C"])).toEqual([]);
  });
});

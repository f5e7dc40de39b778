import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EnvFileInputs, provider } from "../../local/dotenv/provider";
import { checkAsOrdinaryUser } from "../support/otherUser";
import { temporaryFolder } from "../support/temporary";

const inputsIn = (
  folder: string,
  values: Record<string, string> = { DB_TYPE: "sqlite", PORT: "5040" },
): EnvFileInputs => ({
  path: join(folder, ".env"),
  stack: "dev",
  values,
});
const reasonOf = (inputs: EnvFileInputs) =>
  provider
    .check({}, inputs)
    .failures.map(({ reason }) => reason)
    .join();

describe("what cannot be written", () => {
  const makers: [string, (path: string) => void, string][] = [
    ["a folder", (path) => mkdirSync(path), "it is not a file"],
    ["a pipe", (path) => void spawnSync("mkfifo", [path]), "it is not a file"],
    ["a link to nothing", (path) => symlinkSync("nowhere", path), "it is a link to something that is not there"],
    ["a key of ours", (path) => writeFileSync(path, "export PORT=1\n"), "line 1 sets PORT itself"],
    [
      "half a block",
      (path) => writeFileSync(path, "# >>> scaling-ladder dev >>>\n"),
      "the marks of its block do not match",
    ],
  ];

  it.each(makers)("is refused with its path before anything is touched: %s", (_what, make, part) => {
    const inputs = inputsIn(temporaryFolder());
    make(inputs.path);
    const before = lstatSync(inputs.path);
    expect(reasonOf(inputs)).toContain(`${inputs.path}: `);
    expect(reasonOf(inputs)).toContain(part);
    expect(lstatSync(inputs.path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs, mode: before.mode });
  });

  it("is refused when a value cannot be carried, without showing the value", () => {
    const inputs = inputsIn(temporaryFolder(), { DB_SQLITE_PATH: "/home/o'neil/$x" });
    expect(reasonOf(inputs)).toContain("DB_SQLITE_PATH cannot be written there, because of its value: it holds both '");
    expect(reasonOf(inputs)).not.toContain("o'neil");
  });

  it("is refused where a part of its path is a file, and is then gone for a refresh", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const inputs = { ...inputsIn(folder), path: join(folder, "file", "deep", ".env") };
    expect(reasonOf(inputs)).toContain(`a part of its path is a file: ${join(folder, "file")}`);
    expect(provider.read(inputs.path, { ...inputs, block: "as written", mode: "0600" }).id).toBe("");
  });

  it("is refused when it is somebody else's", () => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    writeFileSync(inputs.path, "A=1\n", { mode: 0o600 });
    if (process.getuid?.() !== 0) chmodSync(inputs.path, 0);
    expect(checkAsOrdinaryUser("dotenv", inputs, folder)).toContain(
      "it cannot be read and written. Check that it is yours",
    );
  });

  it("a folder that may not be written, with or without the file in it", () => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    expect(checkAsOrdinaryUser("dotenv", inputs, folder)).toContain("this user may not write into");
    writeFileSync(inputs.path, "A=1\n");
    chmodSync(inputs.path, 0o666);
    expect(checkAsOrdinaryUser("dotenv", inputs, folder)).toContain("this user may not write into");
    expect(checkAsOrdinaryUser("folder", { path: `${folder}/new`, setting: "files.path" }, folder)).toContain(
      "this user may not write into",
    );
  });
});

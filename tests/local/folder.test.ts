import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FolderInputs, provider } from "../../local/folder/provider";
import { temporaryFolder } from "../support/temporary";

const inputsIn = (folder: string): FolderInputs => ({ path: join(folder, "uploads"), setting: "files.path" });
const modeOf = (path: string) => statSync(path).mode & 0o777;
const reasonOf = (inputs: FolderInputs) =>
  provider
    .check({}, inputs)
    .failures.map(({ reason }) => reason)
    .join();

describe("a private folder", () => {
  it("is made with mode 0700, with the folders above it", () => {
    const inputs = { ...inputsIn(temporaryFolder()) };
    const deep = { ...inputs, path: join(inputs.path, "a", "b") };
    expect(provider.create(deep)).toEqual({ id: deep.path, outs: { ...deep, mode: "0700" } });
    expect(modeOf(deep.path)).toBe(0o700);
    expect(modeOf(join(inputs.path, "a"))).toBe(0o700);
  });

  it("is adopted with all that is in it, and closed to others", () => {
    const inputs = inputsIn(temporaryFolder());
    mkdirSync(inputs.path, { mode: 0o755 });
    writeFileSync(join(inputs.path, "photo"), "x");
    expect(reasonOf(inputs)).toBe("");
    provider.create(inputs);
    expect(modeOf(inputs.path)).toBe(0o700);
    expect(existsSync(join(inputs.path, "photo"))).toBe(true);
  });

  it("may be a link to a folder elsewhere, and stays one", () => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    mkdirSync(join(folder, "disk"));
    symlinkSync("disk", inputs.path);
    const { outs } = provider.create(inputs);
    expect(modeOf(join(folder, "disk"))).toBe(0o700);
    provider.delete(inputs.path, outs);
    expect(lstatSync(inputs.path).isSymbolicLink()).toBe(true);
    expect(existsSync(join(folder, "disk"))).toBe(true);
  });

  it("is removed when it is empty, and kept when it is not", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    writeFileSync(join(inputs.path, "photo"), "x");
    provider.delete(inputs.path, outs);
    expect(existsSync(join(inputs.path, "photo"))).toBe(true);
    rmSync(join(inputs.path, "photo"));
    provider.delete(inputs.path, outs);
    expect(existsSync(inputs.path)).toBe(false);
    expect(() => provider.delete(inputs.path, outs)).not.toThrow();
  });

  it("shows a changed mode, and nothing when only its content changed", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    writeFileSync(join(inputs.path, "photo"), "x");
    expect(provider.read(inputs.path, outs).props).toEqual(outs);
    expect(provider.diff("", outs, inputs)).toEqual({ changes: false });
    chmodSync(inputs.path, 0o755);
    const props = { ...outs, ...provider.read(inputs.path, outs).props };
    expect(props.mode).toBe("0755");
    expect(provider.diff("", props, inputs)).toEqual({ changes: true });
    expect(provider.update(inputs.path, props, inputs).outs).toEqual(outs);
  });

  it("is gone when it is gone, or when a file stands in its place", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    rmSync(inputs.path, { recursive: true });
    expect(provider.read(inputs.path, outs).id).toBe("");
    writeFileSync(inputs.path, "");
    expect(provider.read(inputs.path, outs).id).toBe("");
  });

  it("is another folder when the path changes", () => {
    const inputs = inputsIn(temporaryFolder());
    const { outs } = provider.create(inputs);
    expect(provider.diff("", outs, { ...inputs, path: "other" }).replaces).toEqual(["path"]);
  });

  const obstacles: [string, (folder: string, path: string) => void, string][] = [
    ["a file", (_folder, path) => writeFileSync(path, "mine"), "a file stands there"],
    [
      "a link to nothing",
      (_folder, path) => symlinkSync("nowhere", path),
      "it is a link to something that is not there",
    ],
  ];

  it.each(obstacles)("is refused, naming the setting, and nothing is touched: %s stands there", (_what, make, part) => {
    const folder = temporaryFolder();
    const inputs = inputsIn(folder);
    make(folder, inputs.path);
    const before = lstatSync(inputs.path);
    expect(reasonOf(inputs)).toContain(`The folder ${inputs.path} cannot be made: ${part}`);
    expect(reasonOf(inputs)).toContain("scaling-ladder:files.path");
    expect(lstatSync(inputs.path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs, mode: before.mode });
  });

  it("is refused where a part of its path is a file", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "uploads"), "mine");
    const inputs = { ...inputsIn(folder), path: join(folder, "uploads", "deep", "er") };
    expect(reasonOf(inputs)).toContain("a part of its path is a file");
  });
});

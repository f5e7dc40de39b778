import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openJournal } from "../../../promotion/files/journal";
import { moveFolder, surveyFolder } from "../../../promotion/files/move";
import { placeOf } from "../../../promotion/files/store/settings";
import { verifyFolder } from "../../../promotion/files/verify";
import { closing, contents, listKeys, place, s3ForThisFile, settingsOf } from "./setup";

const s3 = s3ForThisFile();

/** Names that careless code breaks on. */
const NAMES = [
  "plain.txt",
  "with blank.txt",
  "50%25.png",
  "a+b=c&d?e#f.json",
  ".hidden/..odd/.keep",
  "Ünïcödé/文件 \u{1f600}.pdf",
  "cafe\u0301.txt",
  "caf\u00e9.txt",
  'quote\'s "double" <tag>.html',
  "back\\slash.bin",
  "line\nend.txt",
  "deep/er/and/deeper/file",
  `${"n".repeat(200)}.dat`,
];

describe("a folder that moves to a bucket (S1-30, S1-33, S1-44)", () => {
  it("arrives byte for byte, whatever its files are called, and agrees in full", async () => {
    const here = await place(s3());
    NAMES.forEach((name, n) => {
      here.write(name, contents(n, 100 * n));
    });
    here.write("empty", "");
    here.write("large.bin", contents(1, 9_000_001));
    here.write("sparse.img", "");
    truncateSync(join(here.folder, "sparse.img"), 6_000_000);
    const progress: number[] = [];
    const moved = await moveFolder({ ...here, onProgress: ({ done }) => progress.push(done) });
    const files = NAMES.length + 3;
    expect(moved).toMatchObject({ files, copied: files, removed: 0, open: 0, left: { count: 0 } });
    expect(Math.max(...progress)).toBe(files);
    expect(await listKeys(here.store)).toEqual([...NAMES, "empty", "large.bin", "sparse.img"].sort());
    for (const [n, name] of NAMES.entries())
      expect((await s3().get(here.bucket, name))?.equals(contents(n, 100 * n)), name).toBe(true);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({
      agrees: true,
      files,
      objects: files,
      bytes: moved.bytes,
      objectBytes: moved.bytes,
      others: 0,
    });
  });

  it("keeps content type, SHA-256 and time of each file as what the object says of itself", async () => {
    const here = await place(s3());
    here.write("photo.PNG", "abc");
    here.write("unknown", "abc");
    utimesSync(join(here.folder, "photo.PNG"), 1_700_000_000.25, 1_700_000_000.25);
    await moveFolder(here);
    const { headers } = await s3().request("HEAD", [here.bucket, "photo.PNG"]);
    expect(headers.get("content-type")).toBe("image/png");
    expect(headers.get("x-amz-meta-mtime")).toBe("1700000000.250000000");
    expect(headers.get("x-amz-meta-sha256")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const unknown = await s3().request("HEAD", [here.bucket, "unknown"]);
    expect(unknown.headers.get("content-type")).toBe("application/octet-stream");
  });

  it("copies only what was written since, and takes away what was removed", async () => {
    const here = await place(s3());
    for (const name of ["stays", "changes", "goes", "is renamed", "is replaced"]) here.write(name, `first ${name}`);
    await moveFolder(here);
    expect(await moveFolder(here)).toMatchObject({ copied: 0, removed: 0, passes: 1 });
    here.write("changes", "other words");
    rmSync(join(here.folder, "goes"));
    renameSync(join(here.folder, "is renamed"), join(here.folder, "renamed"));
    rmSync(join(here.folder, "is replaced"));
    mkdirSync(join(here.folder, "is replaced"));
    here.write("is replaced/by a folder", "new");
    expect(await moveFolder(here)).toMatchObject({ files: 4, copied: 3, removed: 3 });
    expect(await here.objects()).toEqual({
      stays: "first stays",
      changes: "other words",
      renamed: "first is renamed",
      "is replaced/by a folder": "new",
    });
  });

  it("copies again what is gone from the bucket", async () => {
    const here = await place(s3());
    for (const name of ["one", "two"]) here.write(name, name);
    await moveFolder(here);
    await s3().delete(here.bucket, "one");
    expect(await moveFolder(here)).toMatchObject({ files: 2, copied: 1 });
    expect(await here.objects()).toEqual({ one: "one", two: "two" });
  });

  it("notices contents that changed behind an unchanged size and time", async () => {
    const here = await place(s3());
    here.write("file", "one");
    await moveFolder(here);
    const at = 1_700_000_000;
    utimesSync(join(here.folder, "file"), at, at);
    await moveFolder(here);
    here.write("file", "two");
    utimesSync(join(here.folder, "file"), at, at);
    expect(await moveFolder(here)).toMatchObject({ copied: 1 });
    expect(await here.objects()).toEqual({ file: "two" });
  });

  it("lists what cannot be an object, and moves the rest", async () => {
    const here = await place(s3());
    here.write("real/file", "contents");
    symlinkSync("real/file", join(here.folder, "inside"));
    linkSync(join(here.folder, "real/file"), join(here.folder, "hard"));
    symlinkSync("/etc/hostname", join(here.folder, "outside"));
    symlinkSync("real", join(here.folder, "to a folder"));
    symlinkSync("nowhere", join(here.folder, "broken"));
    symlinkSync(".", join(here.folder, "loop"));
    execFileSync("mkfifo", [join(here.folder, "pipe")]);
    writeFileSync(Buffer.concat([Buffer.from(`${here.folder}/latin`), Buffer.from([0xe9])]), "x");
    const long = `${"d".repeat(250)}/`.repeat(4);
    here.write(`${long}${"f".repeat(30)}`, "x");
    const { left, files } = await surveyFolder(here.folder);
    expect(files).toBe(3);
    const moved = await moveFolder(here);
    expect(moved).toMatchObject({ files: 3, left });
    expect(Object.fromEntries(left.first.map(({ path, why }) => [path.slice(0, 12), why]))).toEqual({
      outside: "it is a symbolic link that leads out of the folder",
      "to a folder": "it is a symbolic link to something that is no file",
      broken: "it is a symbolic link that leads nowhere",
      loop: "it is a symbolic link that leads out of the folder",
      pipe: "it is no file",
      "latin\ufffd": "its name is no UTF-8",
      [long.slice(0, 12)]: "its path is longer than 1024 bytes",
    });
    expect(await here.objects()).toEqual({ "real/file": "contents", inside: "contents", hard: "contents" });
  });

  it("never replaces or removes an object of somebody else", async () => {
    const here = await place(s3());
    await s3().put(here.bucket, "taken", "theirs");
    await s3().put(here.bucket, "equal", "the same");
    await s3().put(here.bucket, "apart", "theirs");
    here.write("taken", "ours!!");
    here.write("equal", "the same");
    here.write("later", "ours");
    const moved = await moveFolder(here);
    expect(moved).toMatchObject({ files: 2, copied: 2 });
    expect(moved.left.first).toEqual([{ path: "taken", why: "another object has its key, with other contents" }]);
    await s3().put(here.bucket, "later", "written by the application");
    here.write("later", "ours again");
    rmSync(join(here.folder, "equal"));
    await s3().put(here.bucket, "equal", "theirs by now");
    expect((await moveFolder(here)).left).toMatchObject({ count: 2 });
    expect(await here.objects()).toEqual({
      taken: "theirs",
      equal: "theirs by now",
      apart: "theirs",
      later: "written by the application",
    });
    const verdict = await verifyFolder(here);
    expect(verdict).toMatchObject({ agrees: false, others: 3 });
    expect(verdict.differences.first.map(({ path }) => path)).toEqual(expect.arrayContaining(["later", "taken"]));
  });

  it("does not take an unmounted disk for a folder whose files were removed", async () => {
    const here = await place(s3());
    here.write("a", "a");
    await moveFolder(here);
    rmSync(join(here.folder, "a"));
    await expect(moveFolder(here)).rejects.toThrow(/is empty, but 1 files were copied from it; no object was removed/);
    expect(await here.objects()).toEqual({ a: "a" });
  });

  it("finds every difference between folder and bucket", async () => {
    const here = await place(s3());
    for (const name of ["fine", "object damaged", "object gone", "file changed", "file gone"]) here.write(name, name);
    const past = new Date(Date.now() - 60_000);
    await moveFolder(here);
    expect((await verifyFolder(here)).agrees).toBe(true);
    writeFileSync(join(s3().folder, here.bucket, "object damaged"), "OBJECT DAMAGED");
    await s3().delete(here.bucket, "object gone");
    here.write("file changed", "FILE CHANGED");
    utimesSync(join(here.folder, "file changed"), past, past);
    rmSync(join(here.folder, "file gone"));
    here.write("file new", "new");
    await s3().put(here.bucket, "other", "of somebody else");
    const { differences, ...rest } = await verifyFolder({ ...here, full: true });
    expect(rest).toMatchObject({ agrees: false, files: 5, objects: 4, others: 1 });
    expect(Object.fromEntries(differences.first.map(({ path, why }) => [path, why]))).toMatchObject({
      "object damaged": "the object has other contents than the file",
      "file changed": "the file was changed since it was copied",
      "file gone": "the file is gone, its object is still there",
      "file new": "the file was not copied",
      "object gone": expect.any(String),
    });
    await moveFolder(here);
    expect(await listKeys(here.store)).toContain("file new");
    expect(await listKeys(here.store)).not.toContain("file gone");
  });
});

describe("two moves at once", () => {
  it("of one journal are refused, and so is a journal of another folder or bucket", async () => {
    const here = await place(s3());
    here.write("a", "a");
    await moveFolder(here);
    const held = openJournal(here.journal, here.folder, placeOf(here.store.settings));
    await expect(moveFolder(here)).rejects.toThrow(/being moved by another process already/);
    held.close();
    expect(await moveFolder(here)).toMatchObject({ files: 1, copied: 0 });
    const other = await place(s3());
    await expect(moveFolder({ ...other, folder: here.folder, journal: here.journal })).rejects.toThrow(
      /is of a move with the store s3:\/\/files-/,
    );
    const gone = await closing(settingsOf(s3(), "nobodys-bucket"));
    await expect(moveFolder({ ...here, store: gone })).rejects.toThrow(
      /There is no bucket s3:\/\/nobodys-bucket at http/,
    );
  });
});

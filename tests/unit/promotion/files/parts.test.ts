import { lstatSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheNotice } from "../../../../promotion/files/cacheNotice";
import { readFile } from "../../../../promotion/files/folder/read";
import { walkFolder } from "../../../../promotion/files/folder/walk";
import { canBeFile } from "../../../../promotion/files/folder/write";
import { openJournal } from "../../../../promotion/files/journal";
import { pool } from "../../../../promotion/files/parallel";
import { keyOf } from "../../../../promotion/files/rows/move";
import { folderVerdictText } from "../../../../promotion/files/verdict";
import { temporaryFolder } from "../../../support/temporary";

describe("what is announced of the cache (S1-37, S1-46)", () => {
  it("is that sessions end, when the cache changes; else nothing", () => {
    expect(cacheNotice({ type: "memory" }, { type: "redis" })).toBe(
      "The cache changes from memory to redis, and nothing of it is moved: all sessions end when the application restarts, and everybody logs in again. Announce it.",
    );
    expect(cacheNotice({ type: "redis" }, { type: "redis" })).toBeUndefined();
  });
});

describe("a pool", () => {
  it("never has more under way than there is room for, and does all of it", async () => {
    const works = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 40 }), turns: fc.nat(3) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(works, fc.integer({ min: 1, max: 16 }), async (list, room) => {
        const working = pool(room);
        let [under, done] = [0, 0];
        for (const { weight, turns } of list)
          await working.add(weight, async () => {
            const share = Math.min(weight, room);
            under += share;
            expect(under).toBeLessThanOrEqual(room);
            for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
            under -= share;
            done++;
          });
        await working.end();
        expect(done).toBe(list.length);
      }),
    );
  });

  it("takes nothing more after a failure, and throws it when all has ended", async () => {
    const working = pool(2);
    let ended = 0;
    await working.add(1, async () => {
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      ended++;
    });
    await working.add(1, () => Promise.reject(new Error("the first")));
    await expect(working.add(2, async () => void ended++)).rejects.toThrow("the first");
    await expect(working.end()).rejects.toThrow("the first");
    expect(ended).toBe(1);
  });
});

describe("keys", () => {
  it("that could be another path, or no name of a file, become no files", () => {
    for (const key of ["", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "nul\0", "n".repeat(256)])
      expect(canBeFile(key), key).toBe(false);
    for (const key of ["a", ".a", "..a/b", "a/...", "ünï/文", "back\\slash", "n".repeat(255)])
      expect(canBeFile(key), key).toBe(true);
  });

  it("of rows are one path below files/, whatever the id is, and another for other contents", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (id) => {
        expect(keyOf(id, "0f")).toMatch(/^files\/[\w-]{1,200}\/0f$/);
      }),
    );
    expect(keyOf("file-1", "a")).toBe("files/file-1/a");
    expect(keyOf("..", "a")).not.toBe(keyOf(".", "a"));
  });
});

describe("the journal of moved files", () => {
  it("knows which files are new, changed, unsettled or gone", () => {
    const folder = temporaryFolder();
    const file = (path: string) => {
      writeFileSync(join(folder, path), path);
      return { path, real: join(folder, path), stats: lstatSync(join(folder, path), { bigint: true }) };
    };
    const found = ["a", "b", "c", "d"].map(file);
    const open = () => openJournal(join(folder, "journal", "files.db"), folder, "s3://bucket");
    const journal = open();
    journal.beginPass();
    expect(journal.notKnown(found).map(({ path }) => path)).toEqual(["a", "b", "c", "d"]);
    for (const { path, stats } of found) {
      const stamp = `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}`;
      journal.note({ path, stamp, bytes: 1, sha256: "00", etag: `"${path}"`, settled: path !== "b" });
    }
    journal.noteOthers([
      { key: "a", bytes: 1, etag: '"a"', modified: new Date(0) },
      { key: "z", bytes: 1, etag: '"z"', modified: new Date(0) },
    ]);
    const { id } = journal;
    journal.close();
    const again = open();
    expect(again.id).toBe(id);
    again.beginPass();
    const now = [...found.slice(0, 2), { ...file("c"), stats: lstatSync(folder, { bigint: true }) }];
    expect(again.notKnown(now).map(({ path }) => path)).toEqual(["b", "c"]);
    expect([...again.gone()].map(({ path }) => path)).toEqual(["d"]);
    expect(again.total()).toEqual({ files: 4, bytes: 4 });
    expect(again.isOther({ key: "z", bytes: 1, etag: '"z"', modified: new Date(0) })).toBe(true);
    expect(again.isOther({ key: "z", bytes: 1, etag: '"y"', modified: new Date(0) })).toBe(false);
    expect(again.isOther({ key: "a", bytes: 1, etag: '"a"', modified: new Date(0) })).toBe(false);
    again.beginListing();
    again.listed([{ key: "b", bytes: 1, etag: '"b"', modified: new Date(0) }]);
    expect([...again.unlisted()].map(({ path }) => path)).toEqual(["a", "c", "d"]);
    again.close();
  });

  it("lists any number of files, page by page", () => {
    const folder = temporaryFolder();
    const journal = openJournal(join(folder, "files.db"), folder, "s3://bucket");
    journal.beginPass();
    const paths = Array.from({ length: 1200 }, (_, n) => `file ${String(n).padStart(4, "0")}`);
    for (const path of paths) journal.note({ path, stamp: "s", bytes: 2, sha256: "0", etag: "e", settled: true });
    expect([...journal.all()].map(({ path }) => path)).toEqual(paths);
    expect(journal.total()).toEqual({ files: 1200, bytes: 2400 });
    journal.close();
  });
});

describe("a folder", () => {
  it("is walked once through all its levels, in parts", async () => {
    const folder = temporaryFolder();
    const paths: string[] = [];
    for (let n = 0; n < 700; n++) {
      const place = n % 3 === 0 ? "" : `level ${n % 4}/below/`;
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, place, `file ${n}`), String(n));
      paths.push(`${place}file ${n}`);
    }
    const found: string[] = [];
    for await (const { files, left } of walkFolder(folder)) {
      expect(left).toEqual([]);
      found.push(...files.map(({ path }) => path));
    }
    expect(found.sort()).toEqual(paths.sort());
  });

  it("gives a file's contents as they are at one moment, and says of what is none why", async () => {
    const folder = realpathSync(temporaryFolder());
    writeFileSync(join(folder, "small"), "abc");
    const read = await readFile(join(folder, "small"));
    if (typeof read === "string") throw new Error(read);
    expect(read).toMatchObject({ bytes: 3, settled: false, body: Buffer.from("abc") });
    expect(await read.has(Buffer.from("bc"), 1)).toBe(true);
    expect(await read.has(Buffer.from("bcd"), 1)).toBe(false);
    expect(await read.has(Buffer.from("d"), 3)).toBe(false);
    read.close();
    expect(await readFile(join(folder, "nowhere"))).toBe("gone");
    expect(await readFile(folder)).toBe("no file");
  });
});

describe("the verdict on files", () => {
  it("says in Markdown what is the same, and names what is not", () => {
    const same = {
      agrees: true,
      full: false,
      folder: "/srv/uploads",
      store: "s3://bucket",
      files: 1234,
      bytes: 5_000_000,
      objects: 1234,
      objectBytes: 5_000_000,
      others: 0,
      differences: { count: 0, first: [] },
      left: { count: 0, first: [] },
    };
    expect(folderVerdictText(same)).toContain("Files of /srv/uploads and objects of s3://bucket: **the same**.");
    expect(folderVerdictText(same)).toContain("| files | 1,234 | 5,000,000 |");
    const first = Array.from({ length: 30 }, (_, n) => ({ path: `file ${n}`, why: "there is no object" }));
    const text = folderVerdictText({ ...same, agrees: false, differences: { count: 2000, first } });
    expect(text).toContain("**NOT the same**");
    expect(text).toContain('  - "file 9": there is no object\n  and 1990 more');
  });
});

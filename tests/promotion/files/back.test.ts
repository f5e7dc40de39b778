import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moveBack } from "../../../promotion/files/back";
import { moveFolder } from "../../../promotion/files/move";
import { verifyFolder } from "../../../promotion/files/verify";
import { proxy } from "./proxy";
import { contents, place, s3ForThisFile } from "./setup";

const s3 = s3ForThisFile();

describe("the way back from a bucket to the folder", () => {
  it("brings what the application has written to the bucket since, and nothing else", async () => {
    const here = await place(s3());
    await s3().put(here.bucket, "before", "was there before");
    for (const name of ["stays", "changes", "goes", "both"]) here.write(name, name);
    await moveFolder(here);
    const put = (key: string, body: string | Buffer) => s3().put(here.bucket, key, body);
    await put("changes", "changed in the bucket");
    await put("new/with folders/and ünïcode", "new");
    await put("new/large", contents(3, 9_000_000));
    await put("new/empty", "");
    await s3().delete(here.bucket, "goes");
    await put("both", "changed in the bucket");
    here.write("both", "changed in the folder");
    chmodSync(here.folder, 0o750);
    writeFileSync(join(here.folder, `.ladder-${"0".repeat(36)}.partial`), "of a killed run");
    const done = await moveBack(here);
    expect(done).toMatchObject({ fetched: 4, gone: { first: [{ path: "goes" }] } });
    expect(done.left.first).toEqual([{ path: "both", why: "the file in the folder was changed meanwhile" }]);
    const read = (path: string) => readFileSync(join(here.folder, path));
    expect(String(read("changes"))).toBe("changed in the bucket");
    expect(String(read("new/with folders/and ünïcode"))).toBe("new");
    expect(read("new/large").equals(contents(3, 9_000_000))).toBe(true);
    expect(read("new/empty").length).toBe(0);
    expect(String(read("both"))).toBe("changed in the folder");
    expect(String(read("goes"))).toBe("goes");
    expect(existsSync(join(here.folder, "before"))).toBe(false);
    expect(readdirSync(here.folder).filter((name) => name.startsWith(".ladder"))).toEqual([]);
    expect(statSync(join(here.folder, "new/large")).mode & 0o777).toBe(0o640);
    expect(statSync(join(here.folder, "new")).mode & 0o777).toBe(0o750);
    expect(await moveBack(here)).toMatchObject({ fetched: 0 });
    rmSync(join(here.folder, "both"));
    expect(await moveBack(here)).toMatchObject({ fetched: 1, left: { count: 0 } });
    rmSync(join(here.folder, "goes"));
    await moveFolder(here);
    expect(await verifyFolder({ ...here, full: true })).toMatchObject({ agrees: true, files: 6, others: 1 });
  });

  it("brings what was written to the bucket before the files were moved last, too", async () => {
    const here = await place(s3());
    here.write("old", "old");
    await moveFolder(here);
    await s3().put(here.bucket, "new", "new");
    await s3().put(here.bucket, "old", "written over");
    await moveFolder(here);
    expect(await moveBack(here)).toMatchObject({ fetched: 2, left: { count: 0 } });
    expect(readFileSync(join(here.folder, "new"), "utf8")).toBe("new");
    expect(readFileSync(join(here.folder, "old"), "utf8")).toBe("written over");
  });

  it("knows a file that a killed run brought and could not note, and brings what its object becomes later", async () => {
    const here = await place(s3());
    await moveFolder(here);
    await s3().put(here.bucket, "new", "new");
    here.write("new", "new");
    expect(await moveBack(here)).toMatchObject({ left: { count: 0 } });
    await s3().put(here.bucket, "new", "newer");
    expect(await moveBack(here)).toMatchObject({ fetched: 1, left: { count: 0 } });
    expect(readFileSync(join(here.folder, "new"), "utf8")).toBe("newer");
  });

  it("writes nothing outside the folder, whatever a key or a link in the folder says", async () => {
    const here = await place(s3());
    here.write("file", "file");
    await moveFolder(here);
    const away = join(here.folder, "..", "away");
    mkdirSync(away);
    symlinkSync(away, join(here.folder, "link"));
    mkdirSync(join(here.folder, "folder"));
    for (const key of ["link/file", "folder", "file/below"])
      await s3()
        .put(here.bucket, key, "x")
        .catch(() => undefined);
    const hostile = "../away/file";
    const listed = `<ListBucketResult><IsTruncated>false</IsTruncated>${[
      "../away/file",
      "/abs",
      "a//b",
      "a/./b",
      "folder/",
    ]
      .map((key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>"x"</ETag></Contents>`)
      .join("")}</ListBucketResult>`;
    const endpoint = await proxy(s3().endpoint, {
      answer: ({ method, url = "" }) =>
        method === "GET" && url.includes("list-type") ? { status: 200, body: listed } : undefined,
    });
    const { left } = await moveBack(here);
    expect(left.first).toEqual(
      expect.arrayContaining([
        { path: "link/file", why: "a link in the folder leads out of it" },
        { path: "folder", why: "something that is no file stands in its place" },
      ]),
    );
    const asked = await place(s3(), endpoint);
    asked.write("a", "a");
    const bad = await moveBack(asked);
    expect(bad).toMatchObject({ fetched: 0, left: { count: 5 } });
    expect(bad.left.first).toContainEqual({ path: hostile, why: "no file can be called so" });
    expect(readdirSync(away)).toEqual([]);
    expect(existsSync(join(asked.folder, "..", "away"))).toBe(false);
  });

  it("takes no damaged contents, and none that are cut off", async () => {
    let damage = 0;
    const endpoint = await proxy(s3().endpoint, {
      cut: ({ method, url = "" }) => (method === "GET" && url.includes("victim") && damage++ === 0 ? 1000 : undefined),
      change: ({ method, url = "" }, part) => {
        if (method !== "GET" || !url.includes("victim") || damage++ > 3) return part;
        const changed = Buffer.from(part);
        changed[0] = (changed[0] ?? 0) ^ 1;
        return changed;
      },
    });
    const here = await place(s3(), endpoint);
    await moveFolder(here);
    await s3().put(here.bucket, "victim", contents(5, 50_000));
    const done = await moveBack(here);
    const file = join(here.folder, "victim");
    if (existsSync(file)) expect(readFileSync(file).equals(contents(5, 50_000))).toBe(true);
    expect(done.fetched + done.left.count).toBe(1);
    expect((await moveBack(here)).left.count).toBe(0);
    expect(readFileSync(file).equals(contents(5, 50_000))).toBe(true);
  });
});

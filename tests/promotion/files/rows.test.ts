import { describe, expect, it } from "vitest";
import { moveRowsBack } from "../../../promotion/files/rows/back";
import { moveRows, type RowsMove } from "../../../promotion/files/rows/move";
import { verifyRows } from "../../../promotion/files/rows/verify";
import { dropFileData } from "../../../schema/files/dropData";
import { fileStatus } from "../../../schema/files/fileTable";
import { contentsOf, filesForThisFile, keyOf, makeFiles, sha256 } from "../../database/files/files";
import { temporaryFolder } from "../../support/temporary";
import { proxy } from "./proxy";
import { listKeys, place, s3ForThisFile } from "./setup";

const files = filesForThisFile();
const s3 = s3ForThisFile();

async function rows(count: number, endpoint = s3().endpoint): Promise<RowsMove & { readonly bucket: string }> {
  await makeFiles(files(), count);
  const { store, bucket } = await place(s3(), endpoint);
  return { store, bucket, connect: () => files().connect("owner") };
}

const update = (set: string, n: number) => files().owner.query(`UPDATE "File" SET ${set} WHERE "id" = $1`, [keyOf(n)]);
const rowOf = async (n: number) =>
  (await files().owner.query('SELECT * FROM "File" WHERE "id" = $1', [keyOf(n)])).rows[0];

describe("files that are Base64 in the database (S3-02, S3-05)", () => {
  it("are in the bucket byte for byte, their rows say where, and the column can go", async () => {
    const move = await rows(60);
    await files().owner.query(`UPDATE "File" SET "storageType" = NULL WHERE "id" < $1`, [keyOf(5)]);
    await update(`"mimeType" = 'text/x-own', "name" = 'x'`, 2);
    await files().owner.query(`INSERT INTO "File" ("id", "name", "data") VALUES ('../odd id%', 'empty', '')`);
    const moved = await moveRows(move);
    expect(moved).toMatchObject({ moved: 61, left: { count: 0 } });
    for (const n of [1, 2, 3, 60]) {
      const row = await rowOf(n);
      expect(row).toMatchObject({
        storageType: "s3",
        contentSha256: sha256(contentsOf(n)),
        filePath: `files/${keyOf(n)}/${sha256(contentsOf(n))}`,
      });
      expect((await s3().get(move.bucket, row.filePath))?.equals(contentsOf(n))).toBe(true);
    }
    const head = async (n: number) => s3().request("HEAD", [move.bucket, (await rowOf(n)).filePath]);
    expect((await head(1)).headers.get("content-type")).toBe("image/png");
    expect((await head(2)).headers.get("content-type")).toBe("text/x-own");
    expect(await moveRows(move)).toMatchObject({ moved: 0 });
    expect(await verifyRows(move)).toMatchObject({ agrees: true, places: { s3: 61 }, objects: 61 });
    expect(await fileStatus(files().owner)).toMatchObject({ inDatabase: 0, withData: 61 });
    const owner = await files().connect("owner");
    expect(await dropFileData(owner)).toMatchObject({ dropped: false, checked: { rows: 61, wrong: 0 } });
    await owner.end();
  });

  it("are listed and left where they are when their text is no Base64, or there is none", async () => {
    const move = await rows(10);
    await update(`"data" = 'no Base64!'`, 3);
    await update(`"data" = "data" || '='`, 4);
    await update(`"data" = NULL`, 5);
    const moved = await moveRows(move);
    expect(moved.moved).toBe(7);
    expect([...moved.left.first].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: keyOf(3), why: "its data is no Base64" },
      { path: keyOf(4), why: "its data is no Base64" },
      { path: keyOf(5), why: "it has no data" },
    ]);
    expect(await rowOf(3)).toMatchObject({ storageType: "database", filePath: null, data: "no Base64!" });
    expect(await listKeys(move.store)).toHaveLength(7);
  });

  it("are moved as they are when the application writes them meanwhile", async () => {
    let writes = 0;
    const writing: Promise<unknown>[] = [];
    const endpoint = await proxy(s3().endpoint, {
      before({ method, url = "" }) {
        if (method !== "PUT" || !url.includes("file-0000") || writes >= 9) return;
        const n = (writes++ % 9) + 1;
        writing.push(update(`"data" = '${Buffer.from(`new ${n}`).toString("base64")}'`, n));
      },
    });
    const move = await rows(9, endpoint);
    const moved = await moveRows(move);
    await Promise.all(writing);
    // What was written after its row was noted is the business of whoever writes to a file that was moved.
    expect(moved).toMatchObject({ left: { count: 0 } });
    for (let n = 1; n <= 9; n++) {
      const { filePath, contentSha256 } = await rowOf(n);
      const object = await s3().get(move.bucket, filePath);
      expect(sha256(object ?? Buffer.from("none"))).toBe(contentSha256);
    }
    expect(await verifyRows(move)).toMatchObject({ agrees: true });
  });

  it("can be moved by two at once, and verified where an object was lost or damaged", async () => {
    const move = await rows(40);
    const [one, two] = await Promise.all([
      moveRows(move),
      moveRows({ ...move, connect: () => files().connect("app") }),
    ]);
    expect((one?.moved ?? 0) + (two?.moved ?? 0)).toBe(40);
    await s3().delete(move.bucket, (await rowOf(7)).filePath);
    await s3().put(move.bucket, (await rowOf(8)).filePath, "damaged");
    const { agrees, differences } = await verifyRows(move);
    expect(agrees).toBe(false);
    expect(differences.first.map(({ path, why }) => [path, why]).sort()).toEqual([
      [keyOf(7), "there is no object at its filePath"],
      [keyOf(8), "its object has other contents than its contentSha256 tells"],
    ]);
  });

  it("go back as long as the column is there, those that the application has written since too", async () => {
    const move = await rows(20);
    await moveRows(move);
    const since = Buffer.from("written to the bucket since");
    await s3().put(move.bucket, "files/app/1", since);
    await files().owner.query(
      `INSERT INTO "File" ("id", "name", "storageType", "filePath") VALUES ('new', 'new.txt', 's3', 'files/app/1')`,
    );
    await s3().put(move.bucket, "files/app/2", since);
    await update(`"filePath" = 'files/app/2', "contentSha256" = '${sha256(since)}'`, 2);
    await update(`"data" = NULL`, 3);
    // An application that knows nothing of the checksum.
    await update(`"filePath" = 'files/app/2'`, 6);
    await update(`"filePath" = 'files/nowhere', "data" = NULL`, 4);
    await update(`"contentSha256" = '${"0".repeat(64)}'`, 5);
    const done = await moveRowsBack(move);
    expect(done).toMatchObject({ back: 19, fetched: 4 });
    expect(done.left.first.map(({ path, why }) => [path, why]).sort()).toEqual([
      [keyOf(4), "there is no object at its filePath"],
      [keyOf(5), "its object has other contents than its contentSha256 tells"],
    ]);
    const contentsNow = async (id: string) =>
      (await files().owner.query('SELECT "data", "storageType" FROM "File" WHERE "id" = $1', [id])).rows[0];
    expect(await contentsNow("new")).toEqual({ data: since.toString("base64"), storageType: "database" });
    expect(await contentsNow(keyOf(2))).toEqual({ data: since.toString("base64"), storageType: "database" });
    expect(await contentsNow(keyOf(6))).toEqual({ data: since.toString("base64"), storageType: "database" });
    expect(await contentsNow(keyOf(3))).toEqual({ data: contentsOf(3).toString("base64"), storageType: "database" });
    expect(await contentsNow(keyOf(4))).toMatchObject({ storageType: "s3" });
    await files().owner.query(`DELETE FROM "File" WHERE "storageType" = 's3'`);
    expect(await moveRows(move)).toMatchObject({ moved: 19, left: { count: 0 } });
    const folder = temporaryFolder();
    const owner = await files().connect("owner");
    expect(await dropFileData(owner, { backupFolder: folder })).toMatchObject({ dropped: true });
    await owner.end();
    await expect(moveRowsBack(move)).rejects.toThrow(/The way back ended when "File"\."data" was removed/);
  });
});

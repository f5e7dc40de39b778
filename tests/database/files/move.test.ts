import { beforeEach, describe, expect, it } from "vitest";
import { fileStatus } from "../../../schema/files/fileTable";
import { filesToMove, markMoved, readFile } from "../../../schema/files/move";
import { contentsOf, filesForThisFile, keyOf, makeFiles, move, sha256 } from "./files";

const files = filesForThisFile();
beforeEach(() => makeFiles(files(), 25));

describe("files that are to be moved", () => {
  it("are listed in the order of their keys, with the size of their text, until they are moved", async () => {
    const { owner } = files();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await filesToMove(owner, { limit: 10, ...(after === undefined ? {} : { after }) });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
    } while (after !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => keyOf(at + 1)));
    expect(await filesToMove(owner, { limit: 1 })).toEqual([
      { id: keyOf(1), characters: contentsOf(1).toString("base64").length },
    ]);
    for (const id of seen.slice(0, 24)) expect(await move(owner, id)).toBe(true);
    expect((await filesToMove(owner)).map(({ id }) => id)).toEqual([keyOf(25)]);
    expect(await fileStatus(owner)).toMatchObject({ places: { database: 1, s3: 24 }, inDatabase: 1, withData: 25 });
  });

  it("are read as the bytes that they are, in each form in which applications write Base64", async () => {
    for (const n of [1, 2, 3]) {
      const file = await readFile(files().owner, keyOf(n));
      expect(file).toMatchObject({ contents: contentsOf(n), contentSha256: sha256(contentsOf(n)) });
    }
    await files().owner.query(`UPDATE "File" SET "data" = 'no Base64' WHERE "id" = '${keyOf(4)}'`);
    await files().owner.query(`UPDATE "File" SET "data" = NULL WHERE "id" = '${keyOf(5)}'`);
    expect(await readFile(files().owner, keyOf(4))).toBe("damaged");
    expect(await readFile(files().owner, keyOf(5))).toBeUndefined();
    expect(await readFile(files().owner, "nobody")).toBeUndefined();
  });

  it("are not noted as moved when they were changed since they were read, nor twice", async () => {
    const { owner, connect } = files();
    const file = await readFile(owner, keyOf(1));
    if (file === undefined || file === "damaged") throw new Error("file 1 is there");
    const moved = { ...file, id: keyOf(1), filePath: "files/1", storageType: "local" } as const;
    const app = await connect("app");
    await app.query("BEGIN");
    await app.query(`UPDATE "File" SET "data" = 'QUJD' WHERE "id" = '${keyOf(1)}'`);
    const noting = markMoved(owner, moved);
    await app.query("COMMIT");
    expect(await noting).toBe(false);
    expect(await move(owner, keyOf(1))).toBe(true);
    expect(await markMoved(owner, moved)).toBe(false);
    const { rows } = await app.query(
      `SELECT "filePath", "storageType", "contentSha256" FROM "File" WHERE "id" = '${keyOf(1)}'`,
    );
    expect(rows).toEqual([
      { filePath: `files/${keyOf(1)}`, storageType: "s3", contentSha256: sha256(Buffer.from("ABC")) },
    ]);
    await app.end();
  });

  it("can be moved by several at once: each file once", async () => {
    const { owner, connect } = files();
    const other = await connect("app");
    const both = await Promise.all(
      [owner, other].map(async (client) => {
        let moved = 0;
        for (const { id } of await filesToMove(client)) if (await move(client, id)) moved++;
        return moved;
      }),
    );
    expect((both[0] ?? 0) + (both[1] ?? 0)).toBe(25);
    expect((await fileStatus(owner)).inDatabase).toBe(0);
    await other.end();
  });
});

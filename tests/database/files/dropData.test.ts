import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { dropFileData } from "../../../schema/files/dropData";
import { schemaStatus } from "../../../schema/status";
import { run } from "../../servers/run";
import { temporaryFolder } from "../../support/temporary";
import { contentsOf, filesForThisFile, keyOf, MIGRATIONS, makeFiles, move, sha256 } from "./files";

const COUNT = 300;
const files = filesForThisFile();

beforeEach(async () => {
  const { owner } = files();
  await owner.query('ALTER TABLE "File" ADD COLUMN IF NOT EXISTS "data" TEXT');
  await makeFiles(files(), COUNT);
  for (let n = 1; n <= COUNT; n++) await move(owner, keyOf(n));
});

const sql = (text: string): Promise<string> => files().psql(text, "superuser");
const dataColumn = (): Promise<string> =>
  sql(`SELECT count(*) FROM pg_attribute WHERE attrelid = '"File"'::regclass AND attname = 'data'`);

/** Tries to drop the column, which is to stay; no backup is left behind. */
async function refused(folder = temporaryFolder()): Promise<string> {
  const client = await files().connect("owner");
  const refusal = await dropFileData(client, { backupFolder: folder }).catch((error: Error) => error.message);
  await client.end();
  expect(await dataColumn()).toBe("1");
  expect(readdirSync(folder).filter((name) => /gz|json|partial/.test(name))).toEqual([]);
  return String(refusal);
}

describe('removal of "File"."data"', () => {
  it.each([
    ["a file is in the database", `"storageType" = 'database'`, "1 of 300 files are in the database"],
    ["a file was never touched by phase 2", `"storageType" = NULL`, "1 of 300 files are in the database"],
    ["a file has no path", `"filePath" = ''`, "1 files have no filePath"],
    ["a file has no checksum", `"contentSha256" = NULL`, "1 files have data and no contentSha256"],
    [
      "contents were changed after they were moved",
      `"data" = 'QUJD'`,
      `does not agree with their contentSha256: ${keyOf(9)}.`,
    ],
    ["contents are no Base64", `"data" = '%'`, `does not agree with their contentSha256: ${keyOf(9)}.`],
  ])("is refused while %s", async (_what, set, says) => {
    await sql(`UPDATE "File" SET ${set} WHERE "id" = '${keyOf(9)}'`);
    expect(await refused()).toContain(says);
  });

  it("is refused while a view depends on the column, and names it", async () => {
    await sql('CREATE VIEW inline AS SELECT "data" FROM "File"');
    expect(await refused()).toContain("view inline");
    await sql("DROP VIEW inline");
  });

  it("is refused when no backup can be written", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const client = await files().connect("owner");
    const refusal = dropFileData(client, { backupFolder: join(folder, "file", "below") });
    await expect(refusal).rejects.toThrow(/No backup could be written to .*: a file is in the way/);
    await client.end();
    expect(await dataColumn()).toBe("1");
  });

  it("is refused when a file is written while the backup is made", async () => {
    const folder = temporaryFolder();
    const [client, app] = [await files().connect("owner"), await files().connect("app")];
    // Begun before, and so not in the snapshot; done before the table is free to be locked.
    await app.query("BEGIN");
    await app.query(
      `INSERT INTO "File" ("id", "name", "data", "filePath", "storageType", "contentSha256") VALUES ('late', 'late', 'QUJD', 'files/late', 's3', $1)`,
      [sha256(Buffer.from("ABC"))],
    );
    let done: Promise<unknown> | undefined;
    const refusal = await dropFileData(client, {
      backupFolder: folder,
      onProgress: () => {
        done ??= app.query("COMMIT");
      },
    }).catch((error: Error) => error.message);
    await done;
    expect(refusal).toMatch(/files were written while the backup was made \(late\), which it may lack/);
    expect(await dataColumn()).toBe("1");
    await Promise.all([client.end(), app.end()]);
  });

  it("stops when it is interrupted, with nothing changed and no half backup", async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const client = await files().connect("owner");
    const run = dropFileData(client, { backupFolder: folder, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    await client.end();
    expect(await dataColumn()).toBe("1");

    // In the middle of the copy.
    const [other, empty] = [await files().connect("owner"), temporaryFolder()];
    const cut = dropFileData(other, { backupFolder: empty, signal: AbortSignal.abort() });
    await expect(cut).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(readdirSync(empty)).toEqual([]);
    expect(await dataColumn()).toBe("1");
  });

  it("compares only, and writes nothing, when it is a dry run", async () => {
    const { owner } = files();
    const { dropped, status, checked, backup } = await dropFileData(owner, {});
    expect({ dropped, backup, rows: checked?.rows, wrong: checked?.wrong }).toEqual({
      dropped: false,
      backup: undefined,
      rows: COUNT,
      wrong: 0,
    });
    expect(status).toMatchObject({ files: COUNT, inDatabase: 0, places: { s3: COUNT } });
    expect(await dataColumn()).toBe("1");
  });

  it("takes the column away after the move, and leaves a backup from which psql brings it back", async () => {
    const { owner, server } = files();
    const folder = join(temporaryFolder(), "backups");
    const before = await sql('SELECT "id", "data" FROM "File" ORDER BY "id"');
    const rest =
      'SELECT "id", "name", "filePath", "storageType", "contentSha256", "createdAt" FROM "File" ORDER BY "id"';
    const others = await sql(rest);
    const { dropped, backup } = await dropFileData(owner, { backupFolder: folder });
    expect(dropped).toBe(true);
    expect(await dataColumn()).toBe("0");
    expect(await sql(rest)).toBe(others);
    expect(
      (await schemaStatus({ client: owner, database: "4g3n7db", migrations: MIGRATIONS })).drift?.differences,
    ).toEqual([]);
    expect(await dropFileData(owner, { backupFolder: folder })).toEqual({ dropped: false });

    const file = backup?.file ?? "";
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([file, `${file}.json`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const copy = gunzipSync(readFileSync(file));
    const manifest = JSON.parse(readFileSync(`${file}.json`, "utf8"));
    expect(manifest).toMatchObject({ database: "4g3n7db", rows: COUNT, sha256: sha256(copy), bytes: copy.length });
    expect(backup).toMatchObject({ rows: COUNT, wrong: 0, sha256: sha256(copy) });

    // The way back, word for word as the manifest has it.
    const script = (manifest.restore as string[]).join("\n").replace("<this file without .json>", file);
    const restored = await run([join(server.bin, "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "4g3n7db"], {
      env: server.env,
      input: script,
    });
    expect(restored).toMatchObject({ code: 0, stderr: "" });
    expect(await sql('SELECT "id", "data" FROM "File" ORDER BY "id"')).toBe(before);
    expect(Buffer.from(await sql(`SELECT "data" FROM "File" WHERE "id" = '${keyOf(7)}'`), "base64")).toEqual(
      contentsOf(7),
    );
  });
});

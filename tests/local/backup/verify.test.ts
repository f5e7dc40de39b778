import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createBackup } from "../../../local/backup/create";
import { readLastDrill } from "../../../local/backup/drill";
import { listBackups } from "../../../local/backup/list";
import { parseManifest, sealManifest } from "../../../local/backup/manifest";
import { pruneBackups } from "../../../local/backup/retention";
import { verifyBackup } from "../../../local/backup/verify";
import { makeDatabase, scratchFolder } from "./fixture";

async function backedUp() {
  const folder = scratchFolder();
  const database = makeDatabase(folder);
  return { folder, database, backup: await createBackup({ database, folder, now: new Date("2026-11-22T01:00:00Z") }) };
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(file, bytes);
}

describe("verifyBackup", () => {
  it("tells every figure and keeps the drill's record", async () => {
    const { folder, backup } = await backedUp();
    const result = await verifyBackup({ folder, now: new Date("2026-11-23T00:00:00Z") });
    expect(result).toMatchObject({
      ok: true,
      failures: [],
      file: backup.file,
      database: "ai_company",
      created: "2026-11-22T01:00:00.000Z",
      finished: "2026-11-23T00:00:00.000Z",
      tables: 5,
      bytes: backup.manifest.bytes,
      orphans: 0,
    });
    expect(result.rows).toBe(200 + 2 + 2 + 1 + 4);
    expect(await readLastDrill(folder)).toEqual(result);
    writeFileSync(join(folder, "last-drill.json"), "half");
    expect(await readLastDrill(folder)).toBeUndefined();
  });

  it("fails for any one flipped byte of the data, and says what differs", async () => {
    const { folder, backup } = await backedUp();
    const size = readFileSync(backup.file).length;
    for (const at of [0, 3, 4, 9, 12, Math.floor(size / 2), size - 6, size - 1]) {
      flip(backup.file, at);
      const result = await verifyBackup({ folder, backup: backup.file });
      expect(result.failures, `byte ${at}`).toEqual([
        expect.stringMatching(/^the file differs from the one written: SHA-256/),
      ]);
      expect((await readLastDrill(folder))?.ok).toBe(false);
      flip(backup.file, at);
    }
    expect((await verifyBackup({ folder, backup: backup.file })).ok).toBe(true);
  });

  it("fails for a changed figure of the manifest, and says which table differs", async () => {
    const { folder, backup } = await backedUp();
    const text = readFileSync(backup.manifestFile, "utf8");
    writeFileSync(backup.manifestFile, text.replace('"rows": 200', '"rows": 201'));
    const result = await verifyBackup({ folder, backup: backup.file });
    expect(result.failures).toEqual([
      expect.stringContaining("the manifest cannot be trusted: it was changed after it was written"),
      "table ideas has 200 rows instead of 201",
    ]);
  });

  it("fails when the copy lacks what the source held, although every digest of the file agrees", async () => {
    const { folder, backup } = await backedUp();
    const { manifest } = parseManifest(readFileSync(backup.manifestFile));
    if (manifest === undefined) throw new Error("no manifest");
    const ideas = manifest.tables.find((table) => table.name === "ideas");
    if (ideas === undefined) throw new Error("no table");
    ideas.sha256 = "0".repeat(64);
    writeFileSync(backup.manifestFile, sealManifest(manifest));
    expect((await verifyBackup({ folder })).failures).toEqual(["table ideas has other content in its 200 rows"]);
  });

  it("finds a damaged index that came from the source", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder, 2000);
    const db = new Database(database);
    db.exec("CREATE INDEX by_title ON ideas(title)");
    const page = db
      .prepare("SELECT max(pageno) FROM dbstat WHERE name = 'by_title' AND pagetype = 'leaf'")
      .pluck()
      .get();
    db.close();
    const bytes = readFileSync(database);
    const title = bytes.indexOf("idea ", (Number(page) - 1) * 4096);
    bytes.write("X", title + 5);
    writeFileSync(database, bytes);
    await createBackup({ database, folder });
    const result = await verifyBackup({ folder });
    expect(result.ok).toBe(false);
    expect(result.failures[0]).toMatch(
      /^the integrity check of the restored database says: .*missing from index by_title/,
    );
  });

  it("counts rows without their parent, which came from the source, and passes", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const db = new Database(database);
    db.pragma("foreign_keys = off");
    db.exec("CREATE TABLE child(idea INTEGER REFERENCES ideas(id)); INSERT INTO child VALUES (1), (99999)");
    db.close();
    await createBackup({ database, folder });
    expect(await verifyBackup({ folder })).toMatchObject({ ok: true, orphans: 1 });
  });

  it("keeps no record of a backup from elsewhere, or of another database", async () => {
    const { folder, backup } = await backedUp();
    const elsewhere = await backedUp();
    expect((await verifyBackup({ folder, backup: elsewhere.backup.file, database: "ai_company" })).ok).toBe(true);
    expect(await readLastDrill(folder)).toBeUndefined();
    const own = await verifyBackup({ folder, backup: backup.file, database: "ai_company" });
    const other = await createBackup({ database: makeDatabase(folder, 5, "other.db"), folder });
    await verifyBackup({ folder, backup: other.file, database: "ai_company" });
    expect(await readLastDrill(folder, "ai_company")).toEqual(own);
    expect(await readLastDrill(folder, "other")).toBeUndefined();
  });

  it("keeps a failed drill when the manifest is missing or broken, unless the backup is from elsewhere", async () => {
    const { folder, backup } = await backedUp();
    const verify = (into = folder) => verifyBackup({ folder: into, backup: backup.file, database: "ai_company" });
    await verify();
    writeFileSync(backup.manifestFile, "half");
    await expect(verify()).rejects.toThrow(/cannot be used/);
    const failed = { ok: false, file: backup.file, database: "ai_company" };
    expect(await readLastDrill(folder, "ai_company")).toMatchObject({
      ...failed,
      failures: [expect.stringContaining("cannot be used")],
    });
    rmSync(backup.manifestFile);
    await expect(verify()).rejects.toThrow(/has no manifest/);
    expect(await readLastDrill(folder, "ai_company")).toMatchObject({
      ...failed,
      failures: [expect.stringContaining("has no manifest")],
    });
    const elsewhere = scratchFolder();
    await expect(verify(elsewhere)).rejects.toThrow(/has no manifest/);
    expect(await readLastDrill(elsewhere)).toBeUndefined();
  });

  it("says when the file is missing, truncated, renamed or no backup, or its manifest missing or garbage", async () => {
    const { folder, backup } = await backedUp();
    const verify = (file: string) => verifyBackup({ folder, backup: file });
    await expect(verify(join(folder, "daily", "none.db.gz"))).rejects.toThrow(/^There is no backup at .*none\.db\.gz/);
    await expect(verify(backup.manifestFile)).rejects.toThrow(/is not a backup: its name should end in \.db\.gz/);
    await expect(verifyBackup({ folder, database: "other" })).rejects.toThrow(/There is no backup in .* yet/);

    const renamed = join(folder, "daily", "renamed.db.gz");
    copyFileSync(backup.file, renamed);
    await expect(verify(renamed)).rejects.toThrow(/has no manifest: .*renamed\.json is missing/);
    copyFileSync(backup.manifestFile, renamed.replace(".db.gz", ".json"));
    await expect(verify(renamed)).rejects.toThrow(
      /was renamed: its manifest was written for ai_company_20261122\.db\.gz/,
    );
    writeFileSync(renamed.replace(".db.gz", ".json"), "{}");
    await expect(verify(renamed)).rejects.toThrow(/renamed\.json cannot be used: field formatVersion/);

    truncateSync(backup.file, backup.manifest.bytes.compressed - 10);
    expect((await verify(backup.file)).failures).toEqual([
      expect.stringMatching(/^the file has \d+ bytes instead of \d+$/),
    ]);
  });
});

describe("listing and pruning", () => {
  it("lists good backups, broken ones and strays apart, and prunes only what it named", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const at = (now: string) => createBackup({ database, folder, now: new Date(now) });
    const old = await at("2026-01-01T01:00:00Z");
    const renamed = await at("2026-01-02T01:00:00Z");
    const orphan = await at("2026-01-03T01:00:00Z");
    const broken = await at("2026-11-21T01:00:00Z");
    const newest = await at("2026-11-20T01:00:00Z");
    const away = join(folder, "daily", "keep_this.db.gz");
    renameSync(renamed.file, away);
    renameSync(renamed.manifestFile, away.replace(".db.gz", ".json"));
    rmSync(orphan.manifestFile);
    truncateSync(broken.file, 10);

    const list = await listBackups(folder, "ai_company");
    expect(list.backups.map((entry) => [entry.file, entry.good])).toEqual([
      [broken.file, false],
      [newest.file, true],
      [old.file, true],
    ]);
    expect(list.strays.map((stray) => stray.reason).sort()).toEqual([
      "no manifest",
      "renamed or moved: it was written for daily/ai_company_20260102.db.gz",
    ]);
    expect((await verifyBackup({ folder })).file).toBe(newest.file);

    const gone = await pruneBackups(folder, "ai_company", new Date("2026-11-22T01:00:00Z"));
    expect(gone.map((entry) => entry.file)).toEqual([old.file]);
    expect(await pruneBackups(folder, "ai_company", new Date("2027-11-22T01:00:00Z"))).toHaveLength(1);
    expect((await listBackups(folder)).backups.map((entry) => entry.file)).toEqual([newest.file]);
    expect((await listBackups(folder)).strays).toHaveLength(2);
  });

  it("finds nothing in a folder that does not exist", async () => {
    expect(await listBackups(join(scratchFolder(), "none"))).toEqual({ backups: [], strays: [] });
  });
});

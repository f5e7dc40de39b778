import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createBackup } from "../../../local/backup/create";
import { listBackups } from "../../../local/backup/list";
import { verifyBackup } from "../../../local/backup/verify";
import { contentChecksums } from "../../../local/sqlite/checksum";
import { makeDatabase, scratchFolder } from "./fixture";

const now = new Date("2026-11-22T01:00:07Z");

describe("createBackup", () => {
  it("S0-08: writes the compressed database and its manifest under C-39's names, for the owner only", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const backups = join(folder, "my backups");
    const result = await createBackup({ database, folder: backups, now });
    expect(result.file).toBe(join(backups, "daily", "ai_company_20261122.db.gz"));
    expect(readdirSync(join(backups, "daily")).sort()).toEqual([
      "ai_company_20261122.db.gz",
      "ai_company_20261122.json",
    ]);
    expect(statSync(result.file).mode & 0o777).toBe(0o600);
    expect(statSync(result.manifestFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(backups, "daily")).mode & 0o777).toBe(0o700);
    expect(result.notes).toEqual([]);
    const source = new Database(database, { readonly: true });
    expect(result.manifest).toMatchObject({
      created: "2026-11-22T01:00:07.000Z",
      database: "ai_company",
      journalMode: "wal",
      schemaVersion: { userVersion: 7, migrations: { applied: 2, newest: { id: "002_more", checksum: "def" } } },
      tables: contentChecksums(source).tables,
    });
    source.close();
  });

  it("S1-84: is a plain gzip of a plain SQLite file, so that it can be restored without this program", async () => {
    const folder = scratchFolder();
    const { file, manifest } = await createBackup({ database: makeDatabase(folder, 30_000), folder, now });
    const bytes = execFileSync("gunzip", ["-c", file], { maxBuffer: 1 << 28 });
    expect(bytes.length).toBe(manifest.bytes.database);
    expect(bytes.length).toBeGreaterThan(1 << 20); // more than one gzip member
    writeFileSync(join(folder, "by-hand.db"), bytes);
    const db = new Database(join(folder, "by-hand.db"));
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.prepare("SELECT count(*) FROM ideas").pluck().get()).toBe(30_000);
  });

  it("never overwrites: later backups of a day carry the time, also when several are made at once", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const first = await createBackup({ database, folder, now });
    const bytes = readFileSync(first.file);
    await Promise.all([1, 2, 3].map(() => createBackup({ database, folder, now })));
    const { backups, strays } = await listBackups(folder);
    expect(strays).toEqual([]);
    expect(backups.map((entry) => entry.manifest.file).sort()).toEqual([
      "ai_company_20261122.db.gz",
      "ai_company_20261122_010007.db.gz",
      "ai_company_20261122_010007_2.db.gz",
      "ai_company_20261122_010007_3.db.gz",
    ]);
    expect(readFileSync(first.file)).toEqual(bytes);
    for (const entry of backups) expect((await verifyBackup({ folder, backup: entry.file })).failures).toEqual([]);
  });

  it("names weekly and monthly backups for their period", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    await createBackup({ database, folder, kind: "weekly", now });
    await createBackup({ database, folder, kind: "monthly", now });
    expect(readdirSync(join(folder, "weekly"))).toContain("ai_company_20261122.db.gz");
    expect(readdirSync(join(folder, "monthly"))).toContain("ai_company_202610.db.gz");
  });

  it("S0-09: contains what is only in the write-ahead log of an open database, and leaves the source as it is", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const db = new Database(database);
    db.pragma("wal_autocheckpoint = 0");
    db.exec("INSERT INTO ideas(title) VALUES ('only in the log')");
    const before = [readFileSync(database), readFileSync(`${database}-wal`)];
    const { manifest } = await createBackup({ database, folder, now });
    expect(manifest.tables.find((table) => table.name === "ideas")?.rows).toBe(201);
    expect([readFileSync(database), readFileSync(`${database}-wal`)]).toEqual(before);
    expect((await verifyBackup({ folder })).ok).toBe(true);
    db.close();
  });

  it("backs up a database that is not in WAL mode, and says what that means", async () => {
    const folder = scratchFolder();
    const database = makeDatabase(folder);
    const db = new Database(database);
    db.pragma("journal_mode = delete");
    db.close();
    const { notes } = await createBackup({ database, folder, now });
    expect(notes).toEqual([expect.stringContaining("journal mode delete")]);
    expect((await verifyBackup({ folder })).ok).toBe(true);
  });

  it("reports progress of all its phases", async () => {
    const folder = scratchFolder();
    const phases = new Set<string>();
    await createBackup({
      database: makeDatabase(folder, 120_000),
      folder,
      now,
      onProgress: ({ phase, done, total }) => {
        phases.add(phase);
        expect(done).toBeLessThanOrEqual(total || Number.MAX_SAFE_INTEGER);
      },
    });
    expect([...phases].sort()).toEqual(["compress", "contents", "copy"]);
  });
});

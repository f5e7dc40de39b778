import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createBackup } from "../../../local/backup/create";
import { restoreBackup } from "../../../local/backup/restore";
import { contentChecksums } from "../../../local/sqlite/checksum";
import { ExitCode } from "../../../settings/errors";
import { makeDatabase, scratchFolder } from "./fixture";

async function backedUp() {
  const folder = scratchFolder();
  const database = makeDatabase(folder);
  return { folder, database, backup: (await createBackup({ database, folder })).file };
}

describe("restoreBackup", () => {
  it("S0-08: restores every row to a new file, for the owner only, and says what to do next", async () => {
    const { folder, database, backup } = await backedUp();
    const to = join(folder, "new place", "restored.db");
    const result = await restoreBackup({ backup, to });
    expect(result.nextStep).toContain(to);
    expect(readdirSync(join(folder, "new place"))).toEqual(["restored.db"]);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const [before, after] = [database, to].map((file) => contentChecksums(new Database(file)));
    expect(after).toEqual(before);
  });

  it.each(["", "-wal", "-shm", "-journal"])("refuses when something exists at the target%s", async (suffix) => {
    const { folder, backup } = await backedUp();
    const to = join(folder, "target.db");
    writeFileSync(to + suffix, "mine");
    await expect(restoreBackup({ backup, to })).rejects.toMatchObject({
      message: expect.stringContaining("never writes over anything"),
      exitCode: ExitCode.refused,
    });
    expect(readFileSync(to + suffix, "utf8")).toBe("mine");
  });

  it("refuses a folder, a dangling link and the live database itself", async () => {
    const { folder, database, backup } = await backedUp();
    mkdirSync(join(folder, "folder.db"));
    symlinkSync(join(folder, "nowhere"), join(folder, "link.db"));
    for (const to of [join(folder, "folder.db"), join(folder, "link.db"), database])
      await expect(restoreBackup({ backup, to })).rejects.toThrow(/already exists/);
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("refuses a backup that fails its drill, and leaves nothing", async () => {
    const { folder, backup } = await backedUp();
    const bytes = readFileSync(backup);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(backup, bytes);
    const to = join(folder, "elsewhere", "new.db");
    await expect(restoreBackup({ backup, to })).rejects.toThrow(
      /was not restored: the file differs .*Choose another backup/,
    );
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
    // Only what it made: a folder that was there stays.
    mkdirSync(join(folder, "mine"));
    await expect(restoreBackup({ backup, to: join(folder, "mine", "deep", "er", "new.db") })).rejects.toThrow();
    expect(readdirSync(join(folder, "mine"))).toEqual([]);
  });

  it("of two restores to one place at the same time, one wins and the other refuses", async () => {
    const { folder, backup } = await backedUp();
    const to = join(folder, "new.db");
    const outcomes = await Promise.allSettled([restoreBackup({ backup, to }), restoreBackup({ backup, to })]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(new Database(to).prepare("SELECT count(*) FROM ideas").pluck().get()).toBe(200);
  });

  it("S0-30: a plain copy of the file, made while nothing writes, is a database too", async () => {
    const { folder, database } = await backedUp();
    writeFileSync(join(folder, "copy.db"), readFileSync(database));
    const [before, after] = [database, join(folder, "copy.db")].map((file) => contentChecksums(new Database(file)));
    expect(after).toEqual(before);
  });
});

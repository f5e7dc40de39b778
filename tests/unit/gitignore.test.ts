import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(__dirname, "..", "..");

/** What the development tier makes, of stack `dev` and of a second stack with names of its own. */
const MADE = [
  ".env",
  ".env.second",
  "app.env",
  "config/.env.ladder-new",
  "database/ai_company.db",
  "database/ai_company.db-wal",
  "database-second/x.db-shm",
  "db.sqlite",
  "second/app.sqlite3",
  "uploads/photo.png",
  "uploads2/photo.png",
  "backups/daily/app_20260101.json",
  "elsewhere/app_20260101.db.gz",
  ".ladder/passphrase",
  "migration/agents.json",
  "migration/migration.sql",
  "policy/bin/index.js",
];

describe("what is made on this machine", () => {
  it.each(MADE)("git does not see %s", (path) => {
    expect(spawnSync("git", ["check-ignore", "--quiet", "--no-index", path], { cwd: ROOT }).status).toBe(0);
  });

  it("no file of the project itself is hidden by that", () => {
    const hidden = execFileSync("git", ["ls-files", "--cached", "--ignored", "--exclude-standard"], { cwd: ROOT });
    expect(hidden.toString()).toBe("");
  });
});

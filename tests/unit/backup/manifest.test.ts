import { describe, expect, it } from "vitest";
import { type Manifest, parseManifest, sealManifest } from "../../../local/backup/manifest";

const sha = "a".repeat(64);
const manifest: Manifest = {
  formatVersion: 1,
  kind: "daily",
  database: "app",
  source: "app.db",
  file: "app_20260101.db.gz",
  created: "2026-01-01T01:00:00.000Z",
  sqliteVersion: "3.53.2",
  journalMode: "wal",
  schemaVersion: { userVersion: 3, migrations: { applied: 2, newest: { name: "Ümlaut", at: 1, note: null } } },
  bytes: { database: 8192, compressed: 900 },
  sha256: { database: sha, compressed: sha },
  tables: [{ name: 'odd "$&" name', rows: 12, sha256: sha }],
  skipped: [],
  seconds: { copy: 0.1, contents: 0.2, compress: 0.3, total: 0.5 },
};

describe("manifest", () => {
  it("reads back what it wrote", () => {
    expect(parseManifest(Buffer.from(sealManifest(manifest)))).toEqual({ manifest });
  });

  it("notices every single flipped byte", () => {
    const text = Buffer.from(sealManifest(manifest));
    for (let at = 0; at < text.length; at += 1) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(text);
        changed[at] = (changed[at] ?? 0) ^ bit;
        expect(parseManifest(changed).problem, `byte ${at}, bit ${bit}`).toBeTypeOf("string");
      }
    }
  });

  it("says what is wrong", () => {
    const problem = (text: string) => parseManifest(Buffer.from(text)).problem;
    expect(problem("")).toBe("it is not readable as JSON");
    expect(problem("[1")).toBe("it is not readable as JSON");
    expect(problem("null")).toBe("it is not a manifest of a backup");
    expect(problem(JSON.stringify({ ...manifest, formatVersion: 2 }))).toMatch(/^field formatVersion: /);
    expect(problem(JSON.stringify({ ...manifest, bytes: { database: -1, compressed: 1 } }))).toMatch(
      /^field bytes.database: /,
    );
    expect(problem(sealManifest(manifest).replace('"rows": 12', '"rows": 13'))).toContain(
      "changed after it was written",
    );
  });
});

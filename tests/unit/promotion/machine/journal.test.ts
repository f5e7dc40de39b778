import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFolder, makeFolder, type Promotion, planOf } from "../../../../promotion/machine/folder";
import { appendJournal, type JournalEntry, readJournal } from "../../../../promotion/machine/journal";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ladder-journal-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const entry = (text: string): JournalEntry => ({
  step: "copy",
  at: "2026-01-01T00:00:00.000Z",
  event: "progress",
  detail: { text },
});

describe("the journal", () => {
  it("has no entries before it is written, and only its owner reads it", () => {
    const file = join(folder, "new.jsonl");
    expect(readJournal(file)).toEqual([]);
    appendJournal(file, entry("a"));
    expect(readJournal(file)).toEqual([entry("a")]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("loses at most the entry that was being written, wherever a kill tears the file, and goes on after it", () => {
    const file = join(folder, "torn.jsonl");
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }), fc.nat(), (texts, at) => {
        rmSync(file, { force: true });
        for (const text of texts) appendJournal(file, entry(text));
        const bytes = readFileSync(file);
        const cut = at % (bytes.length + 1);
        truncateSync(file, cut);
        const whole = bytes.subarray(0, cut).filter((byte) => byte === 10).length;
        expect(readJournal(file)).toEqual(texts.slice(0, whole).map(entry));
        appendJournal(file, entry("after"));
        expect(readJournal(file)).toEqual([...texts.slice(0, whole), "after"].map(entry));
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a file that is damaged before its end, and says what to do", () => {
    const file = join(folder, "damaged.jsonl");
    appendJournal(file, entry("a"));
    appendFileSync(file, "not JSON\n");
    appendJournal(file, entry("b"));
    expect(() => readJournal(file)).toThrow(/damaged in line 2\. Move its folder away and run the same command again/);
  });
});

const promotion = (id: string): Promotion => ({
  id,
  stack: "dev",
  to: "smb",
  source: "/data/app.db",
  busyTimeoutMs: 5000,
  backups: "/data/backups",
  quarantine: false,
  target: "localhost:5432/app",
});

describe("the folder of a promotion", () => {
  const end: JournalEntry = { step: "rollback", at: "2026-01-01T00:00:01.000Z", event: "done" };

  it("finds the promotion that has not ended, else the one that began last", () => {
    const parent = join(folder, "several");
    expect(findFolder(parent)).toBeUndefined();
    for (const [n, id] of ["first", "second", "third"].entries()) {
      const made = makeFolder(parent, promotion(id), "{}");
      appendJournal(made.journal, { ...entry("begun"), at: `2026-01-0${n + 1}T00:00:00.000Z` });
      expect(findFolder(parent)).toMatchObject({ folder: { promotion: { id } }, ended: false });
      appendJournal(made.journal, end);
      expect(findFolder(parent)).toMatchObject({ folder: { promotion: { id } }, ended: true });
    }
  });

  it("passes over one that was never finished making, and refuses two that have not ended", () => {
    const parent = join(folder, "odd");
    makeFolder(parent, promotion("one"), "{}");
    rmSync(join(parent, "one", "promotion.json"));
    expect(findFolder(parent)).toBeUndefined();
    makeFolder(parent, promotion("one"), "{}");
    makeFolder(parent, promotion("two"), "{}");
    expect(() => findFolder(parent)).toThrow(/holds 2 promotions that have not ended \(one, two\)/);
  });

  it("refuses a plan that is another one than PostgreSQL noted", () => {
    const made = makeFolder(join(folder, "plans"), promotion("one"), '{"tables":[]}');
    expect(planOf(made)).toEqual({ tables: [] });
    expect(() => planOf(made, "0".repeat(64))).toThrow(/is not the plan that this promotion began with/);
    writeFileSync(join(made.path, "promotion.json"), "{");
    expect(() => findFolder(join(folder, "plans"))).toThrow(/cannot be read .* the notes in PostgreSQL are enough/s);
  });
});

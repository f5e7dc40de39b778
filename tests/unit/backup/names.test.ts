import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backupKinds, databaseName, isBackupName, nameCandidates, periodOf } from "../../../local/backup/names";

const take = (database: string, kind: (typeof backupKinds)[number], now: string): string[] => {
  const names = nameCandidates(database, kind, new Date(now));
  return [1, 2, 3].map(() => names.next().value);
};

describe("names of backups", () => {
  it("S0-08: names a daily or weekly backup by its day in UTC, and later ones of that day by their time", () => {
    const expected = ["ai_company_20260103", "ai_company_20260103_013005", "ai_company_20260103_013005_2"];
    expect(take("ai_company", "daily", "2026-01-02T23:30:05-02:00")).toEqual(expected);
    expect(take("ai_company", "weekly", "2026-01-03T01:30:05Z")).toEqual(expected);
  });

  it("names a monthly backup for the month just ended, also over the end of a year and on the 31st", () => {
    expect(periodOf("monthly", new Date("2026-01-01T04:00:00Z"))).toBe("202512");
    expect(periodOf("monthly", new Date("2026-03-31T04:00:00Z"))).toBe("202602");
  });

  it("takes the database's name from its file", () => {
    expect(databaseName("/data/my app/ai_company.db")).toBe("ai_company");
    expect(databaseName("db.sqlite")).toBe("db");
    expect(databaseName("plain")).toBe("plain");
  });

  it("knows every name that it gives, and no other's", () => {
    const moment = fc.date({ min: new Date("1990-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w.-]{1,20}$/),
        fc.constantFrom(...backupKinds),
        moment,
        (database, kind, now) => {
          const names = nameCandidates(database, kind, now);
          for (let count = 0; count < 4; count += 1)
            expect(isBackupName(`${names.next().value}.db.gz`, database, kind)).toBe(true);
        },
      ),
    );
    for (const name of ["a.db.gz", "a_2026.db.gz", "a_20260101.gz", "a_20260101_keep.db.gz", "b_20260101.db.gz"])
      expect(isBackupName(name, "a", "daily")).toBe(false);
    expect(isBackupName("a_20260101.db.gz", "a", "monthly")).toBe(false);
  });
});

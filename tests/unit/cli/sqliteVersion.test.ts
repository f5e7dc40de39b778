import { describe, expect, it } from "vitest";
import { sqliteFinding } from "../../../cli/sqliteVersion";

describe("the version of SQLite", () => {
  it.each(["3.51.3", "3.51.10", "3.52.0", "3.100.1", "4.0.0"])("%s is sound", (version) => {
    expect(sqliteFinding(version)).toMatchObject({ verdict: "ok", detail: version });
  });

  it.each(["3.51.2", "3.51", "3.50.9", "3.9.100", "2.99.99"])(
    "%s has the WAL-reset bug, and doctor says what to do",
    (version) => {
      const { verdict, detail } = sqliteFinding(version);
      expect(verdict).toBe("missing");
      expect(detail).toContain(`${version} can damage`);
      expect(detail).toMatch(/3\.51\.3 or newer is needed: npm ci/);
    },
  );
});

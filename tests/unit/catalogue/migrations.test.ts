import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadMigrations, migrationOf, readMigrations, recordedName } from "../../../catalogue/migrations";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { temporaryFolder } from "../../support/temporary";

/** Reads a folder with these files; a path may lead out of the folder of migrations. */
function read(files: Readonly<Record<string, string>>, engine: "sqlite" | "postgresql" = "postgresql") {
  const folder = join(temporaryFolder(), "made_up", engine);
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return readMigrations(folder, engine);
}

describe("the catalogue's migrations for PostgreSQL", () => {
  it.each(CATALOGUE_NAMES)("of %s are numbered from 1 and include no line of psql", (name) => {
    const migrations = loadMigrations(name, "postgresql");
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    for (const { sql } of migrations) expect(sql).not.toMatch(/^\\/m);
  });

  it.each(CATALOGUE_NAMES)("of %s name no role: rights come from the bootstrap", (name) => {
    const roles = /\b(GRANT|REVOKE)\b[^;]*\b(TO|FROM)\s+(?!PUBLIC\b)["\w]/i;
    // What a function does when it is called is no statement of the migration.
    for (const migration of loadMigrations(name, "postgresql"))
      expect(migration.sql.replace(/\$([a-z_]*)\$[\s\S]*?\$\1\$/g, ""), recordedName(migration)).not.toMatch(roles);
  });
});

describe("a folder of migrations", () => {
  it("is read in order, each with its recorded name and a checksum that Windows agrees with", () => {
    const unix = read({ "0001_one.sql": "SELECT 1;\n", "0002_two.sql": "SELECT 2;\nSELECT 3;\n" });
    expect(unix.map(recordedName)).toEqual(["0001_one", "0002_two"]);
    expect(read({ "0001_one.sql": "SELECT 1;\r\n", "0002_two.sql": "SELECT 2;\r\nSELECT 3;\r\n" })).toEqual(unix);
    expect(migrationOf(2, "two", "SELECT 2;\r\nSELECT 3;\r\n")).toEqual(unix[1]);
  });

  it("has the included file in the text and in the checksum", () => {
    const [including] = read({
      "0001_one.sql": "SELECT 1;\n\\ir ../shared/part.sql\nSELECT 3;\n",
      "../shared/part.sql": "SELECT 2;\r\n",
    });
    expect(including).toEqual(migrationOf(1, "one", "SELECT 1;\nSELECT 2;\nSELECT 3;\n"));
  });

  it.each<[string, Record<string, string>, string]>([
    ["a gap", { "0001_a.sql": "", "0003_c.sql": "" }, "0003_c.sql: expected 0002_<name>.sql"],
    ["a stray file", { "0001_a.sql": "", "notes.txt": "" }, "notes.txt: expected 0002_<name>.sql"],
    ["two of one number", { "0001_a.sql": "", "0001_b.sql": "" }, "0001_b.sql: expected 0002_<name>.sql"],
    ["an include of nothing", { "0001_a.sql": "SELECT 1;\n\\ir ../no.sql\n" }, "0001_a.sql, line 2: there is no"],
    [
      "an include in an included file",
      { "0001_a.sql": "\\ir ../b.sql\n", "../b.sql": "SELECT 1;\n\\ir c.sql\n" },
      'b.sql, line 2: "\\ir c.sql" is no SQL',
    ],
    ["a command of psql", { "0001_a.sql": "\\set x 1\n" }, '0001_a.sql, line 1: "\\set x 1" is no SQL'],
    ["an include with more behind it", { "0001_a.sql": "\\ir a.sql b.sql\n" }, "line 1"],
    [
      "an end of the transaction",
      { "0001_a.sql": "SELECT 1;\n\nCOMMIT;\n" },
      "0001_a.sql, line 3 (its includes counted): COMMIT",
    ],
    ["an index made beside it", { "0001_a.sql": "CREATE INDEX CONCURRENTLY i ON t (a);" }, "CREATE INDEX CONCURRENTLY"],
    ["a vacuum", { "0001_a.sql": "-- clean\nvacuum;" }, "0001_a.sql, line 2 (its includes counted): VACUUM"],
  ])("is refused with %s", (_what, files, message) => {
    expect(() => read(files)).toThrow(
      expect.objectContaining({ name: "UserError", message: expect.stringContaining(message) }),
    );
  });

  it("may have such words where they end no transaction", () => {
    const sql = `-- COMMIT;
/* BEGIN; /* nested; */ COMMIT; */
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$BEGIN PERFORM 'COMMIT'; COMMIT; END$body$;
DO $$BEGIN COMMIT; END$$;
SELECT ';COMMIT;', E'\\';COMMIT;', "a;COMMIT;" FROM t;
CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;
ALTER TABLE t ADD COLUMN commit_at timestamp;
`;
    expect(read({ "0001_a.sql": sql })).toHaveLength(1);
  });

  it("of SQLite is taken as it is", () => {
    const sql = "BEGIN;\n\\ir is nothing there\nCOMMIT;\n";
    expect(read({ "0001_a.sql": sql }, "sqlite")).toEqual([migrationOf(1, "a", sql)]);
  });
});

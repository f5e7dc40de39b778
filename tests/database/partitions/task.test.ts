import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations } from "../../../catalogue/migrations";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await catalogueDatabase(server, "4g3n7db");
});
afterAll(() => server?.stop());

const owner = (sql: string) => database.psql(sql, "owner");

describe("tables of 4g3n7db", () => {
  it('S3-19 "Task" is range-partitioned by the date of its creation, one partition per calendar month', async () => {
    expect(await owner(`SELECT pg_get_partkeydef('"Task"'::regclass)`)).toBe('RANGE ("createdAt")');
    const ranges = await owner(`SELECT partition, low, high FROM ladder.partition_ranges('"Task"') ORDER BY low`);
    const rows = ranges.split("\n").map((row) => row.split("|"));
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const [index, [name = "", low = "", high = ""]] of rows.entries()) {
      const month = `${2025 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
      expect(name).toBe(`"Task_${month.replace("-", "_")}"`);
      expect(low).toBe(`${month}-01 00:00:00`);
      expect(high).toBe(rows[index + 1]?.[1] ?? high);
    }
  });

  it.each([
    ["S3-20", "Task_2025_01", "FOR VALUES FROM ('2025-01-01 00:00:00') TO ('2025-02-01 00:00:00')"],
    ["S3-21", "Task_2025_02", "FOR VALUES FROM ('2025-02-01 00:00:00') TO ('2025-03-01 00:00:00')"],
  ])("%s partition %s is %s", async (_id, name, bound) => {
    expect(
      await owner(`SELECT pg_get_expr(relpartbound, oid) FROM pg_class
        WHERE relname = '${name}' AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid AND inhparent = '"Task"'::regclass)`),
    ).toBe(bound);
  });

  it("S3-22 the months to come are there ahead of time, and a default partition for all others", async () => {
    expect(
      await owner(`SELECT max(high) = date_trunc('month', now() AT TIME ZONE 'UTC') + interval '4 months'
        FROM ladder.partition_ranges('"Task"')`),
    ).toBe("t");
    expect(
      await owner(`SELECT partdefid::regclass FROM pg_partitioned_table WHERE partrelid = '"Task"'::regclass`),
    ).toBe('"Task_default"');
    await database.psql(`INSERT INTO "Task" ("id", "title", "createdAt") VALUES
      ('last of January', '', '2025-01-31 23:59:59.999999'), ('first of February', '', '2025-02-01'),
      ('long ago', '', '1999-12-31'), ('far away', '', '2150-01-01'), ('now', '', now() AT TIME ZONE 'UTC')`);
    expect(await owner(`SELECT "id", tableoid::regclass FROM "Task" WHERE "id" <> 'now' ORDER BY "createdAt"`)).toBe(
      [
        'long ago|"Task_default"',
        'last of January|"Task_2025_01"',
        'first of February|"Task_2025_02"',
        'far away|"Task_default"',
      ].join("\n"),
    );
    expect(
      await owner(`SELECT tableoid::regclass::text = format('"Task_%s"', to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM'))
      FROM "Task" WHERE "id" = 'now'`),
    ).toBe("t");
  });

  it('S3-03 S3-04 "File" tells where its contents are: in the database, unless somebody says otherwise', async () => {
    expect(
      await owner(`SELECT column_name, data_type, character_maximum_length, column_default FROM information_schema.columns
        WHERE table_name = 'File' AND column_name IN ('filePath', 'storageType') ORDER BY 1`),
    ).toBe("filePath|text||\nstorageType|character varying|20|'database'::character varying");
    await database.psql(`INSERT INTO "File" ("id", "name", "data") VALUES ('f', 'a.txt', 'QQ==')`);
    expect(await database.psql(`SELECT "storageType", "filePath" IS NULL FROM "File"`)).toBe("database|t");
    for (const kind of ["local", "s3", "azure", "gcs"])
      await database.psql(`UPDATE "File" SET "storageType" = '${kind}', "filePath" = 'files/f'`);
    await expect(database.psql(`UPDATE "File" SET "storageType" = 'ftp'`)).rejects.toThrow(/File_storageType_check/);
    await expect(database.psql(`UPDATE "File" SET "contentSha256" = 'ABC'`)).rejects.toThrow(
      /File_contentSha256_check/,
    );
  });

  it("a file that was there before the columns came is in the database", async () => {
    const other = await startPostgres();
    try {
      const before = await catalogueDatabase(other, "4g3n7db", { upTo: 4 });
      await before.psql(`INSERT INTO "File" ("id", "name", "data") VALUES ('old', 'old.txt', 'QQ==')`);
      const phase1 = loadMigrations("4g3n7db", "postgresql").find(({ name }) => name === "file_storage");
      await before.psql(phase1?.sql ?? "", "owner");
      expect(await before.psql(`SELECT "id", "data", "storageType", "filePath" FROM "File"`)).toBe(
        "old|QQ==|database|",
      );
    } finally {
      await other.stop();
    }
  });
});

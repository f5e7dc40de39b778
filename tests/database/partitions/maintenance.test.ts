import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POSTGRES_VERSIONS } from "../../../tools/npmPostgres";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

describe.each(POSTGRES_VERSIONS)("partition maintenance on PostgreSQL %i", (version) => {
  let server: Postgres;
  let database: CatalogueDatabase;
  let client: Client;

  beforeAll(async () => {
    server = await startPostgres({ version });
    database = await catalogueDatabase(server, "4g3n7db");
    client = await database.connect("owner");
  });
  afterAll(() => server?.stop());

  const owner = (sql: string) => database.psql(sql, "owner");
  /** A partitioned table of its own for each test; it goes with its registration. */
  beforeEach(async () => {
    await client.query(`DROP TABLE IF EXISTS "Log"; DELETE FROM ladder.partitioned_tables WHERE table_name = 'public."Log"';
      CREATE TABLE "Log" (id int NOT NULL, at timestamp NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)`);
  });
  const partitions = () =>
    owner(`SELECT partition, low::date, high::date FROM ladder.partition_ranges('"Log"') ORDER BY low`);
  const maintain = async (at: string): Promise<string[]> => {
    const { rows } = await client.query<{ partition_name: string; moved: string }>(
      `SELECT partition_name, moved FROM ladder.maintain_partitions($1) WHERE table_name = 'public."Log"'`,
      [at],
    );
    return rows.map(({ partition_name, moved }) => `${partition_name} ${moved}`);
  };
  /** Registers it as if it had been in `year`, without what would be made until today. */
  const register = (period: "month" | "year", first: string, ahead: number) =>
    client.query(`CREATE TABLE "Log_default" PARTITION OF "Log" DEFAULT;
      INSERT INTO ladder.partitioned_tables VALUES ('public."Log"', '${period}', '${first}', ${ahead})`);

  it.each([
    [
      "a table that is not partitioned",
      `'task_archive', 'month', '2025-01-01', 3`,
      /task_archive is not partitioned by range on one column of type timestamp/,
    ],
    ["a table that is not there", `'nowhere', 'month', '2025-01-01', 3`, /"nowhere" does not exist/],
    [
      "another period",
      `'"Log"', 'week', '2025-01-01', 3`,
      /period of public."Log" is 'week': it has to be month or year/,
    ],
    ["no period", `'"Log"', NULL, '2025-01-01', 3`, /is NULL: it has to be month or year/],
    [
      "a first date without end",
      `'"Log"', 'month', '-infinity', 3`,
      /first_at of public."Log" is -infinity: it has to lie between 1900 and 2199/,
    ],
    ["no first date", `'"Log"', 'month', NULL, 3`, /first_at of public."Log" is NULL/],
    [
      "nothing ahead",
      `'"Log"', 'month', '2025-01-01', 0`,
      /ahead of public."Log" is 0: it has to be from 1 to 120 periods/,
    ],
    ["too much ahead", `'"Log"', 'month', '2025-01-01', 1000`, /ahead of public."Log" is 1000/],
  ])("refuses %s", async (_what, args, message) => {
    await expect(client.query(`SELECT ladder.partition_table(${args})`)).rejects.toThrow(message);
    expect(await partitions()).toBe("");
  });

  it.each([
    ["another type", "(at date NOT NULL) PARTITION BY RANGE (at)"],
    ["a time zone", "(at timestamptz NOT NULL) PARTITION BY RANGE (at)"],
    ["two columns", "(at timestamp, id int) PARTITION BY RANGE (at, id)"],
    ["a list", "(at timestamp) PARTITION BY LIST (at)"],
    ["an expression", "(at timestamp) PARTITION BY RANGE ((at + interval '1 day'))"],
  ])("refuses a table partitioned by %s", async (_what, definition) => {
    await client.query(`DROP TABLE IF EXISTS wrong; CREATE TABLE wrong ${definition}`);
    await expect(client.query(`SELECT ladder.partition_table('wrong', 'month', '2025-01-01', 3)`)).rejects.toThrow(
      /wrong is not partitioned by range on one column of type timestamp/,
    );
  });

  it.each(["infinity", "-infinity", null])("refuses to be run for the moment %s", async (at) => {
    await expect(client.query("SELECT ladder.maintain_partitions($1)", [at])).rejects.toThrow(
      /partitions are kept for a moment/,
    );
  });

  it("says what is in the way of a new partition", async () => {
    await client.query(`CREATE TABLE "Log_2025_02" (x int)`);
    await register("month", "2025-01-01", 1);
    await expect(maintain("2025-01-31")).rejects.toThrow(
      /public."Log_2025_02" is in the way of a partition of public."Log"/,
    );
    expect(await partitions()).toBe("");
    await client.query(`DROP TABLE "Log_2025_02"`);
    expect(await maintain("2025-01-31")).toEqual(['public."Log_2025_01" 0', 'public."Log_2025_02" 0']);
  });

  it("makes years for a table that goes by years", async () => {
    await register("year", "2023-05-06", 2);
    expect(await maintain("2024-12-31 23:59:59")).toEqual(
      [2023, 2024, 2025, 2026].map((year) => `public."Log_${year}" 0`),
    );
    expect((await partitions()).split("\n")[1]).toBe('"Log_2024"|2024-01-01|2025-01-01');
  });

  it("goes from months to years: the year that has months already gets the rest of them", async () => {
    await register("month", "2025-01-01", 1);
    await maintain("2025-10-15");
    await client.query(`UPDATE ladder.partitioned_tables SET period = 'year' WHERE table_name = 'public."Log"'`);
    await client.query(`INSERT INTO "Log" VALUES (1, '2025-12-31 23:00'), (2, '2026-02-03')`);
    expect(await maintain("2025-11-30")).toEqual(['public."Log_2025_12" 1', 'public."Log_2026" 1']);
    expect(await maintain("2025-11-30")).toEqual([]);
  });

  it("moves what the default partition holds, past and future, but no date beyond 1900 to 2199", async () => {
    await register("month", "2025-01-01", 1);
    await client.query(`INSERT INTO "Log" VALUES (1, '1955-11-05'), (2, '2150-02-28 12:00'), (3, '2150-02-01'),
      (4, '0021-01-01'), (5, '2500-01-01'), (6, 'infinity'), (7, '-infinity')`);
    expect(await maintain("2025-01-01")).toEqual([
      'public."Log_1955_11" 1',
      'public."Log_2025_01" 0',
      'public."Log_2025_02" 0',
      'public."Log_2150_02" 2',
    ]);
    expect(await owner("SELECT string_agg(id::text, ',' ORDER BY id) FROM \"Log_default\"")).toBe("4,5,6,7");
    expect(await maintain("2025-01-01")).toEqual([]);
  });

  it("makes them one by one, each for good, where many rows have to move", async () => {
    await register("month", "2025-01-01", 1);
    await client.query(
      `INSERT INTO "Log" SELECT n, '2024-01-01'::timestamp + n * interval '1 hour' FROM generate_series(1, 5000) AS n`,
    );
    const once = await client.query(
      `SELECT FROM ladder.maintain_partitions('2025-01-01', 1) WHERE table_name = 'public."Log"'`,
    );
    expect(once.rowCount).toBe(1);
    expect(await partitions()).toBe('"Log_2024_01"|2024-01-01|2024-02-01');
    await client.query(`CREATE TABLE "Log_2024_05" (x int)`);
    await expect(client.query("CALL ladder.maintain_partitions_one_by_one('2025-01-01')")).rejects.toThrow(
      /"Log_2024_05" is in the way/,
    );
    expect((await partitions()).split("\n")).toHaveLength(4);
    await client.query(`DROP TABLE "Log_2024_05"`);
    await client.query("CALL ladder.maintain_partitions_one_by_one('2025-01-01')");
    expect((await partitions()).split("\n")).toHaveLength(9);
    expect(await owner('SELECT count(*), (SELECT count(*) FROM "Log_default") FROM "Log"')).toBe("5000|0");
  });

  it("nobody but the owner gets at a partition by its own name, and row security follows the table", async () => {
    await client.query(`ALTER TABLE "Log" ENABLE ROW LEVEL SECURITY`);
    await client.query(`SELECT ladder.partition_table('"Log"', 'month', now()::timestamp, 1)`);
    const [named = ""] = (await partitions()).split("|");
    for (const table of [named, '"Log_default"']) {
      for (const role of ["app", "readonly", "replication"] as const)
        await expect(database.psql(`SELECT FROM ${table}`, role)).rejects.toThrow(/permission denied/);
      await expect(database.psql(`INSERT INTO ${table} VALUES (1, now())`)).rejects.toThrow(/permission denied/);
      expect(await owner(`SELECT relrowsecurity FROM pg_class WHERE oid = '${table}'::regclass`)).toBe("t");
    }
    await expect(database.psql("SELECT ladder.maintain_partitions()")).rejects.toThrow(
      /permission denied for schema ladder/,
    );
    // One that somebody made by hand, with the rights that every new table gets.
    await client.query(`CREATE TABLE by_hand PARTITION OF "Log" FOR VALUES FROM ('2000-01-01') TO ('2000-02-01')`);
    expect(await database.psql("SELECT count(*) FROM by_hand")).toBe("0");
    await client.query("SELECT ladder.maintain_partitions()");
    await expect(database.psql("SELECT count(*) FROM by_hand")).rejects.toThrow(/permission denied/);
  });

  it("keys, indexes, checks and the replica identity follow the table", async () => {
    await client.query(`ALTER TABLE "Log" REPLICA IDENTITY FULL; ALTER TABLE "Log" ADD CONSTRAINT positive CHECK (id > 0);
      CREATE INDEX ON "Log" (at DESC)`);
    await register("month", "2025-01-01", 1);
    await maintain("2025-01-01");
    expect(
      await owner(`SELECT relreplident, (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = c.oid AND contype IN ('c', 'p')),
        (SELECT count(*) FROM pg_index i JOIN pg_inherits p ON p.inhrelid = i.indexrelid WHERE i.indrelid = c.oid AND indisvalid)
        FROM pg_class c WHERE relname = 'Log_2025_02'`),
    ).toBe("f|Log_2025_02_pkey,positive|2");
  });

  it("waits for whoever holds the default partition for a moment", async () => {
    await register("month", "2025-01-01", 1);
    const other = await database.connect("owner");
    await other.query('BEGIN; LOCK TABLE ONLY "Log_default" IN ACCESS EXCLUSIVE MODE');
    const [made] = await Promise.all([
      maintain("2025-01-01"),
      new Promise((resume) => setTimeout(resume, 500)).then(() => other.query("COMMIT")),
    ]);
    await other.end();
    expect(made).toEqual(['public."Log_2025_01" 0', 'public."Log_2025_02" 0']);
  });

  it("eight runs at once, by a superuser, make each partition once, and it is the owner's", async () => {
    await register("month", "2024-01-01", 3);
    await client.query(
      `INSERT INTO "Log" SELECT n, '2020-01-01'::timestamp + n * interval '1 hour' FROM generate_series(1, 3000) AS n`,
    );
    const clients = await Promise.all(Array.from({ length: 8 }, () => database.connect("superuser")));
    const results = await Promise.all(
      clients.map((each) => each.query("SELECT * FROM ladder.maintain_partitions('2024-06-01')")),
    );
    await Promise.all(clients.map((each) => each.end()));
    expect(results.filter(({ rowCount }) => rowCount)).toHaveLength(1);
    expect(await owner('SELECT count(*), (SELECT count(*) FROM "Log_default") FROM "Log"')).toBe("3000|0");
    expect(await owner("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE 'Log%'")).toBe("4g3n7db_owner");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { startWriters, written } from "./writers";

/** A leap year far enough away that the migrations made none of the months before it; it is the third of the three. */
const LEAP = Math.ceil((new Date().getUTCFullYear() + 4) / 4) * 4;
const MONTHS = 36;
const TASKS = 1_000_000;
/** The scheduler is away for that many months, more than are made ahead: new tasks land in the default partition. */
const AWAY = { from: 8, to: 16 };

let server: Postgres;
let database: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres({ settings: { max_wal_size: "4GB" } });
  database = await catalogueDatabase(server, "4g3n7db");
});
afterAll(() => server?.stop());

const owner = (sql: string) => database.psql(sql, "owner");
const inDefault = async () => Number(await owner('SELECT count(*) FROM "Task_default"'));
const maintain = (at: string) => owner(`SELECT partition_name, moved FROM ladder.maintain_partitions('${at}')`);

/** Inserts tasks spread evenly over [low, high), its first and its last microsecond among them; gives rows and checksum. */
async function load(name: string, count: number, low: string, high: string): Promise<{ rows: number; sum: bigint }> {
  const [rows, sum] = (
    await owner(`WITH made AS (
      INSERT INTO "Task" ("id", "title", "status", "createdAt", "updatedAt", "completedAt")
      SELECT 'bulk ' || '${name}' || ' ' || n, 'task ' || n, CASE n % 3 WHEN 0 THEN 'COMPLETED' ELSE 'PENDING' END, at, at,
        CASE n % 3 WHEN 0 THEN at + interval '9 days' END
      FROM generate_series(1, ${count}) AS n
      CROSS JOIN LATERAL (SELECT '${low}'::timestamp
        + (n - 1) * (('${high}'::timestamp - interval '1 microsecond' - '${low}'::timestamp) / ${count - 1})) AS date (at)
      RETURNING *
    ) SELECT count(*), sum(hashtextextended(made::text, 0)) FROM made`)
  ).split("|");
  return { rows: Number(rows), sum: BigInt(sum ?? "0") };
}

const firstOf = (month: number): string => {
  const date = new Date(Date.UTC(LEAP - 2, month));
  return date.toISOString().slice(0, 10);
};

describe("36 months of maintenance", () => {
  it("loses no row of 1,000,000 tasks and leaves none in the default partition, while an application writes", async () => {
    let now = 0;
    const writers = await startWriters(database, {
      count: 4,
      // From two months ago to the end of this one.
      createdAt: () => `'${firstOf(now - 2)}'::timestamp + random() * interval '90 days'`,
    });
    const expected = { rows: 0, sum: 0n };
    const add = (made: { rows: number; sum: bigint }) => {
      expected.rows += made.rows;
      expected.sum += made.sum;
    };
    // An import of what was before the first partition.
    const old = 40_000;
    add(await load("import", old, "2019-12-31 23:59:59", "2022-03-01"));
    let landed = await inDefault();
    expect(landed).toBeGreaterThanOrEqual(old);
    const perMonth = Math.floor((TASKS - old) / MONTHS);
    for (let month = 0; month < MONTHS; month += 1) {
      now = month;
      if (month < AWAY.from || month >= AWAY.to) await maintain(`${firstOf(month)} 00:15:00`);
      if (month === AWAY.to - 1) landed = await inDefault();
      add(
        await load(
          String(month),
          month < MONTHS - 1 ? perMonth : TASKS - expected.rows,
          firstOf(month),
          firstOf(month + 1),
        ),
      );
    }
    expect(landed).toBeGreaterThan(perMonth);
    const acknowledged = await writers.stop();
    expect(writers.done()).toBeGreaterThan(1000);
    await maintain(firstOf(MONTHS));

    expect(await inDefault()).toBe(0);
    expect(expected.rows).toBe(TASKS);
    expect(
      await owner(`SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "Task" AS t WHERE "id" LIKE 'bulk %'`),
    ).toBe(`${TASKS}|${expected.sum}`);
    expect(await written(database)).toEqual(acknowledged);
    // Each row stands where its date belongs, once.
    expect(
      await owner(`SELECT count(*) FROM "Task" AS t
        WHERE t.tableoid::regclass::text <> format('"Task_%s"', to_char(t."createdAt", 'YYYY_MM'))`),
    ).toBe("0");
    expect(await owner('SELECT count(*) - count(DISTINCT "id") FROM "Task"')).toBe("0");
  });

  it("the months have their real ends: leap day, 31st, turn of the year", async () => {
    const bounds =
      await owner(`SELECT partition, low::date, high::date, high - low FROM ladder.partition_ranges('"Task"')
      WHERE low >= '${LEAP - 2}-01-01' AND low < '${LEAP + 1}-01-01' ORDER BY low`);
    const rows = bounds.split("\n").map((row) => row.split("|"));
    expect(rows).toHaveLength(MONTHS);
    for (const [month, row] of rows.entries()) {
      const [low, high] = [firstOf(month), firstOf(month + 1)];
      const days = (Date.parse(high) - Date.parse(low)) / 86_400_000;
      expect(row).toEqual([`"Task_${low.slice(0, 7).replace("-", "_")}"`, low, high, `${days} days`]);
    }
    expect(rows.find(([name]) => name === `"Task_${LEAP}_02"`)?.[3]).toBe("29 days");
    const where = (at: string) =>
      owner(`WITH made AS (INSERT INTO "Task" ("id", "title", "createdAt") VALUES ('${at}', '', '${at}') RETURNING tableoid::regclass)
        SELECT * FROM made`);
    expect(await where(`${LEAP}-02-29 23:59:59.999999`)).toBe(`"Task_${LEAP}_02"`);
    expect(await where(`${LEAP}-03-01`)).toBe(`"Task_${LEAP}_03"`);
    expect(await where(`${LEAP}-12-31 23:59:59.999999`)).toBe(`"Task_${LEAP}_12"`);
    // An hour that clocks of Europe skip: there is no summer time in UTC.
    expect(await where(`${LEAP}-03-31 02:30:00`)).toBe(`"Task_${LEAP}_03"`);
  });

  it("a second run finds nothing to do", async () => {
    expect(await maintain(firstOf(MONTHS))).toBe("");
  });
});

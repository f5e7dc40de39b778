import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CatalogueName } from "../../../settings";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { POSTGRES_VERSIONS } from "../../../tools/npmPostgres";
import { catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { must } from "../../servers/run";
import { newestDump } from "../../servers/tools";
import { SOURCE } from "../../support/project";
import { entriesOf, partitionsOf, renderEntries, withoutLaterPartitions } from "../../support/schemaDump";

/**
 * What the migrations make of each logical database, with owners and grants, written down: a change of it is looked at in review.
 * `GOLDEN=write npx vitest run --project database tests/database/golden` writes it anew, from the oldest version.
 */
const fileOf = (database: string): string => join(SOURCE, "tests/golden/schema", `${database}.sql`);

const dumpOf = async (server: Postgres, database: string): Promise<string> =>
  must([await newestDump(), "--schema-only", "--create", database], { env: server.env });

interface Partitioned {
  readonly parent: string;
  readonly first: string;
  readonly period: "month" | "year";
  readonly ahead: number;
}

/** What the documents ask to be partitioned and from when (S3-19, S4-06), and how far ahead of today our own setting makes it. */
const PARTITIONED: Readonly<Partial<Record<CatalogueName, Partitioned>>> = {
  "4g3n7db": { parent: 'public."Task"', first: "2025-01-01", period: "month", ahead: 3 },
  circle: { parent: "public.posts", first: "2024-01-01", period: "year", ahead: 2 },
};

/** The partitions that have to be there now: each with its parent and its first day. */
function wanted(database: CatalogueName, now = new Date()): string[] {
  const setting = PARTITIONED[database];
  if (setting === undefined) return [];
  const { parent, first, period, ahead } = setting;
  const at = new Date(`${first}T00:00:00Z`);
  const end = new Date(now);
  end.setUTCDate(1);
  if (period === "month") end.setUTCMonth(end.getUTCMonth() + ahead);
  else end.setUTCFullYear(end.getUTCFullYear() + ahead);
  const found: string[] = [];
  while (at <= end) {
    found.push(`${parent} ${at.toISOString().slice(0, 10)}`);
    if (period === "month") at.setUTCMonth(at.getUTCMonth() + 1);
    else at.setUTCFullYear(at.getUTCFullYear() + 1);
  }
  return found;
}

describe.each(POSTGRES_VERSIONS)("the schemas on PostgreSQL %i", (version) => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ version });
  });
  afterAll(() => server?.stop());

  it.each(CATALOGUE_NAMES)("%s is as it was written down", async (database) => {
    const before = wanted(database);
    await catalogueDatabase(server, database);
    const entries = entriesOf(await dumpOf(server, database));
    const partitions = partitionsOf(entries).map(({ parent, from }) => `${parent} ${from.slice(0, 10)}`);
    // The month may have ended meanwhile.
    expect([before, wanted(database)]).toContainEqual(partitions);
    const text = renderEntries(withoutLaterPartitions(entries));
    const file = fileOf(database);
    if (process.env.GOLDEN === "write" && version === POSTGRES_VERSIONS[0]) writeFileSync(file, text);
    expect(existsSync(file)).toBe(true);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

describe("a difference", () => {
  let server: Postgres;
  let dump: string;
  beforeAll(async () => {
    server = await startPostgres({ version: 18 });
    const tasks = await catalogueDatabase(server, "4g3n7db");
    dump = await dumpOf(server, "4g3n7db");
    await tasks.psql('DROP TABLE "Task_2025_02"', "owner");
  });
  afterAll(() => server?.stop());

  const golden = () => readFileSync(fileOf("4g3n7db"), "utf8");
  const textOf = (text: string) => renderEntries(withoutLaterPartitions(entriesOf(text)));

  it("of a partition that is away is seen", async () => {
    const names = partitionsOf(entriesOf(await dumpOf(server, "4g3n7db"))).map(({ from }) => from.slice(0, 7));
    expect(names.slice(0, 2)).toEqual(["2025-01", "2025-03"]);
  });

  it.each([
    [
      "an index that one later partition lacks",
      'DROP INDEX "Task_2025_03_odd"',
      'CREATE INDEX "Task_2025_03_odd" ON "Task_2025_03" (title)',
    ],
    [
      "a right on one of them",
      'REVOKE ALL ON "Task_2025_03" FROM "4g3n7db"',
      'GRANT SELECT ON "Task_2025_03" TO "4g3n7db"',
    ],
    [
      "a lost default",
      "ALTER TABLE \"Task_2025_03\" ALTER status SET DEFAULT 'PENDING'",
      'ALTER TABLE "Task_2025_03" ALTER status DROP DEFAULT',
    ],
  ])("in a later partition is told: %s", async (_what, undo, change) => {
    await server.psql(change, "4g3n7db");
    expect(() => textOf(dump)).not.toThrow();
    const changed = await dumpOf(server, "4g3n7db");
    await server.psql(undo, "4g3n7db");
    expect(() => textOf(changed)).toThrow(/Task_2025_03"? is not like/);
  });

  it.each([
    ["a right", 'GRANT TRUNCATE ON "Task" TO "4g3n7db"', 'REVOKE TRUNCATE ON "Task" FROM "4g3n7db"'],
    ["an owner", 'ALTER TABLE task_archive OWNER TO "4g3n7db"', 'ALTER TABLE task_archive OWNER TO "4g3n7db_owner"'],
    ["a column", "ALTER TABLE task_archive ADD extra int", "ALTER TABLE task_archive DROP extra"],
  ])("of %s is seen", async (_what, change, undo) => {
    await server.psql(change, "4g3n7db");
    const changed = await dumpOf(server, "4g3n7db");
    await server.psql(undo, "4g3n7db");
    expect(textOf(changed)).not.toBe(golden());
  });
});

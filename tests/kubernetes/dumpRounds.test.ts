import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DUMP_KINDS, type DumpKind } from "../../components/backup/dumpSchedule";
import { BUCKET, drill, dump, type Servers, startServers, stopServers } from "./backupPods";
import { randomDatabase } from "./randomDatabase";

/** One round in three is of each kind. `SEED=… ` on the command line runs the rounds that follow from another one. */
const FIRST_SEED = Number(process.env.SEED ?? 20_260_101);
/** Fewer or more with LADDER_ROUNDS: each takes ten seconds. */
const ROUNDS = Number(process.env.LADDER_ROUNDS ?? 12);

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
  await servers.postgres.psql('CREATE ROLE "a reader"; CREATE ROLE "tab\there"');
});
afterAll(() => stopServers(servers));

/** Counts of another hand than the scripts': what `SELECT count(*)` says of every table. */
const COUNTS = `
  SELECT count(*) || ' tables, ' || coalesce(sum((xpath('//n/text()', query_to_xml(
    format('SELECT count(*) AS n FROM ONLY %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint), 0) || ' rows'
  FROM pg_tables JOIN pg_class ON oid = format('%I.%I', schemaname, tablename)::regclass
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND relkind = 'r'`;

const rounds = Array.from({ length: ROUNDS }, (_, index) => ({
  seed: FIRST_SEED + index,
  kind: DUMP_KINDS[index % DUMP_KINDS.length] ?? "daily",
}));

describe("dump and restore", () => {
  it.each(rounds)("brings back a database made up from seed $seed, $kind", async ({ seed, kind }) => {
    const { postgres, s3 } = servers;
    const database = ["4g3n7db", "circle", "ai_company"][seed % 3] ?? "circle";
    await postgres.psql(`DROP DATABASE IF EXISTS "${database}"`);
    await postgres.psql(`CREATE DATABASE "${database}"`);
    await postgres.psql(randomDatabase(seed), database);

    const { dumped, uploaded } = await dump(servers, database, kind);
    expect([dumped, uploaded], JSON.stringify({ dumped, uploaded })).toMatchObject([{ code: 0 }, { code: 0 }]);
    const { code, stdout, stderr } = await drill(servers, database, kind);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^drill of ${database}: [0-9]+ tables, [0-9]+ rows equal, [0-9]+ s\n$`));
    expect(stdout).toContain((await postgres.psql(COUNTS, database)).trim());
    for (const key of await s3.list(BUCKET)) await s3.delete(BUCKET, key);
  });

  it.each<DumpKind>(["daily", "monthly"])("is of one moment while rows are written: %s", async (kind) => {
    const { postgres } = servers;
    await postgres.psql("DROP DATABASE IF EXISTS circle");
    await postgres.psql("CREATE DATABASE circle");
    await postgres.psql(
      "CREATE TABLE busy (id serial, filler text); INSERT INTO busy (filler) SELECT repeat('x', 500) FROM generate_series(1, 60000)",
      "circle",
    );
    let writing = true;
    const written = (async () => {
      let rows = 0;
      for (; writing; rows += 50)
        await postgres.psql(
          "INSERT INTO busy (filler) SELECT 'new' FROM generate_series(1, 50); DELETE FROM busy WHERE id % 97 = 0 AND random() < 0.2; UPDATE busy SET filler = 'changed' WHERE id % 1009 = 1",
          "circle",
        );
      return rows;
    })();
    const { dumped, uploaded } = await dump(servers, "circle", kind);
    writing = false;
    expect(await written).toBeGreaterThan(0);
    expect([dumped.code, uploaded.code], JSON.stringify({ dumped, uploaded })).toEqual([0, 0]);
    const { code, stdout, stderr } = await drill(servers, "circle", kind);
    expect([code, stderr, stdout.slice(0, 26)]).toEqual([0, "", "drill of circle: 1 tables,"]);
  });
});

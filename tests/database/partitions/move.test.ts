import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CatalogueDatabase, catalogueDatabase } from "../../servers/catalogueDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";

let server: Postgres;
let tasks: CatalogueDatabase;
let circle: CatalogueDatabase;

beforeAll(async () => {
  server = await startPostgres({ settings: { wal_level: "logical" } });
  tasks = await catalogueDatabase(server, "4g3n7db");
  circle = await catalogueDatabase(server, "circle");
});
afterAll(() => server?.stop());

/** Messages of pgoutput since the last time, by their first letters: I, U and D are changes of rows, T is TRUNCATE. */
const published = (slot: string, publication: string) =>
  server.psql(
    `SELECT string_agg(letter, '') FROM (
      SELECT chr(get_byte(data, 0)) AS letter FROM pg_logical_slot_get_binary_changes('${slot}', NULL, NULL,
        'proto_version', '1', 'publication_names', '${publication}')) AS messages
     WHERE letter IN ('I', 'U', 'D', 'T')`,
    "circle",
  );

describe("a move out of the default partition", () => {
  it("keeps interactions and replies of posts, fires no trigger, and the change feed tells nothing of it", async () => {
    const owner = (sql: string) => circle.psql(sql, "owner");
    await owner(`INSERT INTO users (id, wallet_address, pseudonym)
        SELECT n, '0x' || lpad(to_hex(n), 40, '0'), 'user' || n FROM generate_series(1, 5) AS n;
      INSERT INTO posts (id, author_id, content, created_at) SELECT n, 1 + n % 5, 'post', '2019-06-01'::timestamp + n * interval '5 days'
        FROM generate_series(1, 1000) AS n;
      INSERT INTO posts (id, author_id, content, created_at, reply_to_id) SELECT 1000 + n, 1, 'reply', '2050-01-01', n FROM generate_series(1, 1000) AS n;
      INSERT INTO interactions (user_id, post_id, type) SELECT 1 + n % 5, n, 'like' FROM generate_series(1, 2000) AS n`);
    const state = () =>
      owner(`SELECT (SELECT count(*) || ' ' || sum(hashtextextended(p::text, 0)) FROM posts AS p), (SELECT count(*) FROM post_ids),
        (SELECT count(*) || ' ' || sum(hashtextextended(i::text, 0)) FROM interactions AS i)`);
    const before = await state();
    expect(before).toMatch(/^2000 .*\|2000\|2000 /);
    await server.psql("SELECT pg_create_logical_replication_slot('watch', 'pgoutput')", "circle");
    const moved = await owner("SELECT partition_name, moved FROM ladder.maintain_partitions()");
    expect(moved).toContain("public.posts_2019|");
    expect(moved).toContain("public.posts_2050|1000");
    expect(await owner("SELECT count(*) FROM posts_default")).toBe("0");
    expect(await state()).toBe(before);
    expect(await published("watch", "circle_changes")).toBe("");
    // What comes after is told, by a new partition as by any other: an insert, then the delete with its cascade.
    await owner("INSERT INTO posts (id, author_id, content, created_at) VALUES (9000, 1, 'new', '2050-05-05')");
    expect(await published("watch", "circle_changes")).toBe("I");
    await owner("DELETE FROM posts WHERE id = 9000");
    expect(await published("watch", "circle_changes")).toBe("D");
    // Triggers and keys hold for the rows in their new place.
    await owner("DELETE FROM posts WHERE id = 1");
    expect(await owner("SELECT count(*) FROM posts WHERE id IN (1, 1001)")).toBe("0");
    expect(await owner("SELECT count(*) FROM interactions WHERE post_id IN (1, 1001)")).toBe("0");
    await expect(
      owner("INSERT INTO posts (author_id, content, created_at) VALUES (99, '', '2050-05-05')"),
    ).rejects.toThrow(/foreign key/);
  });

  it("a task that comes while its month is being made waits a moment, and stands in it", async () => {
    const [owner, app] = [await tasks.connect("owner"), await tasks.connect()];
    await owner.query("BEGIN");
    await owner.query("SELECT ladder.maintain_partitions((now() AT TIME ZONE 'UTC') + interval '1 month')");
    const coming = app.query(
      `INSERT INTO "Task" ("id", "title", "createdAt") VALUES ('coming', '', date_trunc('month', now() AT TIME ZONE 'UTC') + interval '4 months')
       RETURNING tableoid::regclass::text AS name, to_char("createdAt", 'YYYY_MM') AS month`,
    );
    const waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = '4g3n7db' AND wait_event_type = 'Lock'";
    while ((await server.psql(waits)) === "0") await sleep(20);
    await owner.query("COMMIT");
    const { rows } = await coming;
    expect(rows[0]?.name).toBe(`"Task_${rows[0]?.month}"`);
    await Promise.all([owner.end(), app.end()]);
  });

  it("changes nothing when another table refers to a row that would move", async () => {
    const owner = (sql: string) => tasks.psql(sql, "owner");
    await owner(`INSERT INTO "Task" ("id", "title", "createdAt") VALUES ('named', '', '2001-01-01'), ('free', '', '2001-02-01');
      CREATE TABLE note ("id" text, "at" timestamp, FOREIGN KEY ("id", "at") REFERENCES "Task" ON DELETE CASCADE);
      INSERT INTO note VALUES ('named', '2001-01-01')`);
    await expect(owner("SELECT ladder.maintain_partitions()")).rejects.toThrow(/violates foreign key constraint/);
    expect(await owner('SELECT count(*), (SELECT count(*) FROM note) FROM "Task_default"')).toBe("2|1");
    await owner('DROP TABLE note; SELECT ladder.maintain_partitions(); DELETE FROM "Task"');
  });

  it("killed at ten moments leaves the old state or the new one", async () => {
    const owner = (sql: string) => tasks.psql(sql, "owner");
    const strays = () => owner('SELECT count(*) FROM "Task_default"');
    const state = () =>
      owner(`SELECT count(*), count(DISTINCT "id"), sum(hashtextextended(t::text, 0)) FROM "Task" AS t`);
    let wholeMs = 0;
    let killed = 0;
    for (let round = 0; round <= 10; round += 1) {
      await owner(`INSERT INTO "Task" ("id", "title", "createdAt")
        SELECT '${round}.' || n, 'task', '${2000 + round}-01-01'::timestamp + n * interval '10 minutes'
        FROM generate_series(1, 30000) AS n`);
      const [before, waiting] = [await state(), await strays()];
      const client = await tasks.connect("owner");
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      const began = Date.now();
      const run = client.query("SELECT ladder.maintain_partitions()").then(
        () => "done",
        () => "killed",
      );
      // The first is let be, to see how long a run takes.
      if (round === 0) {
        await run;
        wholeMs = Date.now() - began;
      } else await sleep(randomInt(Math.max(1, wholeMs)));
      await server.psql(`SELECT pg_terminate_backend(${rows[0]?.pid})`);
      const ended = await run;
      if (ended === "killed") killed += 1;
      await client.end().catch(() => undefined);
      expect(await state()).toBe(before);
      // It may have been killed after it had committed, too.
      expect(ended === "done" ? ["0"] : ["0", waiting]).toContain(await strays());
      expect(
        await owner(`SELECT partdefid::regclass FROM pg_partitioned_table WHERE partrelid = '"Task"'::regclass`),
      ).toBe('"Task_default"');
    }
    const before = await state();
    expect(killed).toBeGreaterThan(0);
    await owner("SELECT ladder.maintain_partitions()");
    expect(await owner('SELECT count(*) FROM "Task_default"')).toBe("0");
    expect(await state()).toBe(before);
  });

  it("waits for a long transaction without holding up anybody, and gives up with a word on what to do", async () => {
    const holder = await tasks.connect();
    await holder.query('BEGIN; SELECT count(*) FROM "Task"');
    await tasks.psql(`INSERT INTO "Task" ("id", "title", "createdAt") VALUES ('stray', '', '2011-11-11')`);
    let waiting = true;
    const run = tasks
      .psql("SELECT ladder.maintain_partitions()", "owner")
      .catch((error: Error) => error.message)
      .finally(() => {
        waiting = false;
      });
    const other = await tasks.connect();
    let meanwhile = 0;
    while (waiting) {
      await other.query(`INSERT INTO "Task" ("id", "title") VALUES ('meanwhile ${meanwhile}', '')`);
      await other.query('SELECT count(*) FROM "Task" WHERE "id" = $1', [`meanwhile ${meanwhile}`]);
      meanwhile += 1;
    }
    const said = await run;
    expect(said).toContain('table public."Task" was in use all the time: it got no new partitions');
    expect(said).toContain("End the long transactions on it, and run ladder.maintain_partitions() again.");
    // All went on while it was waiting: had they waited for it, there would be one.
    expect(meanwhile).toBeGreaterThan(50);
    await holder.query("COMMIT");
    expect(await tasks.psql("SELECT partition_name, moved FROM ladder.maintain_partitions()", "owner")).toBe(
      'public."Task_2011_11"|1',
    );
  });
});

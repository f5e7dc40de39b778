import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asUser, circleForThisFile, emptied, makeUsers } from "./circle";

const SLOT = "feed_test";
const circle = circleForThisFile({ wal_level: "logical" });
const owner = (sql: string) => circle().psql(sql, "owner");
let app: Client;

beforeAll(async () => {
  app = await circle().connect("app");
  // A plugin that shows changes as text, of every table: what the publication would pick from.
  await circle().psql(`SELECT pg_create_logical_replication_slot('${SLOT}', 'test_decoding')`, "superuser");
});
afterAll(() => app.end());

beforeEach(async () => {
  await emptied(circle());
  await makeUsers(circle(), 4);
  await owner(
    "INSERT INTO posts (id, author_id, content, created_at) VALUES (1, 1, '', '2024-01-01'), (2, 2, '', '2026-01-01')",
  );
  await told();
});

/** What users were told since this was last asked: `user type post`, and nothing that was rolled back. */
async function told(): Promise<string[]> {
  const changes = await circle().psql(
    `SELECT data FROM pg_logical_slot_get_changes('${SLOT}', NULL, NULL) WHERE data LIKE 'table ladder.notifications: INSERT%'`,
    "superuser",
  );
  return [...changes.matchAll(/user_id\[bigint\]:(\d+) type\[.*?\]:'(\w+)' post_id\[bigint\]:(\d+)/g)].map((found) =>
    found.slice(1).join(" "),
  );
}

const as = (user: number, sql: string) => asUser(app, user, () => app.query(sql));

describe("S0-24: the publication circle_changes", () => {
  const tables = () =>
    owner(
      `SELECT p.schemaname || '.' || p.tablename || ' ' || array_to_string(p.attnames, ',')
       FROM pg_publication_tables p WHERE p.pubname = 'circle_changes' ORDER BY 1`,
    );

  it("lists its tables, of which none carries a wallet, a name or a content; partitions appear as posts", async () => {
    expect(await tables()).toBe(
      [
        "ladder.notifications id,user_id,type,post_id",
        "public.follows id,follower_id,following_id,created_at",
        "public.interactions id,user_id,post_id,type,created_at",
        "public.posts id,author_id,visibility,reply_to_id,created_at",
      ].join("\n"),
    );
    expect(await owner("SELECT puballtables, pubviaroot FROM pg_publication")).toBe("f|t");
    const before = await tables();
    await owner("SELECT ladder.maintain_partitions('2050-01-01')");
    expect(await tables()).toBe(before);
  });

  it("has a replica identity for every table and partition, so that each can be updated and deleted from", async () => {
    const without = await owner(
      `SELECT c.oid::regclass FROM pg_publication_rel r JOIN pg_partition_tree(r.prrelid) t ON true JOIN pg_class c ON c.oid = t.relid
       WHERE NOT (c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))`,
    );
    expect(without).toBe("");
    await owner(`INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like'); UPDATE interactions SET type = 'repost';
      INSERT INTO follows (follower_id, following_id) VALUES (1, 2); UPDATE follows SET created_at = now();
      UPDATE posts SET likes = 1; DELETE FROM posts; DELETE FROM follows`);
    expect(await owner("SELECT count(*) FROM interactions")).toBe("0");
  });
});

describe("S4-24: who is told of what", () => {
  it("the author, of a like and a repost by somebody else; once", async () => {
    await as(3, "INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like'), (3, 2, 'repost')");
    expect(await told()).toEqual(["1 like 1", "2 repost 2"]);
    await as(3, "INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like') ON CONFLICT DO NOTHING");
    await as(3, "DELETE FROM interactions");
    expect(await told()).toEqual([]);
  });

  it("the author, of a public reply; of the post that was replied to", async () => {
    await as(3, "INSERT INTO posts (id, author_id, content, reply_to_id) VALUES (30, 3, '', 2)");
    await as(3, "INSERT INTO posts (id, author_id, content, reply_to_id, visibility) VALUES (31, 3, '', 2, 'private')");
    expect(await told()).toEqual(["2 reply 2"]);
  });

  it("an author who hides the post meanwhile", async () => {
    await app.query("BEGIN");
    await app.query("SELECT set_config('app.current_user_id', '3', true)");
    await app.query("INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like')");
    const update = owner("UPDATE posts SET visibility = 'private' WHERE id = 1");
    await app.query("COMMIT");
    await update;
    expect(await told()).toEqual(["1 like 1"]);
  });

  it("nobody, of one's own likes and replies, a rollback, a post that moves, or what the owner copies", async () => {
    await as(1, "INSERT INTO interactions (user_id, post_id, type) VALUES (1, 1, 'like')");
    await as(1, "INSERT INTO posts (id, author_id, content, reply_to_id) VALUES (10, 1, '', 1)");
    await expect(
      as(3, "INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like'); SELECT 1 / 0"),
    ).rejects.toThrow("division by zero");
    await as(3, "INSERT INTO posts (id, author_id, content, reply_to_id) VALUES (30, 3, '', 2)");
    expect(await told()).toEqual(["2 reply 2"]);
    await as(3, "UPDATE posts SET created_at = '2025-01-01' WHERE id = 30");
    await owner(`INSERT INTO interactions (user_id, post_id, type) VALUES (4, 1, 'like');
      INSERT INTO posts (id, author_id, content, reply_to_id) VALUES (40, 4, '', 1)`);
    expect(await told()).toEqual([]);
  });

  it("leaves nothing behind, and cannot be written to by the application", async () => {
    await as(3, "INSERT INTO interactions (user_id, post_id, type) VALUES (3, 1, 'like')");
    expect(await owner("SELECT count(*) FROM ladder.notifications")).toBe("0");
    const forged = "INSERT INTO ladder.notifications (user_id, type, post_id) VALUES (1, 'like', 1)";
    for (const role of ["app", "readonly"] as const)
      await expect(circle().psql(forged, role)).rejects.toThrow("permission denied for schema ladder");
  });
});

import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asUser, circleForThisFile, emptied, makeUsers } from "./circle";

const circle = circleForThisFile();
const ANN = 1;
const BEN = 2;
let app: Client;

beforeAll(async () => {
  app = await circle().connect("app");
});
afterAll(() => app.end());

// Ann's 1 is public, her 2 is not; 3 is Ben's and not public, in the default partition; 4 belongs to nobody.
beforeEach(async () => {
  await emptied(circle());
  await makeUsers(circle(), 3);
  await circle().psql(
    `INSERT INTO posts (id, author_id, content, visibility, created_at) VALUES
       (1, 1, 'a', 'public', '2024-01-01'), (2, 1, 'b', 'private', '2025-01-01'),
       (3, 2, 'c', 'followers', '2035-01-01'), (4, NULL, 'd', NULL, '2026-01-01');
     SELECT setval('posts_id_seq', 100)`,
    "owner",
  );
});

/** What a statement of the application, as this user, gives: its rows, each as JSON. */
const as = (user: number | undefined, sql: string): Promise<string[]> =>
  asUser(app, user, async () => (await app.query(sql)).rows.map((row) => JSON.stringify(row)));

const idsSeenBy = async (user: number | undefined): Promise<number[]> =>
  asUser(app, user, async () => (await app.query("SELECT id::int FROM posts ORDER BY id")).rows.map(({ id }) => id));

describe("S4-68 S4-69: row-level security of posts", () => {
  it("is on, with the documented policy for SELECT; the application does not own the table", async () => {
    const policies = await circle().psql(
      "SELECT polname, polcmd, polroles = '{0}' FROM pg_policy WHERE polrelid = 'posts'::regclass ORDER BY 1",
    );
    expect(policies).toBe(
      "posts_delete_policy|d|t\nposts_insert_policy|a|t\nposts_update_policy|w|t\nposts_visibility_policy|r|t",
    );
    const flags = "SELECT relrowsecurity, relforcerowsecurity, relowner::regrole FROM pg_class WHERE relname = 'posts'";
    expect(await circle().psql(flags)).toBe("t|f|circle_owner");
  });

  it("shows public posts and one's own", async () => {
    expect(await idsSeenBy(ANN)).toEqual([1, 2]);
    expect(await idsSeenBy(BEN)).toEqual([1, 3]);
    expect(await circle().psql("SELECT count(*) FROM posts", "readonly")).toBe("1");
    expect(await circle().psql("SELECT count(*) FROM posts", "owner")).toBe("4");
  });

  it("shows public posts to nobody in particular: no setting yet, one that ended, an empty one", async () => {
    const fresh = await circle().connect("app");
    const seen = async () => (await fresh.query("SELECT id::int FROM posts")).rows;
    expect(await seen()).toEqual([{ id: 1 }]);
    await asUser(fresh, BEN, async () => expect(await seen()).toHaveLength(2));
    expect((await fresh.query("SELECT current_setting('app.current_user_id', true) AS left")).rows).toEqual([
      { left: "" },
    ]);
    expect(await seen()).toEqual([{ id: 1 }]);
    await fresh.end();
  });

  it("answers an identity that is no number with an error, not with rows", async () => {
    for (const junk of ["1 OR true", "one", "99999999999999999999"])
      await expect(
        circle().psql(`BEGIN; SELECT set_config('app.current_user_id', '${junk}', true); SELECT * FROM posts`),
      ).rejects.toThrow(/type bigint/);
  });

  it("lets users write posts of their own, and read them back in the same statement", async () => {
    const insert =
      "INSERT INTO posts (author_id, content, visibility) VALUES (1, 'new', 'private') RETURNING id, author_id";
    expect(await as(ANN, insert)).toEqual(['{"id":"101","author_id":"1"}']);
    expect(await as(ANN, "UPDATE posts SET visibility = 'private' WHERE id = 1 RETURNING id")).toEqual(['{"id":"1"}']);
    const upsert = "INSERT INTO posts (id, author_id, content, created_at) VALUES (1, 1, 'z', '2024-01-01')";
    const conflict = "ON CONFLICT (id, created_at) DO UPDATE SET content = excluded.content RETURNING content";
    expect(await as(ANN, `${upsert} ${conflict}`)).toEqual(['{"content":"z"}']);
    expect(await as(ANN, "UPDATE posts SET created_at = '2026-05-05' WHERE id = 2 RETURNING id")).toEqual([
      '{"id":"2"}',
    ]);
    expect(await as(ANN, "DELETE FROM posts RETURNING id")).toHaveLength(3);
  });

  it("refuses posts in another's name, or given away", async () => {
    const refused = /new row violates row-level security policy for table "posts/;
    for (const [user, author] of [
      [ANN, BEN],
      [undefined, ANN],
      [ANN, "NULL"],
    ] as const)
      await expect(as(user, `INSERT INTO posts (author_id, content) VALUES (${author}, '')`)).rejects.toThrow(refused);
    await expect(as(ANN, "UPDATE posts SET author_id = 2 WHERE id = 1")).rejects.toThrow(refused);
  });

  it("leaves the posts of others alone", async () => {
    for (const user of [BEN, undefined])
      for (const sql of ["UPDATE posts SET likes = 7 WHERE id IN (1, 2, 4)", "DELETE FROM posts WHERE id IN (1, 2, 4)"])
        expect(await as(user, `${sql} RETURNING id`)).toEqual([]);
    const taken = "INSERT INTO posts (id, author_id, content, created_at) VALUES (1, 2, 'mine', '2024-01-01')";
    const conflict = "ON CONFLICT (id, created_at) DO UPDATE SET content = excluded.content";
    await expect(as(BEN, `${taken} ${conflict}`)).rejects.toThrow("row-level security");
    expect(await circle().psql("SELECT sum(likes), count(*), max(content) FROM posts", "owner")).toBe("0|4|d");
  });
});

describe("C-36: a post that one does not see", () => {
  const outcome = (user: number, sql: string): Promise<unknown> =>
    as(user, sql).catch(({ message, detail, code, table, constraint, where }) => ({
      message,
      detail,
      code,
      table,
      constraint,
      where,
    }));

  it.each([
    (post: number) => `INSERT INTO interactions (user_id, post_id, type) VALUES (2, ${post}, 'like')`,
    (post: number) => `UPDATE interactions SET post_id = ${post}`,
    (post: number) => `INSERT INTO posts (author_id, content, reply_to_id) VALUES (2, 'reply', ${post})`,
    (post: number) => `UPDATE posts SET reply_to_id = ${post} WHERE id = 3`,
  ])("cannot be told from one that does not exist (%#)", async (statement) => {
    await as(BEN, "INSERT INTO interactions (user_id, post_id, type) VALUES (2, 1, 'repost')");
    const hidden = JSON.stringify(await outcome(BEN, statement(2)));
    const missing = JSON.stringify(await outcome(BEN, statement(999)));
    expect(hidden).toContain("violates foreign key constraint");
    expect(hidden.replaceAll("(2)", "(999)")).toBe(missing);
    expect(await as(BEN, statement(3))).toEqual([]);
  });

  it("keeps what happened while it was seen", async () => {
    await as(BEN, "INSERT INTO interactions (user_id, post_id, type) VALUES (2, 1, 'like')");
    await as(ANN, "UPDATE posts SET visibility = 'private'");
    expect(await as(BEN, "UPDATE interactions SET created_at = now() RETURNING post_id")).toEqual(['{"post_id":"1"}']);
    expect(await as(BEN, "DELETE FROM interactions RETURNING post_id")).toEqual(['{"post_id":"1"}']);
  });
});

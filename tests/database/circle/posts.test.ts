import { beforeEach, describe, expect, it } from "vitest";
import { circleForThisFile, emptied, makeUsers } from "./circle";

const circle = circleForThisFile();
const owner = (sql: string) => circle().psql(sql, "owner");
const THIS_YEAR = new Date().getUTCFullYear();

beforeEach(async () => {
  await emptied(circle());
  await makeUsers(circle(), 5);
});

/** Posts, their registry, and interactions by post: what has to agree. */
const everything = () =>
  owner(`SELECT 'posts ' || coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM posts;
    SELECT 'post_ids ' || coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM post_ids;
    SELECT 'interactions ' || coalesce(string_agg(post_id || ':' || user_id || ':' || type, ' ' ORDER BY post_id, user_id), '') FROM interactions`);

const partitionOf = (created: string) =>
  owner(`INSERT INTO posts (author_id, content, created_at) VALUES (1, '', ${created}) RETURNING tableoid::regclass`);

describe("partitions of posts", () => {
  it("S4-06: posts is partitioned by date, and posts_2024 holds the year 2024", async () => {
    expect(await owner("SELECT pg_get_partkeydef('posts'::regclass)")).toBe("RANGE (created_at)");
    expect(await owner("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'posts_2024'")).toBe(
      "FOR VALUES FROM ('2024-01-01 00:00:00') TO ('2025-01-01 00:00:00')",
    );
    expect(await partitionOf("'2024-01-01'")).toBe("posts_2024");
    expect(await partitionOf("'2024-12-31 23:59:59.999999'")).toBe("posts_2024");
    expect(await partitionOf("'2025-01-01'")).toBe("posts_2025");
  });

  it("S4-07: every later year has one, two years ahead; the rest goes to the default; the key contains created_at", async () => {
    expect(await partitionOf("now()")).toBe(`posts_${THIS_YEAR}`);
    expect(await partitionOf("now() + interval '2 years'")).toBe(`posts_${THIS_YEAR + 2}`);
    expect(await partitionOf("'2035-06-01'")).toBe("posts_default");
    expect(await partitionOf("'2023-12-31'")).toBe("posts_default");
    const years = Array.from({ length: THIS_YEAR + 3 - 2024 }, (_, index) => `posts_${2024 + index}`);
    const there = await owner(
      "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'posts'::regclass ORDER BY 1::text",
    );
    expect(there.split("\n").sort()).toEqual([...years, "posts_default"].sort());
    expect(await owner("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'posts_pkey'")).toBe(
      "PRIMARY KEY (id, created_at)",
    );
  });

  it("belong to the owner alone, with row security switched on, and every index, key and trigger of posts", async () => {
    const differing = await owner(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'posts'::regclass AND NOT (c.relrowsecurity
         AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner)
         AND (SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid) = 4
         AND (SELECT count(*) FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'f') = 2
         AND (SELECT count(*) FROM pg_trigger x WHERE x.tgrelid = c.oid AND NOT x.tgisinternal) = 4)`,
    );
    expect(differing).toBe("");
    for (const sql of [
      "SELECT * FROM posts_2024",
      "INSERT INTO posts_default (content) VALUES ('')",
      "DELETE FROM posts_2025",
    ])
      for (const role of ["app", "readonly"] as const)
        await expect(circle().psql(sql, role)).rejects.toThrow(/permission denied for table posts_/);
  });
});

describe("C-15: post_ids", () => {
  it("keeps an id unique over all partitions", async () => {
    await owner("INSERT INTO posts (id, content, created_at) VALUES (1, 'first', '2024-05-05')");
    const again = (id: number, created: string) =>
      owner(`INSERT INTO posts (id, content, created_at) VALUES (${id}, 'second', '${created}')`);
    await expect(again(1, "2025-05-05")).rejects.toThrow('violates unique constraint "post_ids_pkey"');
    await expect(again(1, "2024-05-05")).rejects.toThrow('violates unique constraint "posts_2024_pkey"');
    await expect(
      owner("INSERT INTO posts (id, content, created_at) VALUES (2, '', '2025-01-01'), (2, '', '2026-01-01')"),
    ).rejects.toThrow("post_ids_pkey");
    expect(await everything()).toBe("posts 1\npost_ids 1\ninteractions");
  });

  it("lets one of two transactions have an id", async () => {
    const [one, two] = await Promise.all([circle().connect("owner"), circle().connect("owner")]);
    await one.query("BEGIN; INSERT INTO posts (id, content, created_at) VALUES (1, 'one', '2024-05-05')");
    const second = two
      .query("INSERT INTO posts (id, content, created_at) VALUES (1, 'two', '2025-05-05')")
      .catch(String);
    await one.query("COMMIT");
    expect(await second).toContain("post_ids_pkey");
    await one.query("BEGIN; DELETE FROM posts");
    const third = two.query("INSERT INTO posts (id, content, created_at) VALUES (1, 'two', '2025-05-05')");
    await one.query("COMMIT");
    await third;
    expect(await owner("SELECT content FROM posts JOIN post_ids USING (id)")).toBe("two");
    await Promise.all([one.end(), two.end()]);
  });

  it("stays out of the way of ON CONFLICT", async () => {
    const insert = (content: string) =>
      `INSERT INTO posts (id, content, created_at) VALUES (1, '${content}', '2024-05-05')`;
    await owner(`${insert("a")}; ${insert("b")} ON CONFLICT DO NOTHING`);
    expect(await owner("SELECT content FROM posts")).toBe("a");
    const upsert = `${insert("c")} ON CONFLICT (id, created_at) DO UPDATE SET content = excluded.content RETURNING content`;
    expect(await owner(upsert)).toBe("c");
    expect(await everything()).toBe("posts 1\npost_ids 1\ninteractions");
  });

  it("follows COPY, replies before what they reply to included", async () => {
    const rows = ["2\treply\t1\t2026-01-01", "1\tpost\t\\N\t2024-01-01", "\\."].join("\n");
    await owner(`COPY posts (id, content, reply_to_id, created_at) FROM stdin;\n${rows}\n`);
    expect(await everything()).toBe("posts 1 2\npost_ids 1 2\ninteractions");
  });

  it("refuses another id for a post that is there", async () => {
    await owner("INSERT INTO posts (id, content) VALUES (1, '')");
    await expect(owner("UPDATE posts SET id = 7")).rejects.toThrow("the id of post 1 cannot become 7");
  });

  it("forgets everything with TRUNCATE", async () => {
    await owner(
      "INSERT INTO posts (id, content) VALUES (1, ''); INSERT INTO interactions (user_id, post_id, type) VALUES (1, 1, 'like')",
    );
    await owner("TRUNCATE posts");
    expect(await everything()).toBe("posts \npost_ids \ninteractions");
  });

  it("is out of reach of everybody but the owner", async () => {
    await owner("INSERT INTO posts (id, content) VALUES (1, '')");
    expect(await circle().psql("SELECT count(*) FROM post_ids; DELETE FROM post_ids; UPDATE post_ids SET id = 2")).toBe(
      "0",
    );
    await expect(circle().psql("INSERT INTO post_ids VALUES (2)")).rejects.toThrow("row-level security");
    expect(await everything()).toBe("posts 1\npost_ids 1\ninteractions");
  });
});

describe("what goes with what", () => {
  /** 1 ← 2 ← 3, and 4 for itself, in four partitions, each liked by two users. */
  const conversation = () =>
    owner(`INSERT INTO posts (id, author_id, content, reply_to_id, created_at) VALUES
        (1, 1, '', NULL, '2024-01-01'), (2, 2, '', 1, '2025-01-01'), (3, 3, '', 2, '2026-01-01'), (4, 4, '', NULL, '2035-01-01');
      INSERT INTO interactions (user_id, post_id, type) SELECT u, p, 'like' FROM generate_series(4, 5) u, generate_series(1, 4) p`);

  it("S4-05 S4-08: a deleted post takes its replies, theirs, and all interactions with them", async () => {
    await conversation();
    await owner("DELETE FROM posts WHERE id = 2");
    expect(await everything()).toBe("posts 1 4\npost_ids 1 4\ninteractions 1:4:like 1:5:like 4:4:like 4:5:like");
    await owner("DELETE FROM posts");
    expect(await everything()).toBe("posts \npost_ids \ninteractions");
  });

  it("S4-03 S4-09: a deleted user takes posts, interactions and follows along", async () => {
    await conversation();
    await owner("INSERT INTO follows (follower_id, following_id) VALUES (1, 2), (2, 1), (3, 4)");
    await owner("DELETE FROM users WHERE id IN (2, 5)");
    expect(await everything()).toBe("posts 1 4\npost_ids 1 4\ninteractions 1:4:like 4:4:like");
    expect(await owner("SELECT follower_id, following_id FROM follows")).toBe("3|4");
  });

  it("a conversation of 20,000 replies to replies goes at once", async () => {
    await owner(`INSERT INTO posts (id, author_id, content, reply_to_id, created_at)
      SELECT n, 1 + n % 5, '', nullif(n - 1, 0), '2024-01-01'::timestamp + n * interval '1 hour' FROM generate_series(1, 20000) n`);
    expect(await owner("DELETE FROM posts WHERE id = 1; SELECT count(*) FROM posts")).toBe("0");
    expect(await owner("SELECT count(*) FROM post_ids")).toBe("0");
  });

  it("C-15: a row that changes its partition keeps replies and interactions, by UPDATE", async () => {
    await conversation();
    const before = await everything();
    expect(await owner("UPDATE posts SET created_at = '2026-03-03' WHERE id = 1 RETURNING tableoid::regclass")).toBe(
      "posts_2026",
    );
    expect(await owner("UPDATE posts SET created_at = created_at + interval '1 year' RETURNING 1")).toBe("1\n1\n1\n1");
    expect(await everything()).toBe(before);
  });

  it("C-15: a row that changes its partition keeps replies and interactions, by maintenance", async () => {
    await conversation();
    await owner("UPDATE posts SET created_at = '2041-01-01' WHERE id = 2");
    const before = await everything();
    expect(await owner("SELECT count(*) FROM posts_default")).toBe("2");
    const moved = "SELECT partition_name, moved FROM ladder.maintain_partitions() WHERE moved > 0";
    expect(await owner(moved)).toBe("public.posts_2035|1\npublic.posts_2041|1");
    expect(await owner("SELECT count(*) FROM posts_default")).toBe("0");
    expect(await everything()).toBe(before);
    await owner("DELETE FROM posts WHERE id = 1");
    expect(await everything()).toBe("posts 4\npost_ids 4\ninteractions 4:4:like 4:5:like");
    await expect(circle().psql("SELECT * FROM posts_2041")).rejects.toThrow("permission denied for table posts_2041");
  });
});

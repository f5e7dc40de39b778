import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { must } from "../../servers/run";
import { circleForThisFile, makeUsers } from "./circle";

const circle = circleForThisFile();

beforeAll(async () => {
  await makeUsers(circle(), 9);
  // Replies that come before what they reply to, hidden posts, rows in the default partition.
  await circle().psql(
    `INSERT INTO posts (id, author_id, content, visibility, reply_to_id, created_at)
     SELECT n, 1 + n % 9, 'post ' || n, CASE WHEN n % 2 = 0 THEN 'private' ELSE 'public' END,
       CASE WHEN n % 3 = 0 THEN 301 - n END, '2023-06-01'::timestamp + n * interval '10 days' FROM generate_series(1, 300) AS n;
     INSERT INTO interactions (user_id, post_id, type) SELECT u, p, 'like' FROM generate_series(1, 9) u, generate_series(1, 300) p`,
    "owner",
  );
});

/** pg_dump as the owner, who sees every row. */
const dump = async (database: string, ...options: string[]): Promise<string> => {
  const { server, user, password } = circle();
  const env = { ...server.env, PGUSER: user("owner"), PGPASSWORD: password("owner") };
  return must([join(server.bin, "pg_dump"), ...options, database], { env });
};

/** Without a key that is another one each time, and casts that PostgreSQL writes in two ways, before a restore and after it. */
const comparable = (text: string): string =>
  text
    .replace(/^\\(un)?restrict .*$/gm, "")
    .replace(/^.* interactions_type_check .*$/m, (line) => line.replace(/::(character varying|text)(\[\])?|[()]/g, ""));

describe("a dump of circle", () => {
  it("by the owner holds every row, and gives the same database again: tables, partitions, triggers, policies, feed", async () => {
    const { server, user } = circle();
    await server.psql(`CREATE DATABASE restored OWNER ${user("owner")} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`);
    await server.psql(await dump("circle"), "restored");
    const [restored, original] = await Promise.all(["restored", "circle"].map((name) => dump(name, "--schema-only")));
    expect(comparable(restored ?? "")).toBe(comparable(original ?? "-"));
    const rows = ["users", "posts", "post_ids", "interactions"].map(
      (table) => `SELECT '${table}', count(*), sum(hashtextextended(t::text, 0)) FROM ${table} AS t`,
    );
    const contents = await server.psql(rows.join(" UNION ALL "), "restored");
    expect(contents).toBe(await server.psql(rows.join(" UNION ALL "), "circle"));
    expect(contents).toMatch(/^users\|9\|.*\nposts\|300\|.*\npost_ids\|300\|.*\ninteractions\|2700\|/);
    await server.psql("DELETE FROM posts WHERE id = 1", "restored");
    expect(await server.psql("SELECT count(*) FROM interactions WHERE post_id IN (1, 300)", "restored")).toBe("0");
  });
});

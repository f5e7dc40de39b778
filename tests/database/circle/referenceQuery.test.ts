import { beforeAll, describe, expect, it } from "vitest";
import { asUser, circleForThisFile, makeUsers } from "./circle";

const POSTS = 60_000;
const circle = circleForThisFile();

// As documented.
const NEWEST = `SELECT p.*, u.pseudonym
FROM posts p
JOIN users u ON p.author_id = u.id
WHERE p.visibility = 'public'
ORDER BY p.created_at DESC
LIMIT 20`;

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

beforeAll(async () => {
  await makeUsers(circle(), 1_000);
  // Three years of posts, one in three of them hidden; some years ahead, in the default partition.
  await circle().psql(
    `INSERT INTO posts (author_id, content, visibility, created_at)
     SELECT 1 + n % 1000, repeat('x', 200), CASE WHEN n % 3 = 0 THEN 'private' ELSE 'public' END,
       '2024-01-01'::timestamp + n * interval '26 minutes' FROM generate_series(1, ${POSTS}) AS n;
     INSERT INTO posts (author_id, content, created_at) SELECT n, 'later', '2040-01-01'::timestamp + n * interval '1 day' FROM generate_series(1, 5) n;
     ANALYZE users, posts, posts_default`,
    "owner",
  );
});

describe("S4-32: the 20 newest public posts", () => {
  it.each([
    ["the owner", "owner", undefined],
    ["a user", "app", 7],
    ["nobody in particular", "app", undefined],
  ] as const)(
    "are read by index, newest first, without reading the rest of the table: as %s",
    async (_who, role, user) => {
      const client = await circle().connect(role);
      const { rows, plan } = await asUser(client, user, async () => {
        const { rows } = await client.query<{ id: string; created_at: Date; pseudonym: string }>(NEWEST);
        const explained = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${NEWEST}`);
        const plan: Plan = explained.rows[0]["QUERY PLAN"][0].Plan;
        return { rows, plan };
      });
      await client.end();
      expect(rows.map(({ pseudonym }) => pseudonym).slice(0, 6)).toEqual([
        "user5",
        "user4",
        "user3",
        "user2",
        "user1",
        "user1000".replace("1000", String(1 + ((POSTS - 1) % 1000))),
      ]);
      expect(rows).toHaveLength(20);
      expect(
        rows.every(({ created_at }, index) => index === 0 || created_at <= (rows[index - 1]?.created_at ?? 0)),
      ).toBe(true);
      const nodes = nodesOf(plan);
      expect(nodes.map((node) => node["Node Type"])).not.toContain("Sort");
      expect(
        nodes.filter((node) => node["Relation Name"]?.startsWith("posts")).map((node) => node["Node Type"]),
      ).toEqual(nodes.filter((node) => node["Relation Name"]?.startsWith("posts")).map(() => "Index Scan"));
      // 20 posts, their authors, and one look into each partition, out of some 2,500 blocks.
      expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(200);
    },
  );
});

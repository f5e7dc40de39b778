import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Redis, startRedis } from "../../servers/redis";
import { asUser, circleForThisFile, emptied, makeUsers } from "../circle/circle";
import { type Bridge, eventually, type Line, listen, startBridge, startLine } from "./bridge";

const SLOT = "circle_notifications";
const circle = circleForThisFile({ wal_level: "logical" });
let redis: Redis;
let line: Line;
let ear: Awaited<ReturnType<typeof listen>>;
let bridges: Bridge[] = [];

beforeAll(async () => {
  redis = await startRedis();
  line = await startLine(redis);
  ear = await listen(redis);
});
afterAll(async () => {
  await ear.end();
  await line.cut();
  await redis.stop();
});

beforeEach(async () => {
  await emptied(circle());
  await makeUsers(circle(), 60);
  await circle().psql(
    "INSERT INTO posts (id, author_id, content) SELECT n, n, '' FROM generate_series(1, 50) n",
    "owner",
  );
});
afterEach(async () => {
  for (const bridge of bridges) await bridge.end("SIGKILL");
  bridges = [];
  const drop = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${SLOT}'`;
  await eventually(
    () =>
      circle()
        .psql(drop, "superuser")
        .then(
          () => true,
          () => false,
        ),
    () => "the slot to be free",
  );
  ear.heard.length = 0;
});

/** Starts a bridge and waits until it follows. */
async function bridge(env: NodeJS.ProcessEnv = {}): Promise<Bridge> {
  const started = startBridge(circle().server, circle(), line.port, env);
  bridges.push(started);
  await started.said("following circle_changes");
  return started;
}

/** Each user likes each post in a transaction of its own, through this many connections; gives what has to be heard. */
async function like(users: readonly number[], posts: readonly number[], connections = 1): Promise<string[]> {
  const jobs = users.flatMap((user) => posts.map((post) => [user, post] as const));
  const expected = jobs.map(([, post]) => message(post, "like", post));
  const worker = async () => {
    const client = await circle().connect("app");
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const [user, post] = job;
      const insert = "INSERT INTO interactions (user_id, post_id, type) VALUES ($1, $2, 'like')";
      await asUser(client, user, () => client.query(insert, [user, post]));
    }
    await client.end();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return expected;
}

const message = (userId: number, type: string, postId: number) => JSON.stringify({ userId, type, postId });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const heardAll = (expected: readonly string[]) =>
  eventually(
    () => ear.heard.length >= expected.length && missing(expected).length === 0,
    () => `${missing(expected).length} of ${expected.length} messages; heard ${ear.heard.length}`,
  );

/** What was not heard as often as expected. */
function missing(expected: readonly string[]): string[] {
  const heard = new Map<string, number>();
  for (const text of ear.heard) heard.set(text, (heard.get(text) ?? 0) + 1);
  return expected.filter((text) => {
    const left = heard.get(text) ?? 0;
    heard.set(text, left - 1);
    return left <= 0;
  });
}

describe("S0-24 S4-24: the bridge from PostgreSQL to the channel notifications", () => {
  it("tells the author of a like, once, with the documented payload; nothing of a rollback", async () => {
    await bridge();
    const app = await circle().connect("app");
    const insert = "INSERT INTO interactions (user_id, post_id, type) VALUES (60, 7, 'like')";
    await expect(asUser(app, 60, () => app.query(`${insert}; SELECT 1 / 0`))).rejects.toThrow("division by zero");
    await asUser(app, 60, () => app.query(insert));
    await asUser(app, 60, () =>
      app.query("INSERT INTO posts (id, author_id, content, reply_to_id) VALUES (100, 60, '', 8)"),
    );
    await app.end();
    await heardAll([message(7, "like", 7), message(8, "reply", 8)]);
    await sleep(500);
    expect(ear.heard).toEqual(['{"userId":7,"type":"like","postId":7}', '{"userId":8,"type":"reply","postId":8}']);
  });

  it("loses nothing when it is killed, again and again, while users like", async () => {
    let current = await bridge();
    const [users, posts] = [range(51, 60), range(1, 50)];
    let busy = true;
    const likes = like(users, posts, 4).finally(() => {
      busy = false;
    });
    let kills = 0;
    while (busy || kills < 3) {
      await sleep(200);
      await current.end("SIGKILL");
      kills += 1;
      current = await bridge();
    }
    const expected = await likes;
    await heardAll(expected);
    expect(expected).toHaveLength(500);
    expect(new Set(ear.heard)).toEqual(new Set(expected));
  });

  it("loses nothing while Redis is away, though it is killed meanwhile, and when another Redis takes the address", async () => {
    const killed = await bridge();
    const first = await like([51], range(1, 10));
    await heardAll(first);
    await confirmed();
    await line.cut();
    const second = await like([52], range(1, 50));
    await killed.said("Redis: ");
    // Longer than the bridge takes to tell PostgreSQL how far it is.
    await sleep(11_000);
    await killed.end("SIGKILL");
    await bridge();
    expect(ear.heard).toEqual(first);
    const other = await startRedis();
    const otherEar = await listen(other);
    await line.mend(other);
    await eventually(
      () => otherEar.heard.length >= 50,
      () => `50 messages; ${otherEar.heard.length} heard`,
    );
    expect(otherEar.heard).toEqual(second);
    await line.cut();
    await line.mend(redis);
    const third = await like([53], range(1, 10));
    await heardAll([...first, ...third]);
    await otherEar.end();
    await other.stop();
  });

  it("comes back when PostgreSQL ends the connection", async () => {
    const running = await bridge();
    for (const user of [51, 52, 53]) {
      const kill = "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE active";
      const likes = like([user], range(1, 50));
      await circle().psql(kill, "superuser");
      await likes;
    }
    await heardAll([51, 52, 53].flatMap(() => range(1, 50).map((post) => message(post, "like", post))));
    expect(running.log()).toContain("trying again");
  });

  it("waits while another one has the slot, and takes over when that one dies; what was told is not told again", async () => {
    const first = await bridge();
    const second = startBridge(circle().server, circle(), line.port);
    bridges.push(second);
    await second.said("is active for PID");
    await heardAll(await like([51], range(1, 50)));
    await confirmed();
    await first.end("SIGKILL");
    await second.said("following circle_changes");
    await heardAll(
      range(1, 50)
        .flatMap((post) => [message(post, "like", post)])
        .concat(await like([52], range(1, 50))),
    );
    await sleep(500);
    expect(ear.heard).toHaveLength(100);
  });

  it("lets PostgreSQL drop its log when there is nothing to tell, and says goodbye on SIGTERM", async () => {
    const running = await bridge();
    const lag = () => circle().psql(LAG, "superuser");
    await circle().psql("CREATE TABLE noise AS SELECT repeat('x', 100) FROM generate_series(1, 100000)", "owner");
    await confirmed();
    expect(Number(await lag())).toBeLessThan(1_000_000);
    // Records begin at multiples of 8. One byte more would skip a commit that comes right behind.
    const beyond = "SELECT (confirmed_flush_lsn - '0/0') % 8 FROM pg_replication_slots WHERE active";
    expect(await circle().psql(beyond, "superuser")).toBe("0");
    await heardAll(await like([51], [1]));
    expect(await running.end("SIGTERM")).toBe(0);
    expect(running.log()).toMatch(/stopped\n$/);
    await circle().psql("DROP TABLE noise", "owner");
  });

  it("names what is missing, and writes no password", async () => {
    const refused = startBridge(circle().server, circle(), line.port, { CACHE_REDIS_HOST: "" });
    expect(await refused.end("SIGCONT")).toBe(1);
    expect(refused.log()).toBe("CACHE_REDIS_HOST is not set: the host of the Redis to publish to\n");
    const wrong = startBridge(circle().server, circle(), line.port, { PGPASSWORD: "not the password" });
    await wrong.said("trying again");
    expect(await wrong.end("SIGTERM")).toBe(0);
    expect(wrong.log()).toContain('password authentication failed for user "circle_replication"');
    expect(wrong.log()).not.toContain("not the password");
  });
});

const LAG = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) FROM pg_replication_slots WHERE slot_name = '${SLOT}'`;

/** Waits until PostgreSQL knows that all up to now was published. */
async function confirmed(): Promise<void> {
  const now = await circle().psql("SELECT pg_current_wal_lsn()", "superuser");
  const reached = `SELECT confirmed_flush_lsn >= '${now}' FROM pg_replication_slots WHERE slot_name = '${SLOT}'`;
  await eventually(
    async () => (await circle().psql(reached, "superuser")) === "t",
    () => `the slot to reach ${now}`,
  );
}

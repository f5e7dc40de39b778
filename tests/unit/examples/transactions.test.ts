import type { Pgoutput } from "pg-logical-replication";
import { describe, expect, it } from "vitest";
import { type Notification, Transactions } from "../../../examples/notifications/transactions";

const relation = (schema: string, name: string): Pgoutput.MessageRelation => ({
  tag: "relation",
  relationOid: 1,
  schema,
  name,
  replicaIdentity: "default",
  columns: [],
  keyColumns: [],
});
const begin: Pgoutput.Message = { tag: "begin", commitLsn: null, commitTime: BigInt(0), xid: 1 };
const commit = (commitEndLsn: string): Pgoutput.Message => ({
  tag: "commit",
  flags: 0,
  commitLsn: null,
  commitEndLsn,
  commitTime: BigInt(0),
});
// Numbers of 64 bits arrive as text.
const insert = (post: string, table = relation("ladder", "notifications")): Pgoutput.Message => ({
  tag: "insert",
  relation: table,
  new: { id: "1", user_id: "7", type: "like", post_id: post },
});
const told = (postId: number): Notification => ({ userId: 7, type: "like", postId });

/** Transactions from 0/10 on, what they published, and what lets the next one be published. */
function transactions(wait: () => Promise<void> = async () => undefined) {
  const published: Notification[] = [];
  const all = new Transactions(async (notification) => {
    await wait();
    published.push(notification);
  }, "0/10");
  const take = (message: Pgoutput.Message) => {
    all.received();
    return all.handle(message);
  };
  return { all, take, published };
}

describe("transactions of the change feed", () => {
  it("are published in order at their commit, and not before", async () => {
    const { all, take, published } = transactions();
    for (const message of [begin, insert("1"), insert("2")]) expect(await take(message)).toBe(false);
    expect([published, all.position, all.idle]).toEqual([[], "0/10", false]);
    expect(await take(commit("0/80"))).toBe(true);
    expect([published, all.position, all.idle]).toEqual([[told(1), told(2)], "0/80", true]);
  });

  it("tell of nothing but the outbox, and count all the same", async () => {
    const { all, take, published } = transactions();
    const elsewhere = [relation("public", "notifications"), relation("ladder", "interactions")];
    for (const message of [begin, ...elsewhere.map((table) => insert("1", table))]) await take(message);
    expect(await take(commit("0/80"))).toBe(false);
    expect([published, all.position]).toEqual([[], "0/80"]);
  });

  it("do not count until all of theirs is published", async () => {
    let release: () => void = () => undefined;
    const { all, take } = transactions(() => new Promise((done) => (release = done)));
    await take(begin);
    await take(insert("1"));
    const committed = take(commit("0/80"));
    expect([all.position, all.heartbeat("0/90"), all.position]).toEqual(["0/10", false, "0/10"]);
    release();
    await committed;
    expect(all.position).toBe("0/80");
  });

  it("move on with the server's heartbeat only when nothing waits, and never back", async () => {
    const { all, take } = transactions();
    expect([all.heartbeat("0/20"), all.position]).toEqual([true, "0/20"]);
    all.received();
    expect([all.heartbeat("0/30"), all.position]).toEqual([false, "0/20"]);
    await all.handle(begin);
    expect([all.heartbeat("0/30"), all.position]).toEqual([false, "0/20"]);
    await take(commit("0/40"));
    expect([all.heartbeat("0/40"), all.heartbeat("0/20"), all.position]).toEqual([false, false, "0/40"]);
    expect([all.heartbeat("1/0"), all.position]).toEqual([true, "1/0"]);
  });
});

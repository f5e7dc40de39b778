import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redisConfiguration, replicationFile, userList } from "../../../components/cache/kubernetes/redisConfiguration";
import { leastStorageGiB, maxmemoryMiB, REDIS_SIZES } from "../../../components/cache/kubernetes/redisEngines";

const PASSWORDS = { app: "app-password", replica: "replica-password", metrics: "metrics-password" };

const settings = (more: Partial<Parameters<typeof redisConfiguration>[0]> = {}) => {
  const text = redisConfiguration({
    memoryMiB: 1024,
    maxmemoryPolicy: "allkeys-lru",
    tls: false,
    port: 6379,
    ...more,
  });
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
};

describe("redis.conf", () => {
  it("bounds the memory below that of the container, and says what goes first", () => {
    expect(settings()).toEqual(expect.arrayContaining(["maxmemory 614mb", "maxmemory-policy allkeys-lru"]));
  });

  it("S1-84: writes a dump every day, even when nothing was written, and a log beside it", () => {
    expect(settings()).toEqual(expect.arrayContaining(["save 86400 0", "appendonly yes", "appendfsync everysec"]));
  });

  it("S1-72: takes 10,000 connections", () => {
    expect(settings()).toContain("maxclients 10000");
  });

  it("listens without encryption or with it, never with both", () => {
    expect(settings().filter((line) => line.includes("port"))).toEqual(["port 6379"]);
    const encrypted = settings({ tls: true });
    expect(encrypted).toEqual(expect.arrayContaining(["port 0", "tls-port 6379", "tls-replication yes"]));
    expect(encrypted).not.toContain("port 6379");
  });

  it("takes users and their passwords from files of the Secret", () => {
    expect(settings()).toEqual(
      expect.arrayContaining(["aclfile /etc/redis-users/users.acl", "include /etc/redis-users/replication.conf"]),
    );
  });
});

describe("the users", () => {
  it("are known by the hash of their password", () => {
    const text = userList(PASSWORDS);
    for (const [user, password] of Object.entries(PASSWORDS)) {
      expect(text).not.toContain(password);
      expect(text).toContain(`user ${user} #${createHash("sha256").update(password).digest("hex")} on `);
    }
    expect(replicationFile(PASSWORDS)).toBe("masteruser replica\nmasterauth replica-password\n");
  });
});

describe("the size", () => {
  it("of every kind leaves memory for what a save copies, and has room for six copies of the keys on the disk", () => {
    for (const { memoryMiB } of Object.values(REDIS_SIZES)) {
      expect(maxmemoryMiB(memoryMiB)).toBeLessThan(0.65 * memoryMiB);
      expect(1024 * leastStorageGiB(memoryMiB)).toBeGreaterThanOrEqual(6 * maxmemoryMiB(memoryMiB));
    }
  });

  it("never needs less disk for more memory", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_536 }), fc.nat(65_536), (memory, more) => {
        expect(leastStorageGiB(memory + more)).toBeGreaterThanOrEqual(leastStorageGiB(memory));
      }),
    );
  });
});

import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { contentChecksums, contentDifferences } from "../../../local/sqlite/checksum";
import { freePort } from "../../servers/process";
import { type S3Server, startS3 } from "../../servers/s3";
import { onDatabase } from "../../support/sqlite";
import { temporaryFolder } from "../../support/temporary";
import { DATABASE, type Pod, podAt, storeAt } from "./pod";

/** Litestream itself, with the pod's own configuration and scripts, against a real S3 server. */

let server: S3Server;
let buckets = 0;

beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.stop());

const keysOf = ({ accessKey, secretKey }: Pick<S3Server, "accessKey" | "secretKey">) => ({
  AWS_ACCESS_KEY_ID: accessKey,
  AWS_SECRET_ACCESS_KEY: secretKey,
  AWS_EC2_METADATA_DISABLED: "true",
});

interface Made {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly secretKey?: string;
}

/** A pod with an empty volume, and a bucket of its own unless one is named. */
async function pod({ endpoint = server.endpoint, bucket, ...keys }: Made = {}): Promise<Pod & { bucket: string }> {
  const place = bucket ?? `team-${++buckets}`;
  if (bucket === undefined) await server.createBucket(place);
  const store = storeAt(server, endpoint, place);
  return { ...(await podAt(temporaryFolder(), store, keysOf({ ...server, ...keys }))), bucket: place };
}

/** What a running pod of a new stack has: Litestream, and the schema. */
async function started(made: Pod) {
  expect(await made.restore()).toMatchObject({ code: 0 });
  const replica = await made.replicate();
  onTestFinished(() => replica.stop());
  expect(await made.migrate()).toMatchObject({ code: 0 });
  // It takes a second to see a database; from then on, its end sends what is left.
  await expect.poll(() => metricsOf(made), { timeout: 120_000 }).toMatch(/^litestream_sync_count\{.*\} [1-9]/m);
  return replica;
}

const metricsOf = async ({ metrics }: Pod): Promise<string> => (await fetch(metrics)).text();

const write = (database: Database, from: number, rows: number) =>
  database.transaction(() => {
    const insert = database.prepare(
      "INSERT INTO ceo_agents (id, name, creator_wallet) VALUES (?, ?, hex(randomblob(20)))",
    );
    for (let id = from; id < from + rows; id += 1) insert.run(id, `agent ${id}`);
  })();

const contentOf = (file: string) => onDatabase(file, (database) => contentChecksums(database));

const lose = ({ volume }: Pod): void => {
  for (const file of readdirSync(volume)) rmSync(join(volume, file), { recursive: true });
};

describe("the database of a pod", () => {
  it("begins empty where the bucket holds nothing, and gets its schema", async () => {
    const made = await pod();
    const { code, stdout } = await made.restore();
    expect([code, stdout]).toEqual([0, expect.stringContaining("the bucket holds no replica")]);
    expect(readdirSync(made.volume)).toEqual([]);
    expect(await made.migrate()).toMatchObject({
      code: 0,
      stdout: `${DATABASE} has schema version 1; 1 applied now\n`,
    });
  });

  it("S0-29: comes back with every row when its volume is lost, each time", async () => {
    const made = await pod();
    for (const round of [0, 1, 2]) {
      const replica = await started(made);
      onDatabase(made.database, (database) => {
        for (let batch = 0; batch < 5; batch += 1) write(database, 1_000 * round + 100 * batch, 100);
        expect(database.prepare("SELECT count(*) FROM ceo_agents").pluck().get()).toBe(500 * (round + 1));
      });
      // The pod ends: Litestream, told last, sends what is left.
      await replica.stop();
      const before = contentOf(made.database);
      lose(made);
      expect(await made.restore()).toMatchObject({ code: 0 });
      expect(contentDifferences(before, contentOf(made.database))).toEqual([]);
      expect(statSync(made.database).mode & 0o777).toBe(0o600);
    }
    expect(await made.migrate()).toMatchObject({
      code: 0,
      stdout: `${DATABASE} has schema version 1; 0 applied now\n`,
    });
    expect(await server.list(made.bucket)).toContainEqual(
      expect.stringMatching(new RegExp(`^team/litestream/${DATABASE}/`)),
    );
  });

  it("comes back as it was some seconds before its machine was lost", async () => {
    const made = await pod();
    const replica = await started(made);
    onDatabase(made.database, (database) => write(database, 0, 200));
    await sleep(4_000);
    const before = contentOf(made.database);
    process.kill(replica.pid, "SIGKILL");
    lose(made);
    expect(await made.restore()).toMatchObject({ code: 0 });
    expect(contentDifferences(before, contentOf(made.database))).toEqual([]);
  });

  it("is not sent anew as a whole when the pod is started again", async () => {
    const made = await pod();
    const sizes = async () => {
      const keys = await server.list(made.bucket);
      return new Map(keys.map((key) => [key, statSync(join(server.folder, made.bucket, key)).size]));
    };
    const first = await started(made);
    onDatabase(made.database, (database) => write(database, 0, 20_000));
    await first.stop();
    const before = await sizes();
    const second = await started(made);
    onDatabase(made.database, (database) => write(database, 20_000, 10));
    await sleep(2_500);
    await second.stop();
    const later = [...(await sizes())].filter(([key]) => key.includes("/0000/") && !before.has(key));
    expect(later.length).toBeGreaterThan(0);
    for (const [, size] of later) expect(size).toBeLessThan(50_000);
  });

  it("tells Prometheus of each synchronisation, and of errors", async () => {
    const made = await pod();
    await started(made);
    expect(await metricsOf(made)).toMatch(/^litestream_sync_error_count\{.*\} 0$/m);
  });
});

describe("a start where the replica cannot be had", () => {
  const REFUSED = /its replica could not be restored; the application is not started on an empty database\n$/;

  it.each([
    ["the server does not answer", async () => pod({ endpoint: `http://127.0.0.1:${await freePort()}` })],
    ["the bucket is gone", async () => pod({ bucket: "nobodys-bucket" })],
    ["the keys are wrong", async () => pod({ secretKey: "another-secret" })],
  ] as const)("ends with one clear line where %s", async (_what, making) => {
    const made = await making();
    const { code, stderr } = await made.restore();
    expect([code, stderr]).toEqual([1, expect.stringMatching(REFUSED)]);
    expect(readdirSync(made.volume)).toEqual([]);
  });

  it("ends where the replica is damaged, and leaves nothing that the next start takes for whole", async () => {
    const made = await pod();
    const replica = await started(made);
    onDatabase(made.database, (database) => write(database, 0, 100));
    await replica.stop();
    lose(made);
    for (const key of await server.list(made.bucket)) truncateSync(join(server.folder, made.bucket, key), 100);
    for (const _start of [1, 2]) {
      const { code, stderr } = await made.restore();
      expect([code, stderr]).toEqual([1, expect.stringMatching(REFUSED)]);
      expect(existsSync(made.database)).toBe(false);
    }
  });

  it("leaves a database that is there alone, and asks nobody for it", async () => {
    const made = await pod({ endpoint: `http://127.0.0.1:${await freePort()}` });
    await made.migrate();
    expect(await made.restore()).toMatchObject({ code: 0, stdout: `${made.database} is there\n` });
  });

  it("ends where a write-ahead log stands without its database", async () => {
    const made = await pod();
    writeFileSync(`${made.database}-wal`, "rows");
    expect(await made.restore()).toMatchObject({ code: 1, stderr: expect.stringContaining("without its database") });
    expect(readdirSync(made.volume)).toEqual([`${DATABASE}.db-wal`]);
  });

  it("begins a restore anew that ended half-way", async () => {
    const made = await pod();
    const replica = await started(made);
    await replica.stop();
    const before = contentOf(made.database);
    lose(made);
    for (const rest of ["", ".tmp", "-wal"]) writeFileSync(`${made.database}.restored${rest}`, "half");
    expect(await made.restore()).toMatchObject({ code: 0 });
    expect(contentDifferences(before, contentOf(made.database))).toEqual([]);
    expect(readdirSync(made.volume)).toEqual([`${DATABASE}.db`]);
  });
});

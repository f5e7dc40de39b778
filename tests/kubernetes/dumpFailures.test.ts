import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, drill, dump, type Otherwise, type Servers, startServers, stopServers } from "./backupPods";

/** What goes wrong around dumps and drills ends in one line for each container, not in half an object. */

const NOWHERE = "127.0.0.1";
const CLOSED_PORT = "1";

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
  await servers.postgres.psql("CREATE DATABASE circle");
  // Not to be packed: some MB of dump, so an upload is in parts and a volume fills up.
  await servers.postgres.psql(
    "CREATE TABLE large AS SELECT i, string_agg(md5(random()::text), '') AS text FROM generate_series(1, 12000) AS i, generate_series(1, 60) GROUP BY i",
    "circle",
  );
});
afterAll(() => stopServers(servers));
afterEach(async () => {
  for (const key of await servers.s3.list(BUCKET)) await servers.s3.delete(BUCKET, key);
});

const ONE_LINE = /^[^\n]+\n$/;

/** Secrets of the servers are in nothing that is said. */
function expectNoSecret(said: string): void {
  for (const secret of [servers.postgres.password, servers.s3.secretKey]) expect(said).not.toContain(secret);
}

describe("a dump that fails", () => {
  it.each<[string, Otherwise, string]>([
    ["a wrong password", { env: { PGPASSWORD: "wrong" } }, 'password authentication failed for user "postgres"'],
    ["a server that cannot be reached", { env: { PGHOST: NOWHERE, PGPORT: CLOSED_PORT } }, "Connection refused"],
    ["a database that is not there", { env: { PGDATABASE: "nobody" } }, 'database "nobody" does not exist'],
  ])("says why in one line: %s", async (_what, otherwise, reason) => {
    const { dumped, uploaded } = await dump(servers, "circle", "daily", otherwise);
    expect(dumped.stderr).toContain(reason);
    expect(dumped.stderr).toMatch(/^dump of \w+ failed: [^\n]*; nothing is uploaded\n$/);
    expect(uploaded.stderr).toBe("upload of circle failed: there is no dump to upload\n");
    expect([dumped.code, uploaded.code]).toEqual([1, 1]);
    expectNoSecret(JSON.stringify([dumped, uploaded]));
    expect(await servers.s3.list(BUCKET)).toEqual([]);
  });

  it.each<[string, Otherwise, string]>([
    ["a bucket that is not there", { bucket: "nobody" }, "NoSuchBucket"],
    ["wrong keys", { env: { AWS_SECRET_ACCESS_KEY: "wrong" } }, "SignatureDoesNotMatch"],
    [
      "a store that cannot be reached",
      { env: { AWS_ENDPOINT_URL_S3: `http://${NOWHERE}:${CLOSED_PORT}`, AWS_MAX_ATTEMPTS: "1" } },
      "Could not connect to the endpoint URL",
    ],
  ])("says of the upload why in one line: %s", async (_what, otherwise, reason) => {
    const { dumped, uploaded } = await dump(servers, "circle", "daily", otherwise);
    expect(uploaded.stderr).toContain(reason);
    expect(uploaded.stderr).toMatch(/^upload of circle failed: [^\n]*\n$/);
    expect(uploaded.code).toBe(1);
    expectNoSecret(JSON.stringify([dumped, uploaded]));
    expect(await servers.s3.list(BUCKET)).toEqual([]);
  });

  it.each<["daily" | "monthly", number, string]>([
    ["monthly", 2000, "dd: [^\n]*File too large"],
    ["daily", 0, "the volume cannot be written to"],
  ])("leaves nothing behind when the volume is full: %s, %i KiB", async (kind, fileBlocks, reason) => {
    const { dumped, uploaded } = await dump(servers, "circle", kind, { fileBlocks });
    expect(dumped.code === 0 && uploaded.code === 0).toBe(false);
    expect(dumped.stderr).toMatch(new RegExp(reason));
    expect(dumped.stderr).toMatch(ONE_LINE);
    expect(uploaded.stderr).toMatch(ONE_LINE);
    expect(await servers.s3.list(BUCKET)).toEqual([]);
  });

  it("leaves nothing behind when the server ends the session in the middle of it", async () => {
    const { postgres, s3 } = servers;
    const lock = postgres
      .psql("BEGIN; LOCK TABLE large IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)", "circle")
      .catch(String);
    const ended = dump(servers, "circle", "weekly");
    await expect
      .poll(
        () =>
          postgres.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = 'circle' AND application_name = 'psql' AND wait_event_type = 'Lock'",
          ),
        { timeout: 20_000 },
      )
      .toBe("1");
    await postgres.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'circle' AND wait_event_type = 'Lock'",
    );
    const { dumped, uploaded } = await ended;
    await postgres.psql(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()",
    );
    await lock;
    expect(dumped.stderr).toMatch(/^dump of circle failed: [^\n]*terminating connection[^\n]*\n$/);
    expect(uploaded.stderr).toMatch(ONE_LINE);
    expect([dumped.code, uploaded.code, await s3.list(BUCKET)]).toEqual([1, 1, []]);
  });

  it("leaves nothing behind when pg_dump fails after megabytes of it", async () => {
    const { postgres, s3 } = servers;
    const ended = dump(servers, "circle", "daily");
    await expect
      .poll(
        () =>
          postgres.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND query LIKE 'COPY%'",
          ),
        { timeout: 20_000, interval: 10 },
      )
      .toBe("1");
    await postgres.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump'");
    const { dumped, uploaded } = await ended;
    expect(dumped.stderr).toMatch(/^dump of circle failed: pg_dump: error: [^\n]*; nothing is uploaded\n$/);
    expect(uploaded.stderr).toMatch(/^upload of circle failed: the dump is not good; [^\n]* was not written\n$/);
    expect([dumped.code, uploaded.code, await s3.list(BUCKET)]).toEqual([1, 1, []]);
  });
});

describe("a drill that fails", () => {
  it.each<[string, Otherwise, string]>([
    ["a bucket that is not there", { bucket: "nobody" }, "NoSuchBucket"],
    ["wrong keys", { env: { AWS_SECRET_ACCESS_KEY: "wrong" } }, "SignatureDoesNotMatch"],
    ["no room for the object", { fileBlocks: 1000 }, "File too large"],
    ["no room for the server", { fileBlocks: 15_000 }, "no server to restore into"],
    ["no room for the rows", { fileBlocks: 17_000 }, "cannot be restored"],
    ["no programs", { env: { PATH: "/usr/bin:/bin" } }, ""],
  ])("says why in one line: %s", async (_what, otherwise, reason) => {
    const { dumped, uploaded } = await dump(servers, "circle", "daily");
    expect([dumped.code, uploaded.code]).toEqual([0, 0]);
    const { code, stdout, stderr } = await drill(servers, "circle", "daily", otherwise);
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^drill of circle failed: [^\n]*\n$/);
    expect([code === 0, stdout]).toEqual([false, ""]);
    expectNoSecret(stderr);
  });
});

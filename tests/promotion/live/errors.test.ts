import { chmodSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../../../settings/errors";
import { must } from "../../servers/run";
import { temporaryFolder } from "../../support/temporary";
import { cuttingProxy } from "./cutting";
import { anotherTool, bytesOf, expectRefused, serverAndTool, write } from "./mishaps";
import { contentsOfSqlite } from "./oracle";
import type { Scene } from "./scene";
import type { Job } from "./tool";

const { server, run, scene, expectPromoted } = serverAndTool();

describe("before anything is changed, SQLite stays as it is byte by byte", () => {
  it.each<[string, (where: Scene) => Partial<Job>, number, RegExp]>([
    [
      "a wrong password",
      ({ connection }) => ({ connection: { ...connection, password: "wrong" } }),
      ExitCode.usage,
      /^Role live_\S+ may not connect to database .*PGPASSWORD\.$/,
    ],
    [
      "no server",
      ({ connection }) => ({ connection: { ...connection, port: 9 } }),
      ExitCode.failed,
      /^No connection to database .* at 127\.0\.0\.1:9: /,
    ],
    [
      "no such database",
      ({ connection }) => ({ connection: { ...connection, database: "nowhere" } }),
      ExitCode.usage,
      /^There is no database nowhere at /,
    ],
  ])("%s", async (_what, change, exitCode, says) => {
    const here = await scene();
    const before = bytesOf(here.file);
    expectRefused(await run(here.job("soak", change(here))), exitCode, says);
    expect(bytesOf(here.file)).toBe(before);
    await expectPromoted(here);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a target that is not empty",
      "CREATE TABLE theirs (id int)",
      "DROP TABLE theirs",
      /^The target is not empty: it has theirs already/,
    ],
    [
      "too few connections for the role",
      "ALTER ROLE :owner CONNECTION LIMIT 3",
      "ALTER ROLE :owner CONNECTION LIMIT -1",
      /^A promotion with \d workers? needs \d connections, and the connection limit of role live_\S+ \(3\) leaves/,
    ],
    [
      "too few connections for the database",
      "ALTER DATABASE :owner CONNECTION LIMIT 3",
      "ALTER DATABASE :owner CONNECTION LIMIT -1",
      /^A promotion with \d workers? needs \d connections, and the connection limit of database/,
    ],
  ])("%s", async (_what, spoil, mend, says) => {
    const here = await scene();
    const name = here.connection.database;
    const before = bytesOf(here.file);
    await server().psql(spoil.replaceAll(":owner", name), name);
    expectRefused(await run(here.job("soak")), ExitCode.refused, says);
    expect(bytesOf(here.file)).toBe(before);
    await server().psql(mend.replaceAll(":owner", name), name);
    await expectPromoted(here);
  });

  it("a file that ladder may read, in a folder that it may not write", async () => {
    const here = await scene();
    const folder = dirname(here.file);
    const nobody = anotherTool();
    const theirs = temporaryFolder();
    chmodSync(theirs, 0o777);
    const before = bytesOf(here.file);
    chmodSync(folder, 0o555);
    chmodSync(here.file, 0o444);
    const result = await nobody.run(here.job("soak", { ordinaryUser: true, parent: theirs }));
    expect("error" in result && result.exitCode, JSON.stringify(result)).toBeGreaterThan(0);
    expectRefused(result, ExitCode.failed, /Give this user the right to write there/);
    expect(bytesOf(here.file)).toBe(before);
    chmodSync(folder, 0o755);
    chmodSync(here.file, 0o644);
    await expectPromoted(here);
  });
});

describe("once it is prepared, SQLite serves on with all its rows", () => {
  it("the target's disk is full, and then has room again", async () => {
    const here = await scene();
    // More than what is left of one file: the server's write of a page is cut short, as on a disk that is full.
    const fill = here.db.prepare("INSERT INTO orders (note, data) VALUES ('large', randomblob(100000))");
    here.db.transaction(() => {
      for (let n = 0; n < 300; n++) fill.run();
    })();
    const before = contentsOfSqlite(here.db);
    const pid = readFileSync(join(server().folder, "postmaster.pid"), "utf8").split("\n")[0] ?? "";
    const limit = (bytes: string) =>
      must([...server().owner, "prlimit", "--pid", pid, `--fsize=${bytes}:`], { env: process.env });
    await limit(String(20 * 2 ** 20 + 100));
    expectRefused(await run(here.job("soak")), ExitCode.failed, /^The target's disk is full: .* Give it more room\./);
    expect(contentsOfSqlite(here.db)).toEqual(before);
    write(here.db);
    await limit("unlimited");
    await expectPromoted(here);
  });

  it("its sessions are ended while it copies", async () => {
    const here = await scene();
    const end = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${here.connection.database}' AND application_name LIKE 'ladder promot%'`;
    let ended: Promise<string> | undefined;
    const result = await run(here.job("soak"), (step) => {
      if (step === "copy") ended = server().psql(end);
    });
    expect(Number(await ended)).toBeGreaterThan(0);
    expectRefused(
      result,
      ExitCode.failed,
      /^The connection to the target was lost while .* Run the same command again/,
    );
    write(here.db);
    await expectPromoted(here);
  });

  it("the network fails again and again", async () => {
    const here = await scene();
    const proxy = await cuttingProxy(server().host, server().port);
    const change = { connection: { ...here.connection, port: proxy.port } };
    for (const bytes of [500, 20_000, 60_000, 100_000, 5_000]) {
      proxy.allow(bytes);
      const result = await run(here.job("verify", change));
      if ("error" in result)
        expectRefused(result, ExitCode.failed, /^(The connection to the target was lost|No connection to)/);
      write(here.db);
      expect(await here.takes()).toMatchObject({ sqlite: true, postgresql: false });
    }
    proxy.allow(Number.POSITIVE_INFINITY);
    await expectPromoted(here, here.job("soak", change));
  });

  it.each(["copy", "verify", "cutover"])("the schema is changed in step %s", async (at) => {
    const here = await scene();
    const result = await run(here.job("soak"), (step) => {
      if (step === at) here.db.exec("ALTER TABLE labels ADD COLUMN more TEXT");
    });
    expectRefused(result, ExitCode.refused, /^The schema of .* was changed since the promotion began/);
    write(here.db);
    expectRefused(await run(here.job("soak")), ExitCode.refused, /^The schema of .* was changed/);
    expect(await run(here.job("rollback"))).toMatchObject({ outcome: { done: "rollback", serving: "sqlite" } });
    await expectPromoted(here);
  });

  it("the application holds a transaction open", async () => {
    const here = await scene();
    const beginning = { ...here.job("soak").beginning, source: { path: here.file, busyTimeoutMs: 200 } };
    here.db.exec("BEGIN IMMEDIATE");
    expectRefused(
      await run(here.job("soak", { beginning })),
      ExitCode.failed,
      /^The application holds a write transaction in /,
    );
    here.db.exec("ROLLBACK");
    write(here.db);
    await expectPromoted(here, here.job("soak", { beginning }));
    const refused = new Sqlite(here.file);
    refused.exec("BEGIN IMMEDIATE");
    // Nobody is left without a side that serves.
    expectRefused(
      await run(here.job("rollback")),
      ExitCode.failed,
      /^No way back: The application holds .* PostgreSQL serves on/,
    );
    expect(await here.takes().catch(() => undefined)).toBeUndefined();
    refused.close();
    expect(await here.takes()).toEqual({ sqlite: false, postgresql: true });
  });
});

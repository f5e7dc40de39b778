import { randomInt } from "node:crypto";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations, recordedName } from "../../../catalogue/migrations";
import { roleName } from "../../../catalogue/roles";
import type { MigratedDatabase } from "../../../components/schema/plan";
import type { RdsServer } from "../../../components/schema/server";
import {
  database,
  ELSEWHERE,
  EVERY_DATABASE,
  makeMigrations,
  ON_RDS,
  passwordOf,
  passwordsOf,
} from "../../components/schema/someMigrations";
import { freePort } from "../../servers/process";
import { fakeAws } from "./fakeAws";
import { ask, at, type RdsLike, startRdsLike, wipe } from "./fixture";
import { podOf, runPod, startPod } from "./pod";

/** Runs that are cut short, or begin with something wrong: what is there afterwards, and what the log says. */

let server: RdsLike;
beforeAll(async () => {
  server = await startRdsLike();
});
afterAll(() => server?.stop());

const CIRCLE = [database("circle")];
/** The owner alone migrates a database that somebody else has made. */
const owned = (name: MigratedDatabase["name"]) => database(name, ["owner"]);

/** What the operator of a cluster makes before the Job: the four roles, and the database of the owner. */
async function makeDatabase(name: MigratedDatabase["name"]): Promise<void> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const roles = (["owner", "app", "readonly", "replication"] as const).map(
    (kind) => `CREATE ROLE "${roleName(name, kind)}" LOGIN PASSWORD ${quoted(passwordOf(name, kind))};`,
  );
  await server.psql(roles.join("\n"));
  await server.psql(
    `CREATE DATABASE "${name}" OWNER "${roleName(name, "owner")}" TEMPLATE template0 ENCODING UTF8 LC_COLLATE 'C' LC_CTYPE 'C'`,
  );
}

/** Nothing that a run was given to keep to itself. */
function expectNoSecret(text: string): void {
  for (const secret of [...passwordsOf(EVERY_DATABASE), server.master.password]) expect(text).not.toContain(secret);
}

describe("a run that is cut short", () => {
  it("leaves what the next one completes: killed at random moments, over the whole catalogue", async () => {
    await wipe(server);
    const cluster = await makeMigrations({ server: at(ON_RDS, server) });
    const outcomes: (number | null)[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { running, ended } = await startPod(cluster, podOf(cluster), server.aws);
      // One that has most before it is killed for certain; the others may come to their end before.
      if (round === 0) await running.said("roles and rights are right");
      const kill = setTimeout(() => running.child.kill("SIGKILL"), round === 0 ? 0 : randomInt(150, 1_500));
      outcomes.push((await ended).code);
      clearTimeout(kill);
    }
    expect(outcomes).toContain(null);
    const last = await runPod(cluster, podOf(cluster), server.aws);
    expect([last.code, last.stderr]).toEqual([0, ""]);
    for (const { name } of EVERY_DATABASE) {
      const all = loadMigrations(name, "postgresql").map(recordedName);
      expect(await server.psql("SELECT name FROM ladder.migrations ORDER BY id", name)).toBe(all.join("\n"));
      expect(await ask(server, name, "app", "SELECT has_schema_privilege('public', 'CREATE')")).toEqual([[false]]);
    }
    expect(await server.psql("SELECT count(*) FROM cron.job")).toBe("3");
  });

  it("ends between two steps when it is told to, says so, and goes on from there", async () => {
    await wipe(server);
    const cluster = await makeMigrations({
      server: at(ON_RDS, server),
      databases: [database("aibase"), database("ai_breeding")],
    });
    const { running, ended } = await startPod(cluster, podOf(cluster), server.aws);
    await running.said("aibase: roles and rights are right");
    running.child.kill("SIGTERM");
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([
      130,
      "Ended before everything was done. What was done stays; the next run goes on from there.\n",
    ]);
    expect(stdout).toContain("SIGTERM: ending before the next step");
    expect(stdout).not.toContain("migrations applied now");
    expect((await runPod(cluster, podOf(cluster), server.aws)).code).toBe(0);
  });

  it("runs beside another one, and each does what is left to do", async () => {
    await wipe(server);
    const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
    const both = await Promise.all([1, 2].map(() => runPod(cluster, podOf(cluster), server.aws)));
    expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const all = loadMigrations("circle", "postgresql").map(recordedName);
    expect(await server.psql("SELECT name FROM ladder.migrations ORDER BY id", "circle")).toBe(all.join("\n"));
    const applied = both.flatMap(({ stdout }) => stdout.match(/\d{4}_\w+ applied in/g) ?? []);
    expect(applied).toHaveLength(all.length);
  });
});

describe("a run with something wrong", () => {
  it("is refused for an altered history, for good (exit code 4), and its log says where to read", async () => {
    await wipe(server);
    const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
    expect((await runPod(cluster, podOf(cluster), server.aws)).code).toBe(0);
    await server.psql("UPDATE ladder.checksums SET checksum = repeat('0', 64) WHERE name LIKE '0001%'", "circle");
    const { code, stderr } = await runPod(cluster, podOf(cluster), server.aws);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^Database circle was left as it is: migration 0001_\w+ was altered after it was applied/);
    expect(stderr).toMatch(
      /\nThe whole log: kubectl logs --namespace aibase --all-containers job\/database-migration-\w{10}\n$/,
    );
  });

  it("is tried again for a master whose password is just being rotated (exit code 1)", async () => {
    const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
    const aws = fakeAws({ ...server.master, password: "the one before" });
    try {
      const { code, stderr, stdout } = await runPod(cluster, podOf(cluster), aws);
      expect(code).toBe(1);
      expect(stderr).toContain("Role platform_master cannot connect to database postgres at localhost:");
      expect(stderr).toContain("a password that is being rotated is right at the next attempt");
      expect(`${stdout}${stderr}`).not.toContain("the one before");
    } finally {
      aws.remove();
    }
  });

  it.each([
    ["that is no JSON", "not JSON at all: hunter2", "cannot be read"],
    ["without a password", '{"username":"platform_master"}', "lacks username or password"],
  ])("says what is wrong with a secret %s, without showing it", async (_what, value, said) => {
    const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
    const aws = fakeAws(value);
    try {
      const { code, stderr } = await runPod(cluster, podOf(cluster), aws);
      expect(code).not.toBe(0);
      expect(stderr).toContain(said);
      expect(stderr).not.toContain("hunter2");
    } finally {
      aws.remove();
    }
  });

  it("does not begin when the master's secret may not be read: the init container says why", async () => {
    const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
    const { code, stderr } = await runPod(cluster, podOf(cluster), { ...server.aws, env: { AWS_REGION: "eu-west-1" } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^the master's secret arn:aws:secretsmanager:\S+ cannot be read: An error occurred \(AccessDenied/,
    );
  });

  it("gives up on a server that is not there, in one sentence", async () => {
    const port = await freePort();
    const cluster = await makeMigrations({ server: { ...ON_RDS, host: "localhost", port }, databases: CIRCLE });
    const { running, ended } = await startPod(cluster, podOf(cluster), server.aws);
    await running.said(`localhost:${port} does not take connections yet (ECONNREFUSED)`);
    running.child.kill("SIGTERM");
    expect((await ended).code).toBe(130);
  });
});

describe("encryption", () => {
  it("is checked where certificates are given: against them, and the server's name", async () => {
    await wipe(server);
    const run = async (more: Partial<RdsServer>) => {
      const cluster = await makeMigrations({ server: { ...at(ON_RDS, server), ...more }, databases: CIRCLE });
      return runPod(cluster, podOf(cluster), server.aws);
    };
    expect((await run({ ca: server.certificate })).code).toBe(0);
    const byAddress = await run({ ca: server.certificate, host: server.host });
    expect([byAddress.code, byAddress.stderr]).toEqual([1, expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID")]);
    const other = await run({ ca: rootCertificates[0] });
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining("The server's certificate is not trusted: give the certificates of its authority"),
    ]);
  });

  it("is asked for in any case: a server without it is left alone", async () => {
    await server.psql("ALTER SYSTEM SET ssl = off; SELECT pg_reload_conf()");
    try {
      const cluster = await makeMigrations({ server: at(ON_RDS, server), databases: CIRCLE });
      const { code, stderr } = await runPod(cluster, podOf(cluster), server.aws);
      expect(code).toBe(1);
      expect(stderr).toContain("The server does not support SSL connections");
      expectNoSecret(stderr);
    } finally {
      await server.psql("ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()");
    }
  });
});

describe("the Job where somebody else makes roles and databases", () => {
  it("sets rights and applies migrations as the owners; the clock's jobs then do their work", async () => {
    await wipe(server);
    const databases = [owned("4g3n7db"), owned("circle"), owned("aibase")];
    for (const { name } of databases) await makeDatabase(name);
    const cluster = await makeMigrations({ server: at(ELSEWHERE, server), databases });
    const { code, stderr, stdout } = await runPod(cluster, podOf(cluster));
    expect([code, stderr]).toEqual([0, ""]);
    expectNoSecret(stdout);
    expect(
      await ask(server, "circle", "app", "SELECT has_schema_privilege('public', 'CREATE'), count(*)::int FROM users"),
    ).toEqual([[false, 0]]);
    expect(await server.psql("SELECT count(*) FROM cron.job")).toBe("0");
    await server.psql(
      `INSERT INTO "Task" ("id", "title", "status", "createdAt", "updatedAt", "completedAt") VALUES ('old', 't', 'COMPLETED', '2025-01-05', '2025-01-05', '2025-01-06')`,
      "4g3n7db",
    );
    for (const job of ["maintain-partitions", "archive-tasks"]) {
      const run = await runPod(cluster, podOf(cluster, job));
      expect([run.code, run.stderr]).toEqual([0, ""]);
      expect(run.stdout).toContain(`4g3n7db: ${job} is done`);
      expect(run.stdout.includes(`circle: ${job}`)).toBe(job === "maintain-partitions");
    }
    expect(
      await server.psql(`SELECT (SELECT count(*) FROM "Task"), (SELECT count(*) FROM task_archive)`, "4g3n7db"),
    ).toBe("0|1");
  });
});

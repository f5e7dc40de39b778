import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations, recordedName } from "../../../catalogue/migrations";
import { ROLE_KINDS, roleName } from "../../../catalogue/roles";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { EVERY_DATABASE, makeMigrations, ON_RDS, passwordsOf } from "../../components/schema/someMigrations";
import { ask, at, type RdsLike, startRdsLike } from "./fixture";
import { podOf, runPod } from "./pod";

let server: RdsLike;
beforeAll(async () => {
  server = await startRdsLike();
});
afterAll(() => server?.stop());

describe("the Job on RDS", () => {
  it("makes roles, databases, migrations and schedules for the whole catalogue; the second time it changes nothing", async () => {
    const cluster = await makeMigrations({ server: at(ON_RDS, server) });
    const first = await runPod(cluster, podOf(cluster), server.aws);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    for (const name of CATALOGUE_NAMES) {
      const all = loadMigrations(name, "postgresql").map(recordedName);
      expect(await server.psql("SELECT name FROM ladder.migrations ORDER BY id", name)).toBe(all.join("\n"));
      expect(first.stdout).toContain(`${name}: ${all.length} of ${all.length} migrations applied now`);
    }
    expect(await server.psql("SELECT jobname, database, username, schedule FROM cron.job ORDER BY 1, 2")).toBe(
      [
        "archive-tasks|4g3n7db|4g3n7db_owner|0 2 1 * *",
        "maintain-partitions|4g3n7db|4g3n7db_owner|15 0 * * *",
        "maintain-partitions|circle|circle_owner|15 0 * * *",
      ].join("\n"),
    );
    const second = await runPod(cluster, podOf(cluster), server.aws);
    expect([second.code, second.stderr]).toEqual([0, ""]);
    for (const name of CATALOGUE_NAMES) expect(second.stdout).toContain(`${name}: 0 of `);
    expect(second.stdout).not.toMatch(/applied in|scheduled:|the database is new/);
    for (const secret of [...passwordsOf(EVERY_DATABASE), server.master.password])
      for (const text of [first.stdout, second.stdout, server.log()]) expect(text).not.toContain(secret);
  });

  it("leaves roles that log in with the passwords of the Secret", async () => {
    for (const name of CATALOGUE_NAMES)
      for (const kind of ROLE_KINDS)
        expect(await ask(server, name, kind, "SELECT current_user::text")).toEqual([[roleName(name, kind)]]);
  });
});

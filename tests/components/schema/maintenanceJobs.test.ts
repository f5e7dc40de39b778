import { describe, expect, it } from "vitest";
import { MaintenanceJobs } from "../../../components/schema/maintenanceJobs";
import { UserError } from "../../../settings";
import { database, ELSEWHERE, makeMigrations } from "./someMigrations";

const CRON_JOB = "batch/v1:CronJob";

const owned = (...names: readonly Parameters<typeof database>[0][]) => names.map((name) => database(name, ["owner"]));

const nameOf = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) =>
  Reflect.get(Object(inputs.metadata), "name");

describe("what runs by the clock outside RDS", () => {
  it("is each job once, for the databases that need it, UTC, never beside itself (C-17)", async () => {
    const { all, one } = await makeMigrations({
      server: ELSEWHERE,
      databases: owned("aibase", "circle", "4g3n7db", "ai_company"),
    });
    expect(all(CRON_JOB).map(nameOf)).toEqual(["archive-tasks", "maintain-partitions"]);
    const common = { timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" };
    expect(one(CRON_JOB, "archive-tasks").inputs.spec).toMatchObject({ ...common, schedule: "0 2 1 * *" });
    expect(one(CRON_JOB, "maintain-partitions").inputs.spec).toMatchObject({ ...common, schedule: "15 0 * * *" });
    const plans = one("ConfigMap", "clock-plans").inputs.data as Record<string, string>;
    const planOf = (job: string) =>
      JSON.parse(plans[`${job}.json`] ?? "") as { mode: string; databases: { name: string }[] };
    expect(planOf("archive-tasks")).toMatchObject({
      mode: "maintain",
      job: { name: "archive-tasks", command: "SELECT archive_old_tasks();" },
    });
    expect(planOf("archive-tasks").databases.map(({ name }) => name)).toEqual(["4g3n7db"]);
    expect(planOf("maintain-partitions").databases.map(({ name }) => name)).toEqual(["circle", "4g3n7db"]);
  });

  it("gets the passwords of the owners that it works as, and no others", async () => {
    const { one } = await makeMigrations({ server: ELSEWHERE, databases: owned("aibase", "circle", "4g3n7db") });
    const variables = JSON.stringify(one(CRON_JOB, "archive-tasks").inputs.spec).match(/PASSWORD_\w+/g);
    expect(variables).toEqual(["PASSWORD_4g3n7db_owner"]);
  });

  it("is nothing where no database needs it", async () => {
    const { all } = await makeMigrations({ server: ELSEWHERE, databases: owned("aibase", "ai_breeding") });
    expect(all(CRON_JOB)).toEqual([]);
    expect(all("ConfigMap").map(nameOf)).not.toContain("database-maintenance");
  });

  it("comes after the migration, whose functions it calls", async () => {
    const { find, migration } = await makeMigrations({ server: ELSEWHERE, databases: owned("circle") });
    expect(find("clock-maintain-partitions").opts.dependsOn).toEqual([migration]);
  });

  it("is refused on RDS, where pg_cron does it: never twice", async () => {
    const { migration } = await makeMigrations();
    const make = () => new MaintenanceJobs("clock", { namespace: "aibase", migration, databases: [] });
    expect(make).toThrow(UserError);
    expect(make).toThrow("CronJobs beside it would do it twice");
  });
});

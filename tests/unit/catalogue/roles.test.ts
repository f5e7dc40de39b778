import { describe, expect, it } from "vitest";
import { logicalDatabase, ROLE_KINDS, roleName } from "../../../catalogue/roles";
import { SCHEDULED_JOBS, scheduledJobs } from "../../../catalogue/schedules";
import { CATALOGUE_NAMES } from "../../../settings/fields";

describe("the roles of a logical database", () => {
  it.each(CATALOGUE_NAMES)("of %s are named as it, and the application's as itself", (name) => {
    const { roles, database } = logicalDatabase(name);
    expect(database).toBe(name);
    expect(ROLE_KINDS.map((kind) => roles[kind].name)).toEqual([
      `${name}_owner`,
      name,
      `${name}_readonly`,
      `${name}_replication`,
    ]);
  });

  it("have names of their own on the whole server", () => {
    const names = CATALOGUE_NAMES.flatMap((database) => ROLE_KINDS.map((kind) => roleName(database, kind)));
    expect(new Set(names).size).toBe(20);
  });

  it("give the right to replicate, and to see every row, to one that is not the application's (S4-15, C-30)", () => {
    const { roles } = logicalDatabase("circle");
    expect(ROLE_KINDS.filter((kind) => roles[kind].replication)).toEqual(["replication"]);
    expect(ROLE_KINDS.filter((kind) => roles[kind].bypassRowLevelSecurity)).toEqual(["replication"]);
  });

  it("give nobody a right that passes by row-level security", () => {
    const given = logicalDatabase("circle").defaultPrivileges.flatMap(({ privileges }) => privileges);
    for (const privilege of ["TRUNCATE", "REFERENCES", "TRIGGER", "ALL", "MAINTAIN"])
      expect(given).not.toContain(privilege);
  });

  it("may have names that somebody else gave", () => {
    const { roles } = logicalDatabase("circle", { database: "theirs", names: { app: "postgres.abc" } });
    expect(ROLE_KINDS.map((kind) => roles[kind].name)).toEqual([
      "theirs_owner",
      "postgres.abc",
      "theirs_readonly",
      "theirs_replication",
    ]);
  });

  it.each([
    [{ names: { app: "circle_owner" } }, "The owner role and the app role of circle are both named circle_owner"],
    [{ names: { app: "" } }, '"" cannot be a name in PostgreSQL; a name has 1 to 63 bytes. Choose another one.'],
    [{ names: { app: "ü".repeat(32) } }, "a name has 1 to 63 bytes"],
    [{ database: "x".repeat(60) }, "a name has 1 to 63 bytes"],
    [{ names: { app: "a\0b" } }, "cannot be a name in PostgreSQL"],
    [{ names: { app: "pg_circle" } }, "PostgreSQL keeps the name pg_circle to itself."],
    [{ names: { app: "public" } }, "PostgreSQL keeps the name public to itself."],
  ])("refuses %j", (options, message) => {
    expect(() => logicalDatabase("circle", options)).toThrow(message);
  });
});

describe("what runs by the clock", () => {
  it("is S3-44 word for word, and partitions where a database has some", () => {
    expect(scheduledJobs("4g3n7db")).toEqual([
      { name: "archive-tasks", schedule: "0 2 1 * *", command: "SELECT archive_old_tasks();", databases: ["4g3n7db"] },
      SCHEDULED_JOBS[1],
    ]);
    expect(scheduledJobs("circle").map(({ name }) => name)).toEqual(["maintain-partitions"]);
    expect(scheduledJobs("aibase")).toEqual([]);
  });
});

import { Secret, UNKNOWN, type Value } from "../../../policy/reading/value";
import { type Case, type Cases, having, resource } from "./cases";
import { caseOf } from "./oneCase";

const database = (databaseName: Value = "main", kind: Value = "postgresql") =>
  resource("scaling-ladder:database:RdsDatabase", { kind, databaseName }, "database");
const jobs = (catalogue: Value) => resource("scaling-ladder:backup:DumpJobs", { catalogue }, "dumps");
const variable = (value: Value, name = "PGDATABASE") => ({ name, value });
const job = (schedule: Value, of: Value = "main", more: Readonly<Record<string, Value>> = {}) =>
  resource(
    "kubernetes:batch/v1:CronJob",
    {
      spec: {
        schedule,
        jobTemplate: {
          spec: { template: { spec: { containers: [{}, { env: [variable("x", "OTHER"), variable(of)] }] } } },
        },
        ...more,
      },
    },
    `job ${String(schedule)}`,
  );
const DAILY = "0 1 * * *";
const WEEKLY = "30 1 * * 0";
const MONTHLY = "0 4 1 * *";
const three = (of: Value = "main") => [job(DAILY, of), job(WEEKLY, of), job(MONTHLY, of)];
const [daily, weekly, monthly] = [job(DAILY), job(WEEKLY), job(MONTHLY)];
const CONTAINERS = ["spec", "jobTemplate", "spec", "template", "spec", "containers"];

const DUMPS: readonly Case[] = [
  caseOf("pass", "three dumps", [database(), ...three()]),
  caseOf("pass", "the day of the week by its name", [database(), daily, job("30 1 * * sun"), monthly]),
  caseOf("pass", "two databases", [database(), jobs(["main", "second"]), ...three(), ...three("second")]),
  caseOf("pass", "SQLite", [database("main", "sqlite")]),
  caseOf("pass", "no database", [jobs(["main"])]),
  {
    ...caseOf("fail", "none", [database()], "violated"),
    says: ["no daily and no weekly and no monthly dump"],
    hides: ["main"],
  },
  { ...caseOf("fail", "no daily one", [database(), weekly, monthly], "violated"), says: ["no daily dump"] },
  { ...caseOf("fail", "no weekly one", [database(), daily, monthly], "violated"), says: ["no weekly dump"] },
  { ...caseOf("fail", "no monthly one", [database(), daily, weekly], "violated"), says: ["no monthly dump"] },
  caseOf("fail", "three dumps of another database", [database(), ...three("other")], "violated"),
  caseOf("fail", "a second database without", [database(), jobs(["second"]), ...three()], "violated"),
  caseOf("fail", "a suspended job", [database(), job(DAILY, "main", { suspend: true }), weekly, monthly], "violated"),
  caseOf("pass", "a job that is not suspended", [database(), job(DAILY, "main", { suspend: false }), weekly, monthly]),
  ...["0 1 * * * *", "0 1 1 1 *", "0 1 1 * 1", "@daily", "x0 1 * * *"].map((schedule) =>
    caseOf("fail", `the schedule ${schedule}`, [database(), job(schedule), weekly, monthly], "violated"),
  ),
  caseOf(
    "absent",
    "a job without a database",
    [database(), having(daily, CONTAINERS, [{}]), weekly, monthly],
    "violated",
  ),
  caseOf("absent", "a job without a schedule", [database(), job(null), weekly, monthly], "violated"),
  caseOf("absent", "a database without a name, dumped as another", [database(null), ...three()]),
  caseOf(
    "wrong type",
    "containers that are no list",
    [database(), having(daily, CONTAINERS, 7), weekly, monthly],
    "violated",
  ),
  caseOf(
    "wrong type",
    "suspended by a text",
    [database(), job(DAILY, "main", { suspend: "no" }), weekly, monthly],
    "violated",
  ),
  caseOf("unknown", "the name of the database", [database(UNKNOWN), ...three()], "unverified"),
  caseOf("unknown", "the other databases", [database(), jobs(UNKNOWN), ...three()], "unverified"),
  caseOf("unknown", "one of the other databases", [database(), jobs([UNKNOWN]), ...three()], "unverified"),
  caseOf("unknown", "the schedule", [database(), job(UNKNOWN), weekly, monthly], "unverified"),
  caseOf("unknown", "what is dumped", [database(), job(DAILY, UNKNOWN), weekly, monthly], "unverified"),
  caseOf("unknown", "the containers", [database(), having(daily, CONTAINERS, UNKNOWN), weekly, monthly], "unverified"),
  caseOf("unknown", "the whole job", [database(), having(daily, ["spec"], UNKNOWN), weekly, monthly], "unverified"),
  caseOf("unknown", "another job, beside three", [database(), ...three(), job(UNKNOWN)]),
  caseOf(
    "unknown",
    "the schedule of a job without a database",
    [database(), having(job(UNKNOWN), CONTAINERS, []), weekly, monthly],
    "violated",
  ),
  caseOf("secret", "a secret name", [database(new Secret("main")), weekly, monthly], "violated"),
];

export const CASES: Cases = { "dump-schedules": DUMPS };

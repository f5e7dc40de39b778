import { describe, expect, it } from "vitest";
import { type MadeStack, makeStackOf } from "./makeStack";

const smb = { tier: "smb", users: 20_000 };
const ALL = { catalogue: ["aibase", "4g3n7db", "circle"] };
const store = { bucket: "platform-backups", region: "eu-central-1" };
const inKubernetes = { ...smb, database: { host: "kubernetes", ...ALL }, backup: { store } };

const nameOf = ({ inputs }: ReturnType<MadeStack["one"]>): string =>
  String(Reflect.get(Object(inputs.metadata), "name"));
const jobsOf = (stack: MadeStack): string[] =>
  stack
    .all("batch/v1:Job")
    .map(nameOf)
    .filter((name) => name.startsWith("database-migration"));
const clockOf = (stack: MadeStack): string[] =>
  stack
    .all("batch/v1:CronJob")
    .map(nameOf)
    .filter((name) => !/^(dump|drill)-/.test(name));
const planOf = (stack: MadeStack) => {
  const maps = stack.all("core/v1:ConfigMap").filter((each) => nameOf(each).startsWith("database-migration-plan-"));
  expect(maps).toHaveLength(1);
  const { data } = maps[0]?.inputs ?? {};
  return JSON.parse((data as Record<string, string>)["plan.json"] ?? "");
};
const secretOf = (stack: MadeStack, name: string): Record<string, string> => {
  const secret = stack.all("core/v1:Secret").find((each) => nameOf(each) === name);
  if (secret === undefined) throw new Error(`no Secret ${name}`);
  return Object.fromEntries(Object.entries(secret.inputs.data as object).map(([key, value]) => [key, atob(value)]));
};

describe("on RDS by a Job", async () => {
  const stack = await makeStackOf({ ...smb, database: ALL });

  it("makes every logical database as the master, of a server whose certificate is checked, and schedules by pg_cron alone", () => {
    expect(jobsOf(stack)).toHaveLength(1);
    const plan = planOf(stack);
    expect(plan).toMatchObject({
      mode: "all",
      server: { port: 5432, sslmode: "verify-full" },
      master: { file: "/master/secret.json" },
    });
    expect(plan.databases.map(({ name }: { name: string }) => name)).toEqual(ALL.catalogue);
    expect(clockOf(stack)).toEqual([]);
  });

  it("S0-12: reaches the server that is PostgreSQL's own, past the proxy, and not a host of the application", () => {
    const primary = stack.one("rds/instance:Instance");
    expect(planOf(stack).server.host).toBe(primary.outputs.address);
    const service = stack.all("core/v1:Service").find((each) => nameOf(each) === stack.contract.DB_PG_HOST);
    expect(service?.inputs.spec).toMatchObject({ type: "ExternalName" });
  });

  it("gives the application the login that the Job gives its role, which owns nothing", () => {
    const made = secretOf(stack, "database-migration-credentials");
    expect(Object.keys(made)).toHaveLength(4 * ALL.catalogue.length);
    expect([stack.contract.DB_PG_USERNAME, stack.contract.DB_PG_PASSWORD]).toEqual(["aibase", made.aibase]);
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length);
  });

  it("dumps each database as its owner, whom no policy hides rows from", () => {
    const made = secretOf(stack, "database-migration-credentials");
    for (const database of ALL.catalogue)
      expect(secretOf(stack, `dump-credentials-${database}`)).toEqual({
        username: `${database}_owner`,
        password: made[`${database}_owner`],
      });
  });

  it("keeps the keys of circle's wallets in a secret of their own, and makes none where there are no wallets", async () => {
    const named = (each: MadeStack) =>
      each.all("secretsmanager/secret:Secret").filter(({ name }) => name === "wallet-keys-secret");
    expect(named(stack)).toHaveLength(1);
    expect(named(await makeStackOf(smb))).toEqual([]);
  });
});

describe("on RDS from here", async () => {
  const stack = await makeStackOf({ ...smb, database: { ...ALL, bootstrap: "direct" } });

  it("makes roles and databases by their own provider, and applies migrations as each owner", () => {
    expect(jobsOf(stack)).toEqual([]);
    expect(stack.all("postgresql:index/database:Database").map(({ inputs }) => [inputs.name, inputs.owner])).toEqual(
      ALL.catalogue.map((name) => [name, `${name}_owner`]),
    );
    const migrations = stack.all("local:Migrations").map(({ inputs }) => inputs);
    expect(migrations.map(({ catalogue, username }) => [catalogue, username])).toEqual(
      ALL.catalogue.map((name) => [name, `${name}_owner`]),
    );
    for (const { scheduler } of migrations) expect(scheduler).toMatchObject({ username: "platform_master" });
  });
});

describe("in the cluster", async () => {
  const stack = await makeStackOf(inKubernetes);

  it("grants and migrates as the owners that the operator made, checked against the cluster's own authority", () => {
    expect(jobsOf(stack)).toHaveLength(1);
    expect(planOf(stack)).toMatchObject({
      mode: "owner",
      server: { host: "postgres-rw.aibase.svc.cluster.local", sslmode: "verify-full", caFile: "/ca/ca.pem" },
    });
  });

  it("has each clock once, as a CronJob", async () => {
    expect(clockOf(stack).sort()).toEqual(["archive-tasks", "maintain-partitions"]);
    expect(clockOf(await makeStackOf({ ...inKubernetes, database: { host: "kubernetes" } }))).toEqual([]);
  });

  it("lets the Job in at the database", () => {
    const policies = JSON.stringify(
      stack.all("networking.k8s.io/v1:NetworkPolicy").filter((each) => nameOf(each) === "postgres"),
    );
    expect(policies).toContain("database-migration");
  });
});

describe("elsewhere", () => {
  it.each([
    ["Render", "postgresql://app:a-long-password@dpg-abc-a.frankfurt-postgres.render.com/app"],
    ["Heroku", "postgres://u1:a-long-password@ec2-1-2-3-4.compute-1.amazonaws.com:5432/d1"],
  ])("S2-34: makes nothing in a server of %s, and tells its connection string", async (_host, url) => {
    const stack = await makeStackOf({ ...smb, database: { host: "external", url }, backup: { store } });
    expect([...jobsOf(stack), ...clockOf(stack)]).toEqual([]);
    expect(stack.contract.DATABASE_URL).toMatch(/^postgresql:\/\/\w+:a-long-password@.*sslmode=require$/);
    const service = stack.all("core/v1:Service").find((each) => nameOf(each) === stack.contract.DB_PG_HOST);
    expect(service?.inputs.spec).toMatchObject({ type: "ExternalName", externalName: new URL(url).hostname });
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import type { Rehearsed } from "../../../rehearsal/mocks";
import { makeLogicalDatabase } from "../../components/schema/makeLogicalDatabase";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { resolved } from "../../support/mocks";
import { bootstrapAs, connectTo, MASTER, makeMaster, makeRds, using } from "./bootstrapping";
import { describedRoles } from "./describedRoles";
import { said } from "./provider";

let byProvider: Postgres;
let bySql: Postgres;
beforeAll(async () => {
  [byProvider, bySql] = await Promise.all([startPostgres(), startPostgres()]);
});
afterAll(() => Promise.all([byProvider?.stop(), bySql?.stop()]));

/** Says what the provider says, in its order. */
async function replay(resources: readonly Rehearsed[]): Promise<void> {
  for (const { database, statements } of resources.map(said)) await byProvider.psql(statements.join(";\n"), database);
}

const described = (server: Postgres, database: string): Promise<string[]> =>
  using(connectTo(server, database, server), describedRoles);

it.each(["4g3n7db", "circle"] as const)("%s is the same by resources as by the SQL of a job", async (name) => {
  const { resources, logical } = await makeLogicalDatabase(name);
  await replay(resources);
  await bootstrapAs(bySql, name);
  const lines = await described(byProvider, name);
  expect(lines).toEqual(await described(bySql, name));
  expect(lines.length).toBeGreaterThan(10);

  const { username, password } = logical.endpoints.app;
  const login = { user: await resolved(username), password: await resolved(password) };
  const { rows } = await using(connectTo(byProvider, name, login), (client) => client.query("SELECT current_user"));
  expect(rows).toEqual([{ current_user: name }]);
});

it("is the same by resources as by SQL on Amazon RDS, where the master is no superuser", async () => {
  await byProvider.psql("CREATE ROLE rds_replication");
  await makeMaster(bySql);
  await makeRds(bySql);
  const { resources } = await makeLogicalDatabase("aibase", { server: "rds" });
  await replay(resources);
  await bootstrapAs(bySql, "aibase", { login: MASTER });
  // Which rds_superuser may make there, and the master of this server may not.
  const lines = (await described(byProvider, "aibase")).filter((line) => !line.includes("pg_stat_statements"));
  expect(lines).toEqual(await described(bySql, "aibase"));
  expect(lines).toContain("member aibase_replication of rds_replication");
});

it("is taken over by the SQL of a job without a change, so that one way may follow the other", async () => {
  const before = await described(byProvider, "circle");
  const { progress, created } = await bootstrapAs(byProvider, "circle", { passwords: {} });
  expect({ progress, created }).toEqual({ progress: [], created: false });
  expect(await described(byProvider, "circle")).toEqual(before);
});

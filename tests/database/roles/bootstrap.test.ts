import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionLimits } from "../../../catalogue/connectionLimits";
import { logicalDatabase } from "../../../catalogue/roles";
import { bootstrapInside } from "../../../schema/bootstrap";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { type Postgres, startPostgres } from "../../servers/postgres";
import { bootstrapAs, connectAs, connectTo, MASTER, makeMaster, makeRds, passwordsFor, using } from "./bootstrapping";
import { describedRoles } from "./describedRoles";

const LOGGED = { log_statement: "all", shared_preload_libraries: "pg_stat_statements" };

/** The roles of a server without superusers for us have what a master of PostgreSQL 15 cannot give taken away. */
const withoutSuperuser = (lines: readonly string[]): string[] =>
  lines
    .map((line) => line.replace("replication=t bypassrls=t", "replication=f bypassrls=f"))
    .filter((line) => line !== "extension pg_stat_statements in public");

describe.each([15, 16, 18] as const)("PostgreSQL %i", (version) => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ version, settings: LOGGED });
    await makeMaster(server);
  });
  afterAll(() => server.stop());

  const described = (database: string): Promise<string[]> => using(connectTo(server, database, server), describedRoles);

  it("makes roles, database, grants and extensions as a superuser (S1-39, S1-40, S4-15)", async () => {
    expect(await bootstrapAs(server, "circle")).toMatchObject({ created: true, warnings: [] });
    expect(await described("circle")).toEqual([
      "database circle owner=circle_owner encoding=UTF8 collate=C ctype=C provider=c limit=187 acl=circle=CONNECT/circle_owner circle_owner=CONNECT/circle_owner circle_owner=CREATE/circle_owner circle_owner=TEMPORARY/circle_owner circle_readonly=CONNECT/circle_owner circle_replication=CONNECT/circle_owner pg_monitor=CONNECT/circle_owner",
      "default for circle_owner in - on f: circle_owner=EXECUTE/circle_owner",
      "default for circle_owner in public on S: circle=SELECT/circle_owner circle=USAGE/circle_owner circle_readonly=SELECT/circle_owner circle_replication=SELECT/circle_owner",
      "default for circle_owner in public on f: circle=EXECUTE/circle_owner circle_readonly=EXECUTE/circle_owner",
      "default for circle_owner in public on r: circle=DELETE/circle_owner circle=INSERT/circle_owner circle=SELECT/circle_owner circle=UPDATE/circle_owner circle_readonly=SELECT/circle_owner circle_replication=SELECT/circle_owner",
      "extension pg_stat_statements in public",
      "extension pgcrypto in public",
      "extension plpgsql in pg_catalog",
      "role circle login=t inherit=t super=f createrole=f createdb=f replication=f bypassrls=f limit=160 config=",
      "role circle_owner login=t inherit=t super=f createrole=f createdb=f replication=f bypassrls=f limit=8 config=",
      "role circle_readonly login=t inherit=t super=f createrole=f createdb=f replication=f bypassrls=f limit=10 config=",
      "role circle_replication login=t inherit=t super=f createrole=f createdb=f replication=t bypassrls=t limit=4 config=",
      "schema public owner=circle_owner acl=circle=USAGE/circle_owner circle_owner=CREATE/circle_owner circle_owner=USAGE/circle_owner circle_readonly=USAGE/circle_owner circle_replication=USAGE/circle_owner pg_monitor=USAGE/circle_owner",
    ]);
  });

  it("makes the same as a master without superuser, and says what it could not make", async () => {
    const { created, warnings } = await bootstrapAs(server, "aibase", { login: MASTER });
    expect(created).toBe(true);
    expect(warnings.map((each) => each.split(/[,.:]/)[0])).toEqual([
      "aibase_replication cannot replicate",
      "aibase_replication obeys row-level security",
      "aibase goes without the extension pg_stat_statements",
    ]);
    const bySuperuser = (await described("circle")).map((line) => line.replaceAll("circle", "aibase"));
    expect(await described("aibase")).toEqual(withoutSuperuser(bySuperuser).sort());
  });

  it("gives the role of Amazon RDS for replication, where it is", async () => {
    await makeRds(server);
    const { warnings } = await bootstrapAs(server, "ai_breeding", { login: MASTER });
    expect(warnings.filter((each) => each.includes("cannot replicate"))).toEqual([]);
    expect(await described("ai_breeding")).toContain("member ai_breeding_replication of rds_replication");
  });

  it.each(["aibase", "4g3n7db"] as const)(
    "changes nothing in %s when it runs again, as either (S3-08)",
    async (name) => {
      const login = name === "aibase" ? MASTER : server;
      await bootstrapAs(server, name, { login });
      const state = async () => [
        await described(name),
        await server.psql("SELECT rolname, rolpassword, xmin FROM pg_authid ORDER BY 1"),
        await server.psql("SELECT roleid, member, xmin FROM pg_auth_members ORDER BY 1, 2"),
      ];
      const before = await state();
      expect(await bootstrapAs(server, name, { login })).toMatchObject({ created: false, progress: [] });
      expect(await state()).toEqual(before);
      expect(
        (await using(connectAs(server, name, "app"), (client) => client.query("SELECT current_user"))).rows,
      ).toEqual([{ current_user: name }]);
    },
  );

  it("applies a new password and new limits, and leaves the other roles' passwords alone", async () => {
    const again = { owner: "a new one: ä is not allowed" };
    await expect(bootstrapAs(server, "aibase", { login: MASTER, passwords: again })).rejects.toThrow("beyond ASCII");
    const { progress } = await bootstrapAs(server, "aibase", {
      login: MASTER,
      model: { limits: connectionLimits({ databases: 5 }) },
      passwords: { app: "a new one" },
    });
    expect(progress).toEqual(["role aibase_owner changed", "role aibase changed", "role aibase_readonly changed"]);
    await using(connectTo(server, "aibase", { user: "aibase", password: "a new one" }), async (client) => {
      const { rows } = await client.query("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user");
      expect(rows).toEqual([{ rolconnlimit: 32 }]);
    });
    await expect(connectAs(server, "aibase", "app")).rejects.toThrow("password authentication failed");
    await using(connectAs(server, "aibase", "owner"), async () => undefined);
  });

  it("sends no password to the server, so that no log and no statistics hold one", async () => {
    const statements = await server.psql("SELECT string_agg(query, ' ') FROM pg_stat_statements", "circle");
    const log = server.log();
    expect(log).toContain("SCRAM-SHA-256$4096:");
    for (const password of CATALOGUE_NAMES.flatMap((name) => Object.values(passwordsFor(name)))) {
      expect(log).not.toContain(password.replaceAll("'", "''"));
      expect(log).not.toContain(password);
      expect(statements).not.toContain(password.split("'")[0]);
    }
    expect(await server.psql("SELECT count(*) FROM pg_authid WHERE rolpassword !~ '^SCRAM-SHA-256.4096:'")).toBe("0");
  });

  it("does the part inside as the owner itself, where an operator made roles and database", async () => {
    const model = logicalDatabase("circle", { database: "operated" });
    const { owner, app, readonly, replication } = model.roles;
    const role = (name: string, limit: number, more = "") =>
      `CREATE ROLE ${name} LOGIN CONNECTION LIMIT ${limit} ${more}`;
    await server.psql(`${role(owner.name, 8, "PASSWORD 'x'")}; ${role(app.name, 160)}; ${role(readonly.name, 10)};
      ${role(replication.name, 4, "REPLICATION BYPASSRLS")};
      CREATE DATABASE operated OWNER operated_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
    const asOwner = () => connectTo(server, "operated", { user: owner.name, password: "x" });
    const warnings = await using(asOwner(), (client) => bootstrapInside(client, model));
    expect(warnings).toEqual([expect.stringMatching(/^operated goes without the extension pg_stat_statements: /)]);
    const bySuperuser = (await described("circle")).map((line) => line.replaceAll("circle", "operated"));
    expect(await described("operated")).toEqual(
      bySuperuser.filter((line) => line !== "extension pg_stat_statements in public").sort(),
    );
    expect(await using(asOwner(), (client) => bootstrapInside(client, model))).toEqual(warnings);
  });

  it("says no more what a superuser has given since, and leaves it", async () => {
    await server.psql("ALTER ROLE aibase_replication REPLICATION BYPASSRLS");
    const { warnings } = await bootstrapAs(server, "aibase", { login: MASTER, passwords: {} });
    expect(warnings).toEqual([expect.stringMatching(/^aibase goes without the extension pg_stat_statements: /)]);
    expect(await described("aibase")).toContainEqual(expect.stringContaining("replication=t bypassrls=t"));
  });

  it("lets two runs at once in one after the other", async () => {
    const model = { database: "twice" };
    const runs = await Promise.all([1, 2, 3].map(() => bootstrapAs(server, "circle", { login: MASTER, model })));
    expect(runs.map(({ created }) => created).sort()).toEqual([false, false, true]);
  });
});

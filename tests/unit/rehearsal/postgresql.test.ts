import { describe, expect, it } from "vitest";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { postgresql } from "../../../rehearsal/postgresql";
import { World } from "../../../rehearsal/world";
import { madeUp, opened, urnOf } from "./madeUp";

const of = (name: string): string => `postgresql:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const [DATABASE, ROLE, SCHEMA, GRANT] = [of("database"), of("role"), of("schema"), of("grant")];
const [EXTENSION, DEFAULTS] = [of("extension"), of("defaultPrivileges")];

/** A server on RDS with its master user and first database. */
function server() {
  const world = new World();
  const values = { username: "ladder_admin", dbName: "aibase" };
  const type = "aws:rds/instance:Instance";
  world.put({ type, id: "db-1", urn: urnOf(type, "primary"), values, serial: world.nextSerial() });
  const { simulation, subject } = madeUp({ models: [...postgresql.resources.values()], provider: postgresql, world });
  let count = 0;
  return {
    world,
    simulation,
    subject,
    refusals: (about: string, inputs: Values) =>
      simulation
        .check(subject("x", about), {}, inputs, "s")
        .refusals.map(({ property, reason }) => `${property}: ${reason}`),
    make: (about: string, inputs: Values, ...secrets: string[]) => {
      count += 1;
      return simulation.create(subject(`r${count}`, about), opened(inputs, ...secrets), false);
    },
    replaced: (about: string, old: Values, now: Values) => simulation.diff(subject("x", about), old, old, now),
  };
}

describe("names", () => {
  it.each([
    [DATABASE, "", "zero-length"],
    [DATABASE, "ü".repeat(32), "at most 63 bytes"],
    [DATABASE, "template1", "reserved"],
    [DATABASE, "a\0b", "character 0"],
    [ROLE, "pg_reader", "reserved"],
    [ROLE, "public", "reserved"],
    [SCHEMA, "pg_mine", "reserved"],
  ])("of %s: %j is refused", (type, name, reason) => {
    expect(server().refusals(type, { name })).toEqual([expect.stringContaining(reason)]);
  });

  it("in any letters and with any signs are taken, and unknown ones left alone", () => {
    const { refusals } = server();
    for (const name of ["ai_company", "4g3n7db", "Größe", 'a "quoted" name', "x".repeat(63), UNKNOWN])
      for (const type of [DATABASE, ROLE, SCHEMA]) expect(refusals(type, { name })).toEqual([]);
  });

  it("are made up where none is given, but not for an extension, which must exist", () => {
    const { simulation, subject, refusals } = server();
    expect(simulation.check(subject("app", ROLE), {}, {}, "s").inputs.name).toMatch(/^app-[0-9a-f]{7}$/);
    expect(refusals(EXTENSION, {})).toEqual([expect.stringMatching(/^name: must be given/)]);
  });
});

describe("what is named must be there", () => {
  it("an owner is a role that was made, or the master user", async () => {
    const { make } = server();
    await expect(make(DATABASE, { name: "one", owner: "nobody" })).rejects.toThrow(
      /^owner: there is no .*Role.* nobody$/,
    );
    await make(ROLE, { name: "app_owner" });
    await make(DATABASE, { name: "two", owner: "app_owner" });
    const three = await make(DATABASE, { name: "three", owner: "ladder_admin" });
    expect(three).toMatchObject({
      id: "three",
      values: { owner: "ladder_admin", encoding: "UTF8", connectionLimit: -1 },
    });
    expect((await make(DATABASE, { name: "four" })).values.owner).toBe("ladder_admin");
  });

  it("a grant is to a role or to everybody, in a database and a schema", async () => {
    const { make } = server();
    await make(ROLE, { name: "reader" });
    const grant = { role: "reader", database: "aibase", schema: "public", objectType: "table", privileges: ["SELECT"] };
    expect((await make(GRANT, grant)).id).toBe("reader_aibase_public_table");
    expect((await make(GRANT, { ...grant, role: "public" })).id).toBe("public_aibase_public_table");
    for (const wrong of [{ role: "writer" }, { database: "nothing" }, { schema: "nothing" }])
      await expect(make(GRANT, { ...grant, ...wrong })).rejects.toThrow("there is no");
  });

  it("a role may have roles that PostgreSQL and RDS bring along", async () => {
    const { make } = server();
    await make(ROLE, { name: "monitor", roles: ["pg_monitor", "rds_iam"] });
    await make(ROLE, { name: "child", roles: ["monitor"] });
    await expect(make(ROLE, { name: "other", roles: ["pg_nothing"] })).rejects.toThrow("there is no");
  });

  it("a second one of the same name is refused", async () => {
    const { make } = server();
    await make(ROLE, { name: "app" });
    await expect(make(ROLE, { name: "app" })).rejects.toThrow("app already exists");
  });
});

describe("grants", () => {
  const GIVEN = { role: "r", database: "d", schema: "s", objectType: "table", privileges: ["SELECT"] };

  it.each([
    [{ privileges: ["EXECUTE"] }, "privileges: EXECUTE is not an allowed privilege for table"],
    [{ objectType: "view" }, "objectType: must be one of"],
    [{ schema: undefined }, "schema: parameter 'schema' is mandatory"],
    [{ objectType: "schema", privileges: ["USAGE"], objects: ["t"] }, "objects: cannot be given"],
    [{ objectType: "column", objects: ["t"] }, "columns: belong to objectType column"],
    [{ columns: ["c"] }, "columns: belong to objectType column"],
  ])("with %j are refused", (change, reason) => {
    expect(server().refusals(GRANT, { ...GIVEN, ...change })).toEqual([expect.stringContaining(reason)]);
  });

  it("are judged as far as they are known", () => {
    expect(server().refusals(GRANT, { ...GIVEN, privileges: [UNKNOWN], objectType: UNKNOWN, schema: UNKNOWN })).toEqual(
      [],
    );
    expect(
      server().refusals(GRANT, { ...GIVEN, objectType: "database", schema: undefined, privileges: ["CONNECT"] }),
    ).toEqual([]);
  });

  it("by default are on kinds of objects, and never for everybody with the right to pass them on", () => {
    const { refusals } = server();
    const given = { role: "public", database: "d", owner: "o", objectType: "table", privileges: ["SELECT"] };
    expect(refusals(DEFAULTS, given)).toEqual([]);
    expect(refusals(DEFAULTS, { ...given, objectType: "database" })).toHaveLength(1);
    expect(refusals(DEFAULTS, { ...given, withGrantOption: true })).toHaveLength(1);
    expect(refusals(DEFAULTS, { ...given, objectType: "schema", privileges: ["USAGE"], schema: "s" })).toHaveLength(1);
  });
});

describe("changes", () => {
  it("of a grant's subject replace it, the old one first, and of its privileges do not", () => {
    const { replaced } = server();
    const old = { role: "r", database: "d", schema: "s", objectType: "table", privileges: ["SELECT"] };
    expect(replaced(GRANT, old, { ...old, objects: ["t"] }).replaces).toEqual(["objects"]);
    expect(replaced(GRANT, old, { ...old, withGrantOption: true })).toMatchObject({ deleteBeforeReplace: true });
    expect(replaced(GRANT, old, { ...old, privileges: ["SELECT", "INSERT"] }).replaces).toEqual([]);
  });

  it("of a database's encoding replace it, of its owner and name do not", () => {
    const { replaced } = server();
    const old = { name: "d", owner: "a", encoding: "UTF8" };
    expect(replaced(DATABASE, old, { ...old, encoding: "LATIN1" }).replaces).toEqual(["encoding"]);
    expect(replaced(DATABASE, old, { ...old, owner: "b", name: "e" }).replaces).toEqual([]);
  });

  it("of a role never replace it", () => {
    const old = { name: "r", login: false };
    expect(server().replaced(ROLE, old, { name: "s", login: true, connectionLimit: 5 }).replaces).toEqual([]);
  });
});

it("a password is secret, and stands nowhere in the world", async () => {
  const { make, world, refusals } = server();
  const { secrets } = await make(ROLE, { name: "app", password: "hunter2-hunter2" });
  expect([...secrets]).toEqual(expect.arrayContaining(["password"]));
  expect(JSON.stringify(world.all())).not.toContain("hunter2-hunter2");
  expect(refusals(ROLE, { name: "root", superuser: true })).toEqual([expect.stringContaining("superuser")]);
});

it("extensions and schemas lie in the first database where none is named", async () => {
  const { make, replaced } = server();
  expect((await make(EXTENSION, { name: "pg_stat_statements" })).id).toBe("aibase.pg_stat_statements");
  expect((await make(SCHEMA, { name: "app" })).values).toMatchObject({ database: "aibase", owner: "ladder_admin" });
  expect(replaced(EXTENSION, { name: "a" }, { name: "b" }).replaces).toEqual(["name"]);
  expect(replaced(SCHEMA, { name: "a" }, { name: "b" }).replaces).toEqual([]);
});

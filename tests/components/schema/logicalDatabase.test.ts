import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { connectionLimits } from "../../../catalogue/connectionLimits";
import { ROLE_KINDS } from "../../../catalogue/roles";
import { scramVerifier } from "../../../schema/bootstrap";
import { CATALOGUE_NAMES } from "../../../settings/fields";
import { resolved } from "../../support/mocks";
import { makeLogicalDatabase } from "./makeLogicalDatabase";

const isSecret = (output: pulumi.Output<unknown>): Promise<boolean> => pulumi.isSecret(output);

describe("a logical database", () => {
  it.each(CATALOGUE_NAMES)("%s has a database of the C locale, and four roles that can make nothing", async (name) => {
    const { one, all } = await makeLogicalDatabase(name);
    expect(one("database:Database").inputs).toEqual({
      name,
      owner: `${name}_owner`,
      template: "template0",
      encoding: "UTF8",
      lcCollate: "C",
      lcCtype: "C",
      connectionLimit: 187,
    });
    const roles = all("role:Role").map(({ inputs: { password: _, ...inputs } }) => inputs);
    const common = {
      login: true,
      inherit: true,
      superuser: false,
      createRole: false,
      createDatabase: false,
      roles: [],
    };
    const guest = { replication: false, bypassRowLevelSecurity: false };
    expect(roles).toEqual([
      { ...common, ...guest, name: `${name}_owner`, connectionLimit: 8 },
      { ...common, ...guest, name, connectionLimit: 160 },
      { ...common, ...guest, name: `${name}_readonly`, connectionLimit: 10 },
      { ...common, name: `${name}_replication`, connectionLimit: 4, replication: true, bypassRowLevelSecurity: true },
    ]);
  });

  it("asks Amazon RDS for its role instead of attributes that only its superuser gives", async () => {
    const { one } = await makeLogicalDatabase("circle", { server: "rds" });
    expect(one("role:Role", "circle-replication").inputs).toMatchObject({
      replication: false,
      bypassRowLevelSecurity: false,
      roles: ["rds_replication"],
    });
  });

  it("makes what is inside one after the other, and only when the database and its roles are there", async () => {
    const { resources, find, logical } = await makeLogicalDatabase("circle");
    const kinds = resources.map(({ type }) => type.split(":").at(-1));
    expect(kinds.slice(0, 4)).toEqual(["Role", "Role", "Role", "Role"]);
    expect(kinds.slice(4, 6)).toEqual(["Database", "Schema"]);
    const inside = resources.slice(4);
    expect(inside).toHaveLength(1 + 1 + 10 + 2 + 9);
    for (const [index, { name }] of inside.slice(1).entries()) {
      // The engine's SDK makes a list of the one that was given.
      const waits = [find(name).opts.dependsOn].flat() as pulumi.Resource[];
      const urns = await Promise.all(waits.map(({ urn }) => resolved(urn)));
      expect(
        urns.some((urn) => urn.endsWith(`::${inside[index]?.name}`)),
        `${name} after ${urns}`,
      ).toBe(true);
    }
    expect(logical.model.database).toBe("circle");
  });

  it("gives nothing on tables that are there: partitions of their own name stay closed", async () => {
    const { all } = await makeLogicalDatabase("circle");
    expect(new Set(all("grant:Grant").map(({ inputs }) => inputs.objectType))).toEqual(new Set(["database", "schema"]));
  });

  it("takes everything from PUBLIC", async () => {
    const { resources } = await makeLogicalDatabase("circle");
    const everybody = resources.filter(({ inputs }) => inputs.role === "public").map(({ inputs }) => inputs);
    expect(everybody.map(({ objectType, privileges }) => [objectType, privileges])).toEqual([
      ["database", []],
      ["schema", []],
      ["function", []],
    ]);
  });
});

describe("its passwords", () => {
  it("are generated, secret, and told to the server as verifiers only (S1-40)", async () => {
    const { logical, one, all, resources } = await makeLogicalDatabase("circle");
    const generated = all("RandomPassword");
    expect(generated.map(({ inputs }) => inputs)).toEqual(Array(4).fill({ length: 40, special: false }));
    for (const kind of ROLE_KINDS) {
      const { password } = logical.endpoints[kind];
      expect(await isSecret(password)).toBe(true);
      const plain = await resolved(password);
      const salt = String(one("RandomId", `circle-${kind}-salt`).outputs.b64Std);
      expect(one("role:Role", `circle-${kind}`).inputs.password).toBe(scramVerifier(plain, salt));
      expect(JSON.stringify(resources)).not.toContain(plain);
    }
  });

  it("may be given for the application, which a proxy knows already", async () => {
    const { logical, all } = await makeLogicalDatabase("aibase", { appPassword: "given" });
    expect(await resolved(logical.endpoints.app.password)).toBe("given");
    expect(await isSecret(logical.endpoints.app.password)).toBe(true);
    expect(all("RandomPassword")).toHaveLength(3);
  });
});

describe("its endpoints", () => {
  it("lead each role to the writer, and readers to the reader", async () => {
    const { logical } = await makeLogicalDatabase("4g3n7db", {
      readerHost: "reader.example.com",
      sslmode: "verify-full",
    });
    const { app, readonly, owner } = logical.endpoints;
    expect(app).toMatchObject({ kind: "postgresql", port: 5432, name: "4g3n7db", sslmode: "verify-full" });
    expect(await resolved(app.username)).toBe("4g3n7db");
    expect(await resolved(app.host)).toBe("database.example.com");
    expect(await resolved(readonly.host)).toBe("reader.example.com");
    expect(await resolved(owner.host)).toBe("database.example.com");
    expect(await resolved(owner.username)).toBe("4g3n7db_owner");
  });
});

describe("its protection", () => {
  it("keeps the database and its owner, and never drops schema or extensions", async () => {
    const { find } = await makeLogicalDatabase("circle");
    expect(find("circle-database").opts.protect).toBe(true);
    expect(find("circle-owner").opts.protect).toBe(true);
    expect(find("circle-app").opts.protect).toBe(false);
    for (const name of ["circle-schema", "circle-pgcrypto", "circle-pg_stat_statements"])
      expect(find(name).opts.retainOnDelete).toBe(true);
  });

  it("can be off", async () => {
    const { find } = await makeLogicalDatabase("circle", { deletionProtection: false });
    expect(find("circle-database").opts.protect).toBe(false);
  });
});

it("takes other limits, names and transforms", async () => {
  const { one } = await makeLogicalDatabase("circle", {
    limits: connectionLimits({ databases: 5 }),
    names: { app: "host_user" },
    transform: {
      database: (args) => ({ ...args, tablespaceName: "fast" }),
      role: (args) => ({ ...args, validUntil: "2030-01-01" }),
    },
  });
  expect(one("database:Database").inputs).toMatchObject({ tablespaceName: "fast", connectionLimit: 47 });
  expect(one("role:Role", "circle-app").inputs).toMatchObject({
    name: "host_user",
    connectionLimit: 32,
    validUntil: "2030-01-01",
  });
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { resolved } from "../../../support/mocks";
import { CLUSTER, DATABASE, makeCnpg, SECRET } from "./makeCnpg";

describe("roles and databases", () => {
  it("gives each database an owner of its own, and keeps the database when it leaves the stack", async () => {
    const { all } = await makeCnpg();
    expect(all(DATABASE).map(({ inputs }) => inputs.spec)).toMatchObject(
      ["ai_company", "4g3n7db"].map((name) => ({
        cluster: { name: "postgres" },
        name,
        owner: `${name}_owner`,
        template: "template0",
        encoding: "UTF8",
        localeCollate: "C",
        localeCType: "C",
        databaseReclaimPolicy: "retain",
      })),
    );
    expect(all(DATABASE).map(({ inputs }) => Object(inputs.metadata).name)).toEqual([
      "postgres-ai-company",
      "postgres-4g3n7db",
    ]);
  });

  it("S1-40: makes an application's role named as its database that owns nothing, beside an owner, a reader and a stream", async () => {
    const { spec } = await makeCnpg();
    const { roles } = spec(CLUSTER).managed as { roles: { name: string }[] };
    const of = (database: string) => roles.filter(({ name }) => name.startsWith(database));
    // The owner of the first database is born with it.
    expect(of("aibase").map(({ name }) => name)).toEqual(["aibase", "aibase_readonly", "aibase_replication"]);
    expect(of("aibase")[0]).toMatchObject({ connectionLimit: 160 });
    expect(of("4g3n7db")).toMatchObject([
      { name: "4g3n7db_owner", login: true, passwordSecret: { name: "postgres-role-4g3n7db-owner" } },
      { name: "4g3n7db", login: true, passwordSecret: { name: "postgres-role-4g3n7db" }, connectionLimit: 53 },
      { name: "4g3n7db_readonly", login: true, passwordSecret: { name: "postgres-role-4g3n7db-readonly" } },
      { name: "4g3n7db_replication", replication: true, bypassrls: true },
    ]);
    expect(roles.at(-1)).toMatchObject({
      name: "platform_dump",
      bypassrls: true,
      inRoles: ["pg_read_all_data", "pg_monitor"],
    });
    for (const role of [...of("aibase"), ...of("4g3n7db")])
      expect(role).not.toHaveProperty(role.name.endsWith("_replication") ? "superuser" : "bypassrls");
  });

  it("keeps each password in a Secret of the operator's form, and nowhere else", async () => {
    const { all, made, database } = await makeCnpg();
    const secrets = all(SECRET).filter(({ inputs }) => inputs.type === "kubernetes.io/basic-auth");
    const decoded = secrets.map(({ inputs }) => {
      const { username, password } = inputs.data as { username: string; password: string };
      return [Buffer.from(username, "base64").toString(), Buffer.from(password, "base64").toString()] as const;
    });
    expect(decoded.map(([username]) => username)).toEqual([
      ...["aibase", "ai_company", "4g3n7db"].flatMap((database) =>
        ["_owner", "", "_readonly", "_replication"].map((end) => `${database}${end}`),
      ),
      "platform_dump",
    ]);
    expect(new Set(decoded.map(([, password]) => password)).size).toBe(13);
    for (const { inputs } of secrets)
      expect(inputs).toMatchObject({ metadata: { labels: { "cnpg.io/reload": "true" } } });
    const rest = JSON.stringify(
      made.filter(({ type }) => !type.endsWith(SECRET)).map(({ type, inputs }) => [type, inputs]),
    );
    for (const [, password] of decoded) expect(rest).not.toContain(password);
    expect(rest).not.toContain("the-secret-key");
    expect(await pulumi.isSecret(database.endpoint.password)).toBe(true);
  });

  it("tells dumps a role that may read everything and change nothing, past the pooler", async () => {
    const { database } = await makeCnpg();
    const { host, username, port, sslmode } = database.dumpEndpoint;
    expect([await resolved(host), await resolved(username), port, sslmode]).toEqual([
      "postgres-rw.aibase.svc.cluster.local",
      "platform_dump",
      5432,
      "require",
    ]);
    expect([...database.roles.keys()]).toEqual(["aibase", "ai_company", "4g3n7db"]);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecret, makeDatabase, resolved, SMB, statements } from "./makeDatabase";

describe("the endpoint", () => {
  it("S1-11: is the application's role on its database, over TLS", async () => {
    const { database } = await makeDatabase();
    const { endpoint } = database;
    expect(endpoint).toMatchObject({
      kind: "postgresql",
      port: 5432,
      name: "aibase",
      sslmode: "require",
      poolMax: 20,
    });
    expect(await resolved(endpoint.username)).toBe("aibase");
  });

  it("has a password of 40 letters and digits, and keeps it a secret", async () => {
    const { database, one } = await makeDatabase();
    const { inputs, outputs } = one("RandomPassword", "database-app-password");
    expect(inputs).toMatchObject({ length: 40, special: false });
    expect(await resolved(database.endpoint.password)).toBe(outputs.result);
    expect(await isSecret(database.endpoint.password)).toBe(true);
  });

  it("is the proxy where there is one, else the primary", async () => {
    const { database, one } = await makeDatabase();
    expect(await resolved(database.endpoint.host)).toBe(one(":Proxy").outputs.endpoint);
    const small = await makeDatabase({}, SMB);
    expect(await resolved(small.database.endpoint.host)).toBe(small.one("rds/instance:Instance").outputs.address);
    expect(small.database.endpoint.readerHost).toBeUndefined();
  });

  it("S3-26: tells where reports read, beside where everything writes", async () => {
    const { database, one } = await makeDatabase();
    const { readerHost } = database.endpoint;
    expect(readerHost && (await resolved(readerHost))).toBe(one(":Instance", "replica-1").outputs.address);
    expect(await Promise.all(database.readerHosts.map(({ host }) => resolved(host)))).toEqual(
      ["replica-1", "replica-2"].map((name) => one(":Instance", name).outputs.address),
    );
  });

  it.each(["circle", "4g3n7db", "ai_company"] as const)("of %s has a role of the database's own name", async (name) => {
    const { database } = await makeDatabase({ databaseName: name });
    expect(database.endpoint.name).toBe(name);
    expect(await resolved(database.endpoint.username)).toBe(name);
  });

  it("has the pool that was asked for", async () => {
    expect((await makeDatabase({ poolMax: 7 })).database.endpoint.poolMax).toBe(7);
  });
});

describe("the secrets", () => {
  it("are two, encrypted with the database's key, and come back within thirty days", async () => {
    const { all, one, database } = await makeDatabase();
    const key = one("key:Key", "database-key-key").outputs.arn;
    const secrets = all("secret:Secret");
    // Prefixes: a fixed name stays taken for the days of recovery.
    expect(secrets.map(({ inputs }) => inputs.namePrefix).sort()).toEqual([
      "aibase-test-database-app-",
      "aibase-test-database-master-",
    ]);
    for (const { inputs } of secrets) expect(inputs).toMatchObject({ kmsKeyId: key, recoveryWindowInDays: 30 });
    expect(await resolved(database.masterSecretArn)).toBe(one("secret:Secret", "master-secret").outputs.arn);
    expect(await resolved(database.appSecretArn)).toBe(one("secret:Secret", "app-secret").outputs.arn);
  });

  it("hold what the rotation and the proxy read, and are secrets all the way", async () => {
    const { inputs, one, asked } = await makeDatabase();
    const primary = one(":Instance", "database-primary");
    expect(JSON.parse(String(inputs("database-master-secret-version").secretString))).toEqual({
      engine: "postgres",
      host: primary.outputs.address,
      port: 5432,
      username: "platform_master",
      password: primary.inputs.password,
      dbname: "postgres",
    });
    expect(JSON.parse(String(inputs("database-app-secret-version").secretString))).toEqual({
      engine: "postgres",
      port: 5432,
      username: "aibase",
      password: one("RandomPassword", "app-password").outputs.result,
      dbname: "aibase",
    });
    for (const name of ["database-master-secret-version", "database-app-secret-version"])
      expect(await isSecret(asked.get(name)?.secretString)).toBe(true);
  });

  it("have no password in any other input than those that must hold it", async () => {
    const { registered, one } = await makeDatabase();
    const passwords = ["master", "app"].map((user) => String(one("RandomPassword", `${user}-password`).outputs.result));
    const holding = registered.filter(({ inputs }) =>
      passwords.some((password) => JSON.stringify(inputs).includes(password)),
    );
    expect(holding.map(({ name }) => name).sort()).toEqual([
      "database-app-secret-version",
      "database-master-secret-version",
      "database-primary",
    ]);
  });
});

describe("the rotation", () => {
  it("is AWS's own application, in private subnets, for the master's secret", async () => {
    const { inputs, one, all } = await makeDatabase({ rotationDays: 12 });
    const subnets = all("subnet:Subnet").filter(({ name }) => name.startsWith("private"));
    const application = inputs("database-rotation");
    expect(String(application.applicationId)).toMatch(/:applications\/SecretsManagerRDSPostgreSQLRotationSingleUser$/);
    expect(application).toMatchObject({
      semanticVersion: "1.1.671",
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
      parameters: {
        endpoint: "https://secretsmanager.us-east-1.amazonaws.com",
        functionName: "aibase-test-rotation",
        kmsKeyArn: one("key:Key", "database-key-key").outputs.arn,
      },
    });
    const { vpcSubnetIds, excludeCharacters } = application.parameters as Record<string, string>;
    expect(vpcSubnetIds?.split(",").sort()).toEqual(
      subnets.map(({ outputs }) => String(outputs.arn).split("/").at(-1)).sort(),
    );
    for (const character of ["/", "@", '"', " ", ":", "?", "#", "%"]) expect(excludeCharacters).toContain(character);
    expect(inputs("database-master-rotation")).toMatchObject({
      secretId: one("secret:Secret", "master-secret").outputs.arn,
      rotationRules: { automaticallyAfterDays: 12 },
      rotateImmediately: false,
    });
  });

  it("begins once there is something to rotate", async () => {
    const { order } = await makeDatabase();
    expect(order.indexOf("database-master-secret-version")).toBeLessThan(order.indexOf("database-master-rotation"));
  });

  it("is never undone: the first value stays the first value", async () => {
    const { find } = await makeDatabase();
    expect(find("database-master-secret-version").opts.ignoreChanges).toEqual(["secretString"]);
    expect(find("database-app-secret-version").opts.ignoreChanges ?? []).toEqual([]);
  });
});

describe("who may connect", () => {
  const sources = async (more = {}, base?: typeof SMB) => {
    const { all } = await makeDatabase(more, base);
    return all("SecurityGroupIngressRule")
      .map(({ name, inputs }) => [name, inputs.cidrIpv4 ?? "a group", inputs.fromPort, inputs.toPort])
      .sort();
  };

  it("is the range that was asked for, the proxy and the rotation, on PostgreSQL's port only", async () => {
    expect(await sources({ allowFrom: { cidr: "10.20.64.0/18" } })).toEqual([
      ["database-from-clients", "10.20.64.0/18", 5432, 5432],
      ["database-proxy-from-clients", "10.20.64.0/18", 5432, 5432],
      ["database-proxy-into-database", "a group", 5432, 5432],
      ["database-rotation-into-database", "a group", 5432, 5432],
    ]);
  });

  it("has no proxy's rules where there is no proxy", async () => {
    expect(await sources({}, SMB)).toEqual([
      ["database-from-clients", "10.20.0.0/16", 5432, 5432],
      ["database-rotation-into-database", "a group", 5432, 5432],
    ]);
  });

  it("lets the database itself open no connection", async () => {
    const { all, one } = await makeDatabase();
    const group = one("securityGroup:SecurityGroup", "database-database-access").outputs.arn;
    const id = String(group).split("/").at(-1);
    const egress = all("SecurityGroupEgressRule");
    expect(egress.map(({ name }) => name).sort()).toEqual([
      "database-proxy-to-database",
      "database-rotation-to-api",
      "database-rotation-to-database",
    ]);
    expect(egress.filter(({ inputs }) => inputs.securityGroupId === id)).toEqual([]);
  });
});

describe("the proxy", () => {
  it("demands TLS, knows both users by their secrets, and stands in the private subnets", async () => {
    const { one, database } = await makeDatabase();
    const { inputs } = one(":Proxy");
    expect(inputs).toMatchObject({
      name: "aibase-test-database",
      engineFamily: "POSTGRESQL",
      requireTls: true,
      idleClientTimeout: 1800,
    });
    expect((inputs.auths as { secretArn: string; authScheme: string }[]).map(({ secretArn }) => secretArn)).toEqual([
      one("secret:Secret", "app-secret").outputs.arn,
      one("secret:Secret", "master-secret").outputs.arn,
    ]);
    expect(inputs.vpcSubnetIds).toHaveLength(3);
    expect(database.proxyName).toBe("aibase-test-database");
  });

  it("may read its two secrets and nothing else", async () => {
    const { inputs, one } = await makeDatabase();
    expect(statements(inputs("database-proxy-permissions").policy)).toEqual([
      {
        Sid: "ReadCredentials",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: [one("secret:Secret", "master-secret").outputs.arn, one("secret:Secret", "app-secret").outputs.arn],
      },
      {
        Sid: "DecryptCredentials",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: one("key:Key", "database-key-key").outputs.arn,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    ]);
  });

  it("lends out four fifths of the connections, for the writer only", async () => {
    const { inputs, all } = await makeDatabase();
    expect(inputs("database-proxy-pool").connectionPoolConfig).toEqual({
      maxConnectionsPercent: 80,
      maxIdleConnectionsPercent: 40,
      connectionBorrowTimeout: 10,
    });
    expect(all(":ProxyTarget").map((target) => target.inputs.dbInstanceIdentifier)).toEqual(["aibase-test-database"]);
  });

  it("is made beside the primary: only its target waits for both", async () => {
    const { asked, find } = await makeDatabase();
    const waitsFor = (name: string) => [find(name).opts.dependsOn ?? []].flat();
    expect(waitsFor("database-proxy")).toHaveLength(3);
    const target = asked.get("database-proxy-target");
    expect([target?.dbProxyName, target?.dbInstanceIdentifier].every(pulumi.Output.isInstance)).toBe(true);
  });

  it("is not made unless it is asked for", async () => {
    const { all, database } = await makeDatabase({ pooler: false });
    expect([all(":Proxy"), all(":ProxyTarget"), all("ProxyDefaultTargetGroup")]).toEqual([[], [], []]);
    expect(database.proxyName).toBeUndefined();
  });

  it("has the last word of the user", async () => {
    const { one } = await makeDatabase({ transform: { proxy: (args) => ({ ...args, debugLogging: true }) } });
    expect(one(":Proxy").inputs.debugLogging).toBe(true);
  });
});

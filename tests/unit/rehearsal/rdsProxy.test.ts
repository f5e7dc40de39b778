import { describe, expect, it } from "vitest";
import type { Values } from "../../../rehearsal/model";
import { cloudWithInstance, INSTANCE, REPLICA } from "./databaseCloud";

const PROXY = "aws:rds/proxy:Proxy";
const POOL = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";
const TARGET = "aws:rds/proxyTarget:ProxyTarget";
const COPY = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

describe("a proxy", () => {
  async function cloudWithProxy() {
    const cloud = await cloudWithInstance();
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "rds.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const role = await cloud.create("aws:iam/role:Role", { name: "proxy", assumeRolePolicy: trust });
    const secret = await cloud.create("aws:secretsmanager/secret:Secret", { name: "user" });
    const inputs = {
      name: "proxy",
      engineFamily: "POSTGRESQL",
      roleArn: role.arn,
      vpcSubnetIds: [cloud.a, cloud.b],
      auths: [{ authScheme: "SECRETS", secretArn: secret.arn }],
    };
    return { ...cloud, inputs };
  }

  it("lends connections of an instance, at an endpoint of its own", async () => {
    const { create, inputs, instance } = await cloudWithProxy();
    const proxy = await create(PROXY, inputs);
    expect(proxy.endpoint).toMatch(/^proxy\.proxy-c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/);
    const pool = await create(POOL, { dbProxyName: "proxy" });
    expect(pool.name).toBe("default");
    const target = await create(TARGET, {
      dbProxyName: "proxy",
      targetGroupName: "default",
      dbInstanceIdentifier: "db",
    });
    expect(target).toMatchObject({ id: "proxy/default/RDS_INSTANCE/db", endpoint: instance.address, port: 5432 });
  });

  it("is renamed in place, and replaced by other subnets", async () => {
    const { create, replaces, inputs, a, a2 } = await cloudWithProxy();
    const { id } = await create(PROXY, inputs);
    expect(replaces(PROXY, String(id), { name: "other", requireTls: true })).toEqual([]);
    expect(replaces(PROXY, String(id), { vpcSubnetIds: [a, a2] })).toEqual(["vpcSubnetIds[1]"]);
    expect(replaces(PROXY, String(id), { engineFamily: "MYSQL" })).toEqual(["engineFamily"]);
  });

  it("is refused in one zone, without a secret, with an unknown one, and with a wrong engine", async () => {
    const { create, inputs, a, a2 } = await cloudWithProxy();
    const made = (more: Values) => create(PROXY, { ...inputs, ...more });
    await expect(made({ vpcSubnetIds: [a, a2] })).rejects.toThrow(/two availability zones/);
    await expect(made({ auths: [{ authScheme: "SECRETS" }] })).rejects.toThrow(/a secret is required/);
    await expect(made({ auths: [{ authScheme: "SECRETS", secretArn: "arn:none" }] })).rejects.toThrow(/there is no/);
    await expect(made({ engineFamily: "POSTGRES" })).rejects.toThrow(/POSTGRESQL/);
    await expect(made({ idleClientTimeout: 30_000 })).rejects.toThrow(/8 hours/);
  });

  it("takes no read replica, no unknown instance and no impossible pool", async () => {
    const { create, inputs } = await cloudWithProxy();
    await create(PROXY, inputs);
    await create(INSTANCE, REPLICA);
    await expect(
      create(POOL, { dbProxyName: "proxy", connectionPoolConfig: { maxConnectionsPercent: 120 } }),
    ).rejects.toThrow(/1 to 100/);
    await create(POOL, { dbProxyName: "proxy" });
    const target = (dbInstanceIdentifier: string) =>
      create(TARGET, { dbProxyName: "proxy", targetGroupName: "default", dbInstanceIdentifier });
    await expect(target("db-replica")).rejects.toThrow(/read replica/);
    await expect(target("nobody")).rejects.toThrow(/there is no/);
  });
});

describe("copies of backups", () => {
  const copy = (more: Values = {}): Values => ({
    sourceDbInstanceArn: "arn:aws:rds:us-east-1:123456789012:db:db",
    region: "us-west-2",
    retentionPeriod: 7,
    ...more,
  });

  it("lie in the other region, and begin anew with every change", async () => {
    const { create, replaces } = await cloudWithInstance();
    const key = await create("aws:kms/key:Key", { region: "us-west-2" });
    const made = await create(COPY, copy({ kmsKeyId: key.arn }));
    expect(made.id).toMatch(/^arn:aws:rds:us-west-2:123456789012:auto-backup:ab-/);
    expect(replaces(COPY, made.id, { retentionPeriod: 14 })).toEqual(["retentionPeriod"]);
  });

  it("are refused in the same region, with a key of another one, without a key, and of nothing", async () => {
    const { create } = await cloudWithInstance();
    const key = await create("aws:kms/key:Key", {});
    const made = (more: Values) => create(COPY, copy(more));
    await expect(made({ region: "us-east-1", kmsKeyId: key.arn })).rejects.toThrow(/this very region/);
    await expect(made({ kmsKeyId: key.arn })).rejects.toThrow(/must be in us-west-2/);
    await expect(made({})).rejects.toThrow(/required for an encrypted source/);
    await expect(made({ retentionPeriod: 36 })).rejects.toThrow(/1 to 35/);
    await expect(made({ sourceDbInstanceArn: "arn:aws:rds:us-east-1:123456789012:db:none" })).rejects.toThrow(
      /there is no/,
    );
  });
});

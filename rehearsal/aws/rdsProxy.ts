import { type Cloud, type Refusal, type ResourceModel, text, type Values } from "../model";
import { isObject } from "../values";
import { endpointHash } from "./rdsInstance";
import { INSTANCE, instanceNamed } from "./rdsInstanceRules";

const PROXY = "aws:rds/proxy:Proxy";
const TARGET_GROUP = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";

function checkProxy({ name, auths, vpcSubnetIds, idleClientTimeout }: Values, cloud: Cloud): Refusal[] {
  const ids: unknown[] = Array.isArray(vpcSubnetIds) ? vpcSubnetIds : [];
  const zones = ids.map((id) => text(cloud.find("aws:ec2/subnet:Subnet", text(id))?.values.availabilityZone));
  const known = zones.every((zone) => zone !== "");
  const entries = (Array.isArray(auths) ? auths : []).filter(isObject);
  const timeout = Number(idleClientTimeout ?? 1800);
  return [
    ...(text(name) === "" || /^[A-Za-z](-?[A-Za-z0-9]){0,62}$/.test(text(name))
      ? []
      : [
          {
            property: "name",
            reason: "InvalidParameterValue: letters, digits and single hyphens, beginning with a letter",
          },
        ]),
    ...(known && ids.length > 0 && new Set(zones).size < 2
      ? [{ property: "vpcSubnetIds", reason: "InvalidSubnet: the subnets must lie in two availability zones or more" }]
      : []),
    ...(entries.some((entry) => entry.authScheme === "SECRETS" && entry.secretArn === undefined)
      ? [
          {
            property: "auths",
            reason: "InvalidParameterValue: a secret is required for the authentication scheme SECRETS",
          },
        ]
      : []),
    ...(timeout >= 1 && timeout <= 28_800
      ? []
      : [{ property: "idleClientTimeout", reason: "InvalidParameterValue: 1 second to 8 hours" }]),
  ];
}

/** A proxy can be renamed in place, and its endpoint with it. */
const proxy: ResourceModel = {
  type: PROXY,
  replaces: ["endpointNetworkType", "engineFamily", "targetConnectionNetworkType", "vpcSubnetIds"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/proxy.go",
  published: { type: "AWS::RDS::DBProxy", names: { name: "DBProxyName", requireTls: "RequireTLS", auths: "Auth" } },
  references: {
    "auths.secretArn": { types: ["aws:secretsmanager/secret:Secret"], by: "arn" },
    roleArn: { types: ["aws:iam/role:Role"], by: "arn" },
    vpcSecurityGroupIds: { types: ["aws:ec2/securityGroup:SecurityGroup"] },
    vpcSubnetIds: { types: ["aws:ec2/subnet:Subnet"] },
  },
  autonamed: { property: "name", limit: 60 },
  seconds: { create: 300, update: 60, delete: 180 },
  unique: ({ name }, { region }) => (text(name) === "" ? undefined : `${region}/${text(name).toLowerCase()}`),
  check: checkProxy,
  id: ({ name }) => text(name),
  outputs: ({ name }, making) => ({
    arn: making.arn("rds", `db-proxy:prx-${making.hex(17, "proxy")}`),
    endpoint: `${text(name)}.proxy-${endpointHash(making)}.${making.region}.rds.amazonaws.com`,
    endpointNetworkType: "IPV4",
    targetConnectionNetworkType: "IPV4",
  }),
  recomputed: { name: ["endpoint"] },
};

function checkPool({ connectionPoolConfig: pool }: Values): Refusal[] {
  if (!isObject(pool)) return [];
  const [max, idle, borrow] = [
    Number(pool.maxConnectionsPercent ?? 100),
    Number(pool.maxIdleConnectionsPercent ?? 50),
    Number(pool.connectionBorrowTimeout ?? 120),
  ];
  const wrong = (name: string, reason: string): Refusal => ({ property: `connectionPoolConfig.${name}`, reason });
  return [
    ...(max < 1 || max > 100 ? [wrong("maxConnectionsPercent", "must be 1 to 100")] : []),
    ...(idle < 0 || idle > max ? [wrong("maxIdleConnectionsPercent", "must be 0 to maxConnectionsPercent")] : []),
    ...(borrow < 0 || borrow > 3600 ? [wrong("connectionBorrowTimeout", "must be 0 to 3600 seconds")] : []),
  ];
}

/** It comes with the proxy: making it only sets the pool, deleting it does nothing. */
const targetGroup: ResourceModel = {
  type: TARGET_GROUP,
  replaces: ["dbProxyName"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/proxy_default_target_group.go",
  references: { dbProxyName: { types: [PROXY], by: "name" } },
  seconds: { create: 5 },
  check: checkPool,
  id: ({ dbProxyName }) => text(dbProxyName),
  outputs: (_inputs, { arn, hex }) => ({ name: "default", arn: arn("rds", `target-group:prx-tg-${hex(17, "group")}`) }),
};

function checkTarget({ dbInstanceIdentifier, dbClusterIdentifier }: Values, cloud: Cloud): Refusal[] {
  if ((dbInstanceIdentifier === undefined) === (dbClusterIdentifier === undefined))
    return [
      { property: "dbInstanceIdentifier", reason: "one of dbInstanceIdentifier, dbClusterIdentifier is required" },
    ];
  const source = instanceNamed(cloud, dbInstanceIdentifier)?.values.replicateSourceDb;
  return text(source) === ""
    ? []
    : [
        {
          property: "dbInstanceIdentifier",
          reason: "InvalidParameterValue: a read replica cannot be a proxy's target",
        },
      ];
}

const target: ResourceModel = {
  type: "aws:rds/proxyTarget:ProxyTarget",
  replaces: ["dbProxyName", "dbInstanceIdentifier", "dbClusterIdentifier", "targetGroupName"],
  source: "hashicorp/terraform-provider-aws internal/service/rds/proxy_target.go",
  references: {
    dbProxyName: { types: [PROXY], by: "name" },
    targetGroupName: { types: [TARGET_GROUP], by: "name" },
    dbInstanceIdentifier: { types: [INSTANCE], by: "identifier" },
  },
  seconds: { create: 30 },
  check: checkTarget,
  id: ({ dbProxyName, targetGroupName, dbInstanceIdentifier }) =>
    [dbProxyName, targetGroupName, "RDS_INSTANCE", dbInstanceIdentifier].map(text).join("/"),
  outputs: ({ dbInstanceIdentifier }, cloud) => {
    const instance = instanceNamed(cloud, dbInstanceIdentifier)?.values ?? {};
    return {
      endpoint: instance.address,
      port: instance.port,
      rdsResourceId: dbInstanceIdentifier,
      type: "RDS_INSTANCE",
      targetArn: "",
      trackedClusterId: "",
    };
  },
};

export const proxies: readonly ResourceModel[] = [proxy, targetGroup, target];

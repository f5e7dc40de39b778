import { type Cloud, type Making, type ResourceModel, text, UNKNOWN, type Values } from "../model";
import { items } from "../values";
import { FAMILIES, fullVersion, wrongParameter } from "./elasticacheEngines";
import {
  GROUP,
  isClustered,
  PARAMETERS,
  refusedGroup,
  refusedGroupChange,
  refusedMembers,
  refusedUser,
  replacedGroup,
  shapeOf,
  USER,
  USER_GROUP,
} from "./elasticacheRules";

const SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const SOURCE = "hashicorp/terraform-provider-aws internal/service/elasticache";

/** How AWS shortens a region in names: us-east-1 is use1, ap-southeast-2 is apse2. */
export function shortRegion(region: string): string {
  const [place = "", ...rest] = region.split("-");
  const number = rest.at(-1) ?? "";
  const direction = rest
    .slice(0, -1)
    .join("")
    .replace(/north|south|east|west|central/g, (word) => word.charAt(0));
  return `${place}${direction}${number}`;
}

/** Names as AWS gives them: with encryption in transit `master.…` and `replica.…`, in cluster mode `clustercfg.…`. */
function endpointsOf(inputs: Values, { hex, region, ...cloud }: Making): Values {
  const id = text(inputs.replicationGroupId);
  const zone = `${hex(6, "endpoint")}.${shortRegion(region)}.cache.amazonaws.com`;
  const encrypted = inputs.transitEncryptionEnabled === true;
  if (isClustered(inputs, { ...cloud, region }))
    return {
      configurationEndpointAddress: encrypted
        ? `clustercfg.${id}.${zone}`
        : `${id}.${zone.replace(".", ".clustercfg.")}`,
    };
  return encrypted
    ? { primaryEndpointAddress: `master.${id}.${zone}`, readerEndpointAddress: `replica.${id}.${zone}` }
    : {
        primaryEndpointAddress: `${id}.${zone.replace(".", ".ng.0001.")}`,
        readerEndpointAddress: `${id}-ro.${zone.replace(".", ".ng.0001.")}`,
      };
}

function membersOf(inputs: Values, clustered: boolean): string[] {
  const id = text(inputs.replicationGroupId);
  const { shards, nodes } = shapeOf(inputs);
  const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");
  return Array.from({ length: shards }, (_, shard) =>
    Array.from({ length: nodes }, (_, node) =>
      clustered ? `${id}-${pad(shard + 1, 4)}-${pad(node + 1, 3)}` : `${id}-${pad(node + 1, 3)}`,
    ),
  ).flat();
}

/** Why a group cannot go while a cache uses it. */
const usedBy = (cloud: Cloud, property: string, value: unknown): string | undefined => {
  const user = cloud
    .all(GROUP)
    .find(({ values }) => values[property] === value || items(values[property]).includes(value));
  return user === undefined ? undefined : `it is in use by the cache ${user.id}`;
};

const inRegion = (name: unknown, { region }: Cloud): string | undefined =>
  typeof name === "string" ? `${region}/${name.toLowerCase()}` : undefined;

/** ElastiCache for Redis OSS and Valkey. */
export const elasticache: readonly ResourceModel[] = [
  {
    type: GROUP,
    replaces: [
      "atRestEncryptionEnabled",
      "dataTieringEnabled",
      "globalReplicationGroupId",
      "kmsKeyId",
      "networkType",
      "nodeGroupConfigurations",
      "port",
      "replicationGroupId",
      "securityGroupNames",
      "snapshotArns",
      "snapshotName",
      "subnetGroupName",
    ],
    source: `${SOURCE}/replication_group.go`,
    published: {
      type: "AWS::ElastiCache::ReplicationGroup",
      names: {
        description: "ReplicationGroupDescription",
        nodeType: "CacheNodeType",
        parameterGroupName: "CacheParameterGroupName",
        subnetGroupName: "CacheSubnetGroupName",
        securityGroupNames: "CacheSecurityGroupNames",
        maintenanceWindow: "PreferredMaintenanceWindow",
        multiAzEnabled: "MultiAZEnabled",
        preferredCacheClusterAzs: "PreferredCacheClusterAZs",
        applyImmediately: false,
        finalSnapshotIdentifier: false,
      },
    },
    references: {
      parameterGroupName: { types: [PARAMETERS], by: "name" },
      subnetGroupName: { types: [SUBNETS], by: "name" },
      securityGroupIds: { types: ["aws:ec2/securityGroup:SecurityGroup"] },
      userGroupIds: { types: [USER_GROUP] },
      kmsKeyId: { types: ["aws:kms/key:Key"], by: "arn" },
      notificationTopicArn: { types: ["aws:sns/topic:Topic"], by: "arn" },
      "logDeliveryConfigurations.destination": { types: ["aws:cloudwatch/logGroup:LogGroup"], by: "name" },
    },
    // Made in 8 to 15 minutes and changed in about 20 (acceptance tests and threads of the provider).
    seconds: { create: 720, update: 900, delete: 420 },
    unique: ({ replicationGroupId }, cloud) => inRegion(replicationGroupId, cloud),
    replacesWhen: replacedGroup,
    check: refusedGroup,
    checkUpdate: refusedGroupChange,
    id: (inputs) => text(inputs.replicationGroupId),
    outputs: (inputs, making) => {
      const clustered = isClustered(inputs, making);
      const members = membersOf(inputs, clustered);
      const { shards, nodes } = shapeOf(inputs);
      const engine = text(inputs.engine) || "redis";
      return {
        arn: making.arn("elasticache", `replicationgroup:${text(inputs.replicationGroupId)}`),
        ...endpointsOf(inputs, making),
        engine,
        engineVersionActual: fullVersion(engine, text(inputs.engineVersion)) ?? text(inputs.engineVersion),
        clusterEnabled: clustered,
        clusterMode: clustered ? "enabled" : "disabled",
        memberClusters: members,
        numCacheClusters: members.length,
        numNodeGroups: shards,
        replicasPerNodeGroup: nodes - 1,
        dataTieringEnabled: inputs.dataTieringEnabled ?? false,
        ipDiscovery: "ipv4",
        networkType: "ipv4",
      };
    },
    recomputed: {
      engine: ["engineVersionActual"],
      engineVersion: ["engineVersionActual"],
      numCacheClusters: ["memberClusters"],
      numNodeGroups: ["memberClusters", "numCacheClusters"],
      replicasPerNodeGroup: ["memberClusters", "numCacheClusters"],
    },
  },
  {
    type: PARAMETERS,
    replaces: ["name", "family", "description"],
    source: `${SOURCE}/parameter_group.go`,
    published: {
      type: "AWS::ElastiCache::ParameterGroup",
      names: { name: "CacheParameterGroupName", family: "CacheParameterGroupFamily" },
    },
    autonamed: { property: "name", limit: 255 },
    unique: ({ name }, cloud) => inRegion(name, cloud),
    check: ({ family, parameters }) => [
      ...(typeof family === "string" && !FAMILIES.includes(family)
        ? [{ property: "family", reason: `InvalidParameterValue: ${family} is no family of these engines` }]
        : []),
      ...items(parameters).flatMap((parameter) => {
        const [name, value] = ["name", "value"].map((key) => Reflect.get(Object(parameter), key));
        const reason = value === UNKNOWN ? undefined : wrongParameter(text(name), text(value));
        return reason === undefined ? [] : [{ property: "parameters", reason }];
      }),
    ],
    id: (inputs) => text(inputs.name),
    outputs: (inputs, { arn }) => ({ arn: arn("elasticache", `parametergroup:${text(inputs.name)}`) }),
    refuseDelete: ({ id }, cloud) => usedBy(cloud, "parameterGroupName", id),
  },
  {
    type: SUBNETS,
    replaces: ["name"],
    source: `${SOURCE}/subnet_group.go`,
    published: { type: "AWS::ElastiCache::SubnetGroup", names: { name: "CacheSubnetGroupName" } },
    autonamed: { property: "name", limit: 255 },
    references: { subnetIds: { types: ["aws:ec2/subnet:Subnet"] } },
    unique: ({ name }, cloud) => inRegion(name, cloud),
    check: ({ subnetIds }, cloud) => {
      const vpcs = items(subnetIds).flatMap((id) => cloud.find("aws:ec2/subnet:Subnet", text(id))?.values.vpcId ?? []);
      return new Set(vpcs).size > 1
        ? [{ property: "subnetIds", reason: "InvalidSubnet: all subnets must be in the same VPC" }]
        : [];
    },
    id: (inputs) => text(inputs.name),
    outputs: (inputs, { arn, find }) => ({
      arn: arn("elasticache", `subnetgroup:${text(inputs.name)}`),
      vpcId: find("aws:ec2/subnet:Subnet", text(items(inputs.subnetIds)[0]))?.values.vpcId,
    }),
    refuseDelete: ({ id }, cloud) => usedBy(cloud, "subnetGroupName", id),
  },
  {
    type: USER,
    replaces: ["userId", "userName"],
    source: `${SOURCE}/user.go`,
    published: { type: "AWS::ElastiCache::User", names: { passwords: false, passwordsWo: false } },
    // Half of the 130 s of the provider's test that makes and changes one (terraform-provider-aws #40764).
    seconds: { create: 60, update: 60, delete: 30 },
    unique: ({ userId }, cloud) => inRegion(userId, cloud),
    check: refusedUser,
    id: (inputs) => text(inputs.userId),
    outputs: (inputs, { arn }) => ({ arn: arn("elasticache", `user:${text(inputs.userId)}`) }),
  },
  {
    type: USER_GROUP,
    replaces: ["userGroupId"],
    source: `${SOURCE}/user_group.go; the engine changes in place since #40764`,
    published: { type: "AWS::ElastiCache::UserGroup" },
    references: { userIds: { types: [USER] } },
    // The provider waits thirty seconds before it asks for the first time.
    seconds: { create: 45, update: 45, delete: 45 },
    unique: ({ userGroupId }, cloud) => inRegion(userGroupId, cloud),
    check: refusedMembers,
    id: (inputs) => text(inputs.userGroupId),
    outputs: (inputs, { arn }) => ({ arn: arn("elasticache", `usergroup:${text(inputs.userGroupId)}`) }),
    refuseDelete: ({ id }, cloud) => usedBy(cloud, "userGroupIds", id),
  },
];

import { type Cloud, type Refusal, text, UNKNOWN, type Values } from "../model";
import { items, refuse } from "../values";
import { familyOf, fullVersion, isNodeType, isOlder } from "./elasticacheEngines";

/** Rules that ElastiCache has about replication groups, users and user groups (API reference of the Create… actions). */

export const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
export const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
export const USER = "aws:elasticache/user:User";
export const USER_GROUP = "aws:elasticache/userGroup:UserGroup";

/** Nodes in one cluster-mode cache, at most. */
const MAX_NODES = 500;

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const known = (value: unknown): value is string => typeof value === "string";

/** Ids of groups and users: at most 40 letters, digits and single hyphens, beginning with a letter. */
export const refusedId = (property: string, value: unknown): Refusal[] =>
  !known(value) || (/^[a-z](-?[a-z0-9])*$/i.test(value) && value.length <= 40)
    ? []
    : [{ property, reason: `InvalidParameterValue: ${value} is not a valid identifier` }];

/** The value of a parameter in a parameter group that exists. */
export const parameterOf = (cloud: Cloud, groupName: unknown, parameter: string): string | undefined => {
  const group = cloud.all(PARAMETERS).find(({ values }) => values.name === groupName);
  const found = items(group?.values.parameters).find((one) => Reflect.get(Object(one), "name") === parameter);
  return found === undefined ? undefined : text(Reflect.get(Object(found), "value"));
};

/** True in cluster mode: by shards, or by the parameter group. */
export const isClustered = (inputs: Values, cloud: Cloud): boolean =>
  (numberOf(inputs.numNodeGroups) ?? 1) > 1 ||
  inputs.clusterMode === "enabled" ||
  parameterOf(cloud, inputs.parameterGroupName, "cluster-enabled") === "yes";

/** Shards, and nodes of each. */
export const shapeOf = (inputs: Values): { readonly shards: number; readonly nodes: number } => ({
  shards: numberOf(inputs.numNodeGroups) ?? 1,
  nodes: 1 + (numberOf(inputs.replicasPerNodeGroup) ?? (numberOf(inputs.numCacheClusters) ?? 1) - 1),
});

export function refusedGroup(inputs: Values, cloud: Cloud): Refusal[] {
  const { shards, nodes } = shapeOf(inputs);
  const clustered = isClustered(inputs, cloud);
  return [
    ...refusedId("replicationGroupId", inputs.replicationGroupId),
    ...refuse(
      known(inputs.nodeType) && !isNodeType(inputs.nodeType),
      "nodeType",
      `InvalidParameterValue: invalid cache node type: ${text(inputs.nodeType)}`,
    ),
    ...refuse(
      inputs.numCacheClusters !== undefined &&
        (inputs.numNodeGroups !== undefined || inputs.replicasPerNodeGroup !== undefined),
      "numCacheClusters",
      "conflicts with numNodeGroups and replicasPerNodeGroup",
    ),
    ...refuse(shards * nodes > MAX_NODES, "numNodeGroups", `more than ${MAX_NODES} nodes in one cache`),
    ...refuse(
      inputs.multiAzEnabled === true && inputs.automaticFailoverEnabled !== true,
      "multiAzEnabled",
      "automatic failover must be enabled if multi-AZ is",
    ),
    ...refuse(
      inputs.automaticFailoverEnabled === true && !clustered && nodes < 2 && inputs.numCacheClusters !== UNKNOWN,
      "automaticFailoverEnabled",
      "numCacheClusters must be at least 2 if automatic failover is enabled",
    ),
    ...refuse(
      clustered && inputs.automaticFailoverEnabled !== true && inputs.automaticFailoverEnabled !== UNKNOWN,
      "automaticFailoverEnabled",
      "InvalidParameterCombination: Redis with cluster mode enabled cannot be created with auto failover turned off",
    ),
    ...refuse(
      inputs.kmsKeyId !== undefined && inputs.atRestEncryptionEnabled !== true,
      "kmsKeyId",
      "InvalidParameterCombination: a key needs encryption at rest",
    ),
    ...refuse(
      items(inputs.userGroupIds).length > 0 && inputs.transitEncryptionEnabled !== true,
      "userGroupIds",
      "InvalidParameterCombination: user groups need encryption in transit",
    ),
    ...refuse(
      inputs.transitEncryptionMode !== undefined && inputs.transitEncryptionEnabled !== true,
      "transitEncryptionMode",
      "InvalidParameterCombination: a mode needs encryption in transit",
    ),
    ...refuse(
      typeof inputs.snapshotRetentionLimit === "number" && inputs.snapshotRetentionLimit > 35,
      "snapshotRetentionLimit",
      "must be at most 35 days",
    ),
    ...refusedEngine(inputs, cloud),
    ...refusedUserGroups(inputs, cloud),
  ];
}

function refusedEngine({ engine = "redis", engineVersion, parameterGroupName, numNodeGroups }: Values, cloud: Cloud) {
  if (!known(engine) || !known(engineVersion)) return [];
  if (fullVersion(engine, engineVersion) === undefined)
    return [
      {
        property: "engineVersion",
        reason: `InvalidParameterCombination: cannot find version ${engineVersion} for ${engine}`,
      },
    ];
  const group = cloud.all(PARAMETERS).find(({ values }) => values.name === parameterGroupName);
  if (group === undefined) return [];
  const family = familyOf(engine, engineVersion);
  const refusals: Refusal[] = [];
  if (group.values.family !== family)
    refusals.push({
      property: "parameterGroupName",
      reason: `InvalidParameterCombination: expected a parameter group of family ${family} but found one of family ${text(group.values.family)}`,
    });
  const clusterEnabled = parameterOf(cloud, parameterGroupName, "cluster-enabled");
  if ((numberOf(numNodeGroups) ?? 1) > 1 && clusterEnabled !== "yes")
    refusals.push({
      property: "parameterGroupName",
      reason: "InvalidParameterCombination: shards need a parameter group with cluster-enabled yes",
    });
  return refusals;
}

function refusedUserGroups({ engine = "redis", userGroupIds }: Values, cloud: Cloud): Refusal[] {
  const engines = items(userGroupIds).map((id) => cloud.find(USER_GROUP, text(id))?.values.engine);
  return engine === "redis" && engines.includes("valkey")
    ? [{ property: "userGroupIds", reason: "InvalidParameterValue: Redis takes user groups of the engine redis only" }]
    : [];
}

/** Changes that make a new cache in the provider; only Redis to Valkey, and upwards, goes in place (diff.go, engine_version.go). */
export function replacedGroup({ engine = "redis", engineVersion }: Values, old: Values): string[] {
  const older = old.engine === engine && known(engineVersion) && isOlder(engineVersion, text(old.engineVersion));
  return [...(old.engine === "valkey" && engine === "redis" ? ["engine"] : []), ...(older ? ["engineVersion"] : [])];
}

/** Changes that the service refuses. */
export function refusedGroupChange(inputs: Values, old: Values, cloud: Cloud): Refusal[] {
  const turnsOff = old.clusterEnabled === true && inputs.numNodeGroups === undefined;
  const turnsOn = old.clusterEnabled === false && isClustered(inputs, cloud);
  return [
    ...refuse(
      old.transitEncryptionEnabled === false && inputs.transitEncryptionMode === "required",
      "transitEncryptionMode",
      "InvalidParameterCombination: encryption in transit must be preferred before it is required",
    ),
    ...refuse(turnsOff || turnsOn, "numNodeGroups", "cluster mode cannot be turned on or off in place"),
  ];
}

/** Password rules: user guide, "Role-Based Access Control (RBAC)". */
export function refusedUser(inputs: Values): Refusal[] {
  const mode = Object(inputs.authenticationMode);
  const inMode = Reflect.get(mode, "type");
  const passwords = [...items(inputs.passwords), ...items(Reflect.get(mode, "passwords"))];
  const words = text(inputs.accessString).split(/\s+/);
  const needsOne = inMode === "password" || (inMode === undefined && inputs.noPasswordRequired !== true);
  const refuse = (wrong: boolean, property: string, reason: string): Refusal[] =>
    wrong ? [{ property, reason: `InvalidParameterValue: ${reason}` }] : [];
  return [
    ...refusedId("userId", inputs.userId),
    ...refuse(inputs.userId === "default", "userId", "the user default is AWS's own"),
    ...refuse(
      inputs.authenticationMode !== UNKNOWN && needsOne && (passwords.length < 1 || passwords.length > 2),
      "authenticationMode",
      "a user has one or two passwords",
    ),
    ...refuse(
      passwords.some((one) => known(one) && !/^[!-~]{16,128}$/.test(one)),
      "authenticationMode",
      "passwords have 16 to 128 printable characters",
    ),
    ...refuse(
      passwords.some((one) => known(one) && /[,"/@]/.test(one)),
      "authenticationMode",
      'passwords have none of , " / @',
    ),
    ...refuse(
      known(inputs.accessString) && words.some((word) => /^([><#!]|reset$|nopass$)/.test(word)),
      "accessString",
      "it cannot hold passwords, reset or nopass",
    ),
    ...refuse(
      inputs.engine === "valkey" && (inMode === "no-password-required" || inputs.noPasswordRequired === true),
      "noPasswordRequired",
      "users of Valkey need a password or IAM",
    ),
  ];
}

/** What is not there yet is left to the references. */
export function refusedMembers({ engine, userGroupId, userIds }: Values, cloud: Cloud): Refusal[] {
  const ids = items(userIds);
  const users = ids.map((id) => (id === "default" ? { userName: "default", engine: "redis" } : valuesOf(cloud, id)));
  const names = users.map((user) => user?.userName);
  const reason = ((): string | undefined => {
    if (ids.includes(UNKNOWN) || users.includes(undefined)) return undefined;
    if (new Set(names).size < names.length) return "DuplicateUserName: two users of one name";
    if (engine !== "redis") return undefined;
    if (!names.includes("default")) return "DefaultUserRequired: it needs to contain a user with the user name default";
    return users.some((user) => user?.engine !== "redis") ? "it takes users of the engine redis only" : undefined;
  })();
  return [...refusedId("userGroupId", userGroupId), ...(reason === undefined ? [] : [{ property: "userIds", reason }])];
}

const valuesOf = (cloud: Cloud, id: unknown): Values | undefined => cloud.find(USER, text(id))?.values;

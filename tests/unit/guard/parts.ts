import { UNKNOWN } from "../../../guard/change";
import { type Json, type RawStep, replace, stateOf, update, urnOf } from "./steps";

export const DB = "aws:rds/instance:Instance";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const GROUP = "aws:rds/subnetGroup:SubnetGroup";
export const CNPG = "kubernetes:postgresql.cnpg.io/v1:Cluster";

/** The primary as the stack makes it. */
export const PRIMARY: Json = {
  identifier: "aibase-prod-primary",
  engine: "postgres",
  engineVersion: "16.9",
  instanceClass: "db.m7g.xlarge",
  allocatedStorage: 200,
  maxAllocatedStorage: 1000,
  multiAz: true,
  storageEncrypted: true,
  kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/0f5e",
  dbSubnetGroupName: "aibase-prod-data",
  deletionProtection: true,
  skipFinalSnapshot: false,
  deleteAutomatedBackups: false,
  backupRetentionPeriod: 35,
  publiclyAccessible: false,
  password: "[secret]",
  tags: { Name: "aibase-prod-primary" },
};
export const REPLICA: Json = {
  identifier: "aibase-prod-replica-1",
  instanceClass: "db.m7g.xlarge",
  replicateSourceDb: "aibase-prod-primary",
  deletionProtection: true,
};
const PROTECTED = { old: { protect: true }, next: { protect: true } };

export const edit = (changes: Json): RawStep =>
  update(DB, "database-primary", PRIMARY, { ...PRIMARY, ...changes }, PROTECTED);
export const remade = (changes: Json): RawStep[] =>
  replace(DB, "database-primary", PRIMARY, { ...PRIMARY, ...changes }, PROTECTED);

export const without = (values: Json, name: string): Json =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));

/** An edit of zones: the subnet is made anew, and the group's list becomes unknown with it. */
export function zoneEdit(): RawStep[] {
  const subnet = urnOf(SUBNET, "network-data-b", "scaling-ladder:network:Network");
  const made = { parent: "scaling-ladder:network:Network" };
  const group = urnOf(GROUP, "database-subnets");
  const from = { propertyDependencies: { subnetIds: [subnet] } };
  return [
    ...replace(
      SUBNET,
      "network-data-b",
      { availabilityZone: "us-east-1b", cidrBlock: "10.0.66.0/24" },
      { availabilityZone: "us-east-1d", cidrBlock: "10.0.66.0/24" },
      made,
    ),
    {
      op: "update",
      urn: group,
      oldState: stateOf(group, { name: "aibase-prod-data", subnetIds: ["subnet-1", "subnet-2"] }, from),
      newState: stateOf(group, { name: "aibase-prod-data", subnetIds: ["subnet-1", UNKNOWN] }, from),
      detailedDiff: { "subnetIds[1]": { kind: "update", inputDiff: false } },
    },
  ];
}

export const s3 = (name: string): string => `aws:s3/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;
export const BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
export const rules = (days: number) => [
  { id: "old", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: days } },
];
export const storage = (size: string) => ({ metadata: { name: "pg" }, spec: { instances: 3, storage: { size } } });

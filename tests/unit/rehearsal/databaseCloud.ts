import { ec2 } from "../../../rehearsal/aws/ec2";
import { iam } from "../../../rehearsal/aws/iam";
import { kms } from "../../../rehearsal/aws/kms";
import { rds } from "../../../rehearsal/aws/rds";
import { secretsmanager } from "../../../rehearsal/aws/secretsmanager";
import type { Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

export const INSTANCE = "aws:rds/instance:Instance";
export const SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
export const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";
const SUBNET = "aws:ec2/subnet:Subnet";

export const INPUTS: Values = {
  identifier: "db",
  engine: "postgres",
  engineVersion: "16",
  instanceClass: "db.m7g.large",
  allocatedStorage: 100,
  maxAllocatedStorage: 400,
  storageType: "gp3",
  storageEncrypted: true,
  username: "platform_master",
  password: "a-long-enough-one",
  dbSubnetGroupName: "data",
  parameterGroupName: "pg16",
  backupRetentionPeriod: 7,
  finalSnapshotIdentifier: "db-final",
};
export const REPLICA: Values = {
  identifier: "db-replica",
  instanceClass: "db.m7g.large",
  replicateSourceDb: "db",
  storageEncrypted: true,
  skipFinalSnapshot: true,
};

/** A cloud with a VPC of two zones, the groups of an instance, and nothing else. */
export async function cloudWithGroups() {
  const cloud = oneCloud([...ec2, ...kms, ...iam, ...rds, ...secretsmanager]);
  const vpc = await cloud.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets: string[] = [];
  for (const [index, zone] of ["us-east-1a", "us-east-1b", "us-east-1a"].entries())
    subnets.push(
      String(
        (
          await cloud.create(SUBNET, {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: `10.0.${index}.0/24`,
          })
        ).id,
      ),
    );
  const [a = "", b = "", a2 = ""] = subnets;
  const group = await cloud.create(SUBNETS, { name: "data", subnetIds: [a, b] });
  for (const version of [15, 16])
    await cloud.create(PARAMETER_GROUP, { name: `pg${version}`, family: `postgres${version}` });
  return { ...cloud, a, b, a2, group };
}

export async function cloudWithInstance(more: Values = {}) {
  const cloud = await cloudWithGroups();
  const instance = await cloud.create(INSTANCE, { ...INPUTS, ...more });
  const id = String(instance.id);
  return {
    ...cloud,
    instance,
    id,
    change: (change: Values) => cloud.update(INSTANCE, id, { ...INPUTS, ...more, ...change }),
  };
}

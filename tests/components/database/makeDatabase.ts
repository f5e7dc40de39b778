import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RdsDatabase, type RdsDatabaseArgs } from "../../../components/database/rdsDatabase";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import type { Values } from "../../../rehearsal/model";
import { sizeByName } from "../../../settings/tiers";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** Data and private subnets of a VPC, as the network part makes them. */
function surroundings() {
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16" });
  const subnets = (kind: string, third: number) =>
    ZONES.map(
      (availabilityZone, index) =>
        new aws.ec2.Subnet(`${kind}-${index}`, {
          vpcId: vpc.id,
          availabilityZone,
          cidrBlock: `10.20.${third + index}.0/24`,
        }).id,
    );
  return { vpcId: vpc.id, subnetIds: subnets("data", 0), poolerSubnetIds: subnets("private", 10) };
}

type Chosen = Omit<RdsDatabaseArgs, "vpcId" | "subnetIds" | "poolerSubnetIds">;

/** As `prod` has it. */
export const PROD: Chosen = {
  databaseName: "aibase",
  version: 16,
  size: sizeByName("high-load"),
  storageGiB: 1024,
  maxStorageGiB: 4096,
  multiAz: true,
  replicas: 2,
  zones: ZONES,
  tuning: "documented",
  pitrDays: 35,
  maintenanceWindow: "sun:05:00-sun:06:00",
  rotationDays: 30,
  pooler: true,
  poolMax: 20,
  deletionProtection: true,
  allowFrom: { cidr: "10.20.0.0/16" },
  accountId: "123456789012",
  region: "us-east-1",
  secondaryRegion: "us-west-2",
};

/** As `smb` has it. */
export const SMB: Chosen = {
  ...PROD,
  size: sizeByName("production"),
  storageGiB: 500,
  maxStorageGiB: 2000,
  pitrDays: 7,
  multiAz: false,
  replicas: 0,
  pooler: false,
  secondaryRegion: undefined,
};

/** Makes the database in a simulated cloud; all of it is made when this returns. */
export async function makeDatabase(more: Partial<RdsDatabaseArgs> = {}, base: Chosen = PROD) {
  const cloud = rehearsedMocks({ stack: "test" });
  const records = recording();
  const asked = new Map<string, Readonly<Record<string, unknown>>>();
  const keep: pulumi.ResourceTransformation = ({ name, props }) => {
    asked.set(name, props);
    return undefined;
  };
  const database = new RdsDatabase(
    "database",
    { ...surroundings(), ...base, ...more },
    { transformations: [...records.opts.transformations, keep] },
  );
  await records.made();
  const inputs = (name: string): Values => {
    const found = cloud.made.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no ${name} among ${cloud.made.map((each) => each.name).join(", ")}`);
    return found.inputs;
  };
  // In the order of their making.
  const order = cloud.made.map(({ name }) => name);
  return { database, ...cloud, ...records, inputs, asked, order, registered: cloud.made };
}

/** Whether what a component asked for was marked as a secret. */
export const isSecret = (value: unknown): Promise<boolean> => pulumi.isSecret(pulumi.output(value));

/** The statements of a policy that was made. */
export const statements = (policy: unknown): Record<string, unknown>[] => JSON.parse(String(policy)).Statement;

export { resolved };

import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import { EksCluster } from "../../../components/cluster/eksCluster";

/** An EKS cluster named `aibase-test-cluster` in two subnets, for parts that need one to be there. Mocks must be set before. */
export const oneCluster = (): EksCluster =>
  new EksCluster("other", {
    version: "1.34",
    subnetIds: twoSubnets(),
    endpointCidrs: [],
    accountId: "123456789012",
    region: "us-east-1",
    deletionProtection: false,
  });

/** Subnets in two zones of a new VPC. */
export function twoSubnets(): Output<string>[] {
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16" });
  return ["a", "b"].map(
    (zone, index) =>
      new aws.ec2.Subnet(`subnet-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.20.${index}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }).id,
  );
}

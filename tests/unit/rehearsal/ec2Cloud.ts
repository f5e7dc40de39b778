import { ec2 } from "../../../rehearsal/aws/ec2";
import { iam } from "../../../rehearsal/aws/iam";
import { kms } from "../../../rehearsal/aws/kms";
import { logs } from "../../../rehearsal/aws/logs";
import { oneCloud } from "./oneCloud";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
export const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

export const ec2Cloud = (region?: string) => oneCloud([...ec2, ...iam, ...kms, ...logs], region);

/** A VPC with one subnet, as most things need them. */
export async function inVpc() {
  const cloud = ec2Cloud();
  const vpc = await cloud.create(VPC, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: true });
  const subnet = await cloud.create(SUBNET, {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "us-east-1a",
  });
  return { ...cloud, vpc, subnet };
}

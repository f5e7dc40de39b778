import { beforeEach, describe, expect, it } from "vitest";
import { ec2 } from "../../../rehearsal/aws/ec2";
import { eks } from "../../../rehearsal/aws/eks";
import { iam } from "../../../rehearsal/aws/iam";
import { UNKNOWN, type Values } from "../../../rehearsal/model";
import { oneCloud } from "./oneCloud";

const CLUSTER = "aws:eks/cluster:Cluster";
const IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const ADDON = "aws:eks/addon:Addon";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const ROLE = "arn:aws:iam::123456789012:role/one";
const AUTO = {
  computeConfig: { enabled: true, nodePools: ["system"], nodeRoleArn: ROLE },
  kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
  storageConfig: { blockStorage: { enabled: true } },
};

let cloud: ReturnType<typeof oneCloud>;
let inputs: Values;

beforeEach(async () => {
  cloud = oneCloud([...ec2, ...eks, ...iam]);
  for (const name of ["one", "two"]) await cloud.create("aws:iam/role:Role", { name, assumeRolePolicy: trust });
  const vpc = await cloud.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.20.0.0/16" });
  const subnet = (zone: string, index: number) =>
    cloud.create("aws:ec2/subnet:Subnet", {
      vpcId: vpc.id,
      cidrBlock: `10.20.${index}.0/24`,
      availabilityZone: `us-east-1${zone}`,
    });
  const [one, two] = [await subnet("a", 0), await subnet("b", 1)];
  inputs = {
    name: "c",
    version: "1.33",
    roleArn: ROLE,
    ...AUTO,
    vpcConfig: { subnetIds: [one.id, two.id], endpointPrivateAccess: true, endpointPublicAccess: false },
  };
});

const made = (more: Values = {}) => cloud.create(CLUSTER, { ...inputs, ...more });

describe("a cluster", () => {
  it("has an endpoint, a certificate, an issuer and a security group", async () => {
    expect(await made()).toMatchObject({
      id: "c",
      arn: "arn:aws:eks:us-east-1:123456789012:cluster/c",
      endpoint: expect.stringMatching(/^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/),
      certificateAuthority: { data: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) },
      identities: [{ oidcs: [{ issuer: expect.stringContaining("https://oidc.eks.us-east-1") }] }],
      vpcConfig: { clusterSecurityGroupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/), endpointPublicAccess: false },
    });
  });

  it.each([
    ["name", { name: "d" }],
    ["roleArn", { roleArn: "arn:aws:iam::123456789012:role/two" }],
    ["bootstrapSelfManagedAddons", { bootstrapSelfManagedAddons: false }],
    [
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      { accessConfig: { bootstrapClusterCreatorAdminPermissions: false } },
    ],
    [
      "computeConfig.nodeRoleArn",
      { computeConfig: { ...AUTO.computeConfig, nodeRoleArn: "arn:aws:iam::123456789012:role/two" } },
    ],
  ])("is made anew when %s changes", async (path, change) => {
    await made();
    expect(cloud.replaces(CLUSTER, "c", change)).toEqual([path]);
  });

  it("is not made anew for its version, its logs or the way in", async () => {
    await made();
    const vpcConfig = { ...Object(inputs.vpcConfig), endpointPublicAccess: true };
    expect(cloud.replaces(CLUSTER, "c", { version: "1.34", enabledClusterLogTypes: ["api"], vpcConfig })).toEqual([]);
  });

  it("goes up one version at a time and never down", async () => {
    await made();
    const to = (version: string) => cloud.update(CLUSTER, "c", { ...inputs, version });
    await expect(to("1.32")).rejects.toThrow(/unsupported Kubernetes minor version update from 1\.33 to 1\.32/);
    await expect(to("1.35")).rejects.toThrow(/one minor version at a time, to 1\.34/);
    expect(await to("1.34")).toMatchObject({ version: "1.34" });
  });

  it("is refused with half of Auto Mode, no way in, one zone or unknown logs", () => {
    const refused = (more: Values) => cloud.check(CLUSTER, { ...inputs, ...more }).join();
    expect(refused({})).toBe("");
    expect(refused({ storageConfig: { blockStorage: { enabled: false } } })).toContain("EKS Auto Mode");
    const vpcConfig = Object(inputs.vpcConfig);
    expect(refused({ vpcConfig: { ...vpcConfig, endpointPrivateAccess: false } })).toContain("cannot both be off");
    expect(refused({ vpcConfig: { ...vpcConfig, subnetIds: [vpcConfig.subnetIds[0]] } })).toContain(
      "two different AZs",
    );
    expect(refused({ vpcConfig: { ...vpcConfig, subnetIds: [UNKNOWN, UNKNOWN] } })).toBe("");
    expect(refused({ enabledClusterLogTypes: ["everything"] })).toContain("everything is none of");
  });

  it("is refused with a role that is not there", async () => {
    await expect(made({ roleArn: "arn:aws:iam::123456789012:role/nobody" })).rejects.toThrow(/there is no/);
  });

  it("is not deleted while it is protected", async () => {
    await made({ deletionProtection: true });
    await expect(cloud.remove(CLUSTER, "c")).rejects.toThrow(/deletion protection is enabled for cluster c/);
    await cloud.update(CLUSTER, "c", { ...inputs, deletionProtection: false });
    await cloud.remove(CLUSTER, "c");
    expect(cloud.world.all(CLUSTER)).toEqual([]);
  });
});

describe("identities of pods and add-ons", () => {
  const identity = { clusterName: "c", namespace: "n", serviceAccount: "s", roleArn: ROLE };

  it("need their cluster and their role", async () => {
    await expect(cloud.create(IDENTITY, identity)).rejects.toThrow(/clusterName: there is no/);
    await made();
    await expect(cloud.create(IDENTITY, { ...identity, roleArn: `${ROLE}s` })).rejects.toThrow(/roleArn: there is no/);
    expect(await cloud.create(IDENTITY, identity)).toMatchObject({
      associationArn: expect.stringMatching(/podidentityassociation\/c\/a-[0-9a-f]{17}$/),
    });
    await expect(cloud.create(IDENTITY, identity)).rejects.toThrow(/already exists/);
  });

  it("change their role in place, and nothing else", async () => {
    await made();
    const { id } = await cloud.create(IDENTITY, identity);
    const replaced = (change: Values) => cloud.replaces(IDENTITY, String(id), change);
    expect(replaced({ roleArn: "arn:aws:iam::123456789012:role/two" })).toEqual([]);
    expect(replaced({ clusterName: "d", namespace: "m", serviceAccount: "t" })).toEqual([
      "clusterName",
      "namespace",
      "serviceAccount",
    ]);
  });

  it("come once for each cluster", async () => {
    await made();
    const addon = { clusterName: "c", addonName: "metrics-server" };
    expect(await cloud.create(ADDON, addon)).toMatchObject({ id: "c:metrics-server" });
    expect(cloud.check(ADDON, { ...addon, resolveConflictsOnCreate: "PRESERVE" })).toHaveLength(1);
    expect(cloud.replaces(ADDON, "c:metrics-server", { addonName: "other" })).toEqual(["addonName"]);
    expect(cloud.replaces(ADDON, "c:metrics-server", { addonVersion: "v1.0.0" })).toEqual([]);
  });
});

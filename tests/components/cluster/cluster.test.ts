import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Cluster, type ClusterArgs } from "../../../components/cluster/cluster";
import { PodIdentity, podTrust } from "../../../components/cluster/podIdentity";
import { rehearsedMocks } from "../../../rehearsal/mocks";
import { resolved } from "../../support/mocks";
import { recording } from "../../support/recording";
import { oneCluster, twoSubnets } from "./oneCluster";

const ACCOUNT = "123456789012";
const CLUSTER = "eks/cluster:Cluster";

type Created = Extract<ClusterArgs, { mode: "create" }>;

async function makeCluster(args: (subnetIds: pulumi.Input<string>[]) => ClusterArgs) {
  const cloud = rehearsedMocks();
  const records = recording();
  const cluster = new Cluster("cluster", args(twoSubnets()), records.opts);
  await records.made();
  return { cluster, ...records, ...cloud };
}

const create = (more: Partial<Created> = {}) =>
  makeCluster((subnetIds) => ({
    mode: "create",
    version: "1.34",
    subnetIds,
    endpointCidrs: [],
    accountId: ACCOUNT,
    region: "us-east-1",
    deletionProtection: true,
    ...more,
  }));

const PROVIDER = "pulumi:providers:kubernetes";

describe("a cluster that is there", () => {
  it("makes nothing but the connection, to the current context of the usual kubeconfig", async () => {
    const { made, cluster, one } = await makeCluster(() => ({ mode: "existing" }));
    expect(made.filter(({ type }) => /eks|iam|kms|kubernetes:core/.test(type))).toEqual([]);
    expect(one(PROVIDER).inputs).not.toHaveProperty("kubeconfig");
    expect(one(PROVIDER).inputs).not.toHaveProperty("context");
    expect([cluster.clusterName, cluster.clusterSecurityGroupId]).toEqual([undefined, undefined]);
    expect(cluster.workloadTrust("aibase", "aibase")).toBeUndefined();
  });

  it("takes a context and the contents of a kubeconfig", async () => {
    const { one } = await makeCluster(() => ({ mode: "existing", context: "staging", kubeconfig: "apiVersion: v1" }));
    expect(one(PROVIDER).inputs).toMatchObject({ context: "staging", kubeconfig: "apiVersion: v1" });
  });

  it("changes Secrets and ConfigMaps in place", async () => {
    const { one } = await makeCluster(() => ({ mode: "existing" }));
    expect(one(PROVIDER).inputs).toMatchObject({ enableSecretMutable: "true", enableConfigMapMutable: "true" });
  });
});

describe("an EKS cluster", () => {
  it("is in Auto Mode: machines, disks and load balancers by EKS", async () => {
    const { one } = await create();
    expect(one(CLUSTER).inputs).toMatchObject({
      name: "aibase-test-cluster",
      version: "1.34",
      bootstrapSelfManagedAddons: false,
      computeConfig: { enabled: true, nodePools: ["general-purpose", "system"] },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: "STANDARD" },
    });
  });

  it("is reached from its VPC only", async () => {
    const { one } = await create();
    const vpc = one(CLUSTER).inputs.vpcConfig;
    expect(vpc).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
    expect(vpc).not.toHaveProperty("publicAccessCidrs");
  });

  it("is reached from outside by the named addresses, and by no others", async () => {
    const { one } = await create({ endpointCidrs: ["192.0.2.0/24"] });
    expect(one(CLUSTER).inputs.vpcConfig).toMatchObject({
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["192.0.2.0/24"],
    });
  });

  it("encrypts its secrets with a key of its own", async () => {
    const { one } = await create();
    expect(one(CLUSTER).inputs.encryptionConfig).toEqual({
      provider: { keyArn: one("kms/key:Key").outputs.arn },
      resources: ["secrets"],
    });
  });

  it.each([undefined, 30] as const)(
    "logs everything into an encrypted group that was there first: %s days",
    async (logDays) => {
      const { one, find } = await create(logDays === undefined ? {} : { logDays });
      expect(one(CLUSTER).inputs.enabledClusterLogTypes).toEqual([
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
      expect(one("logGroup:LogGroup").inputs).toMatchObject({
        name: "/aws/eks/aibase-test-cluster/cluster",
        kmsKeyId: one("kms/key:Key").outputs.arn,
        retentionInDays: logDays ?? 365,
      });
      const names = (find("cluster-eks-cluster").opts.dependsOn as { __name?: string }[]).map(({ __name }) => __name);
      expect(names).toContain("cluster-eks-logs");
    },
  );

  it.each([true, false])("is protected by the engine and by EKS as it is told: %s", async (deletionProtection) => {
    const { one, find } = await create({ deletionProtection });
    expect(find("cluster-eks-cluster").opts.protect).toBe(deletionProtection);
    expect(one(CLUSTER).inputs.deletionProtection).toBe(deletionProtection);
  });

  it("gives control plane and machines the policies of Auto Mode, and is made after they have them", async () => {
    const { all, find } = await create();
    const attached = all("RolePolicyAttachment").map(
      ({ inputs }) => `${inputs.role} ${String(inputs.policyArn).replace("arn:aws:iam::aws:policy/", "")}`,
    );
    expect(attached.sort()).toEqual([
      "aibase-test-cluster-control-plane AmazonEKSBlockStoragePolicy",
      "aibase-test-cluster-control-plane AmazonEKSClusterPolicy",
      "aibase-test-cluster-control-plane AmazonEKSComputePolicy",
      "aibase-test-cluster-control-plane AmazonEKSLoadBalancingPolicy",
      "aibase-test-cluster-control-plane AmazonEKSNetworkingPolicy",
      "aibase-test-cluster-node AmazonEC2ContainerRegistryPullOnly",
      "aibase-test-cluster-node AmazonEKSWorkerNodeMinimalPolicy",
    ]);
    expect(find("cluster-eks-cluster").opts.dependsOn).toHaveLength(8);
  });

  it("lets in nobody by a token that lasts: each call asks for a new one", async () => {
    const { one } = await create();
    const kubeconfig = JSON.parse(String(one(PROVIDER).inputs.kubeconfig));
    expect(kubeconfig.users).toEqual([
      {
        name: "aibase-test-cluster",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: [..."eks get-token --cluster-name aibase-test-cluster --region us-east-1 --output json".split(" ")],
          },
        },
      },
    ]);
    const { outputs } = one(CLUSTER);
    expect(kubeconfig.clusters[0].cluster).toEqual({
      server: outputs.endpoint,
      "certificate-authority-data": Reflect.get(Object(outputs.certificateAuthority), "data"),
    });
  });

  it("brings what network policies and autoscaling of pods need", async () => {
    const { one } = await create();
    expect(one("eks/addon:Addon").inputs).toMatchObject({ addonName: "metrics-server" });
    expect(one("ConfigMap").inputs).toMatchObject({
      metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
      data: { "enable-network-policy-controller": "true" },
    });
  });

  it("tells its name, its security group and a trust policy for one service account", async () => {
    const { cluster, one } = await create();
    expect(await resolved(cluster.clusterName ?? "")).toBe("aibase-test-cluster");
    expect(await resolved(cluster.clusterSecurityGroupId ?? "")).toBe(
      Reflect.get(Object(one(CLUSTER).outputs.vpcConfig), "clusterSecurityGroupId"),
    );
    expect(JSON.parse(cluster.workloadTrust("aibase", "app") ?? "").Statement).toMatchObject([
      {
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": "aibase-test-cluster",
            "aws:RequestTag/kubernetes-namespace": "aibase",
            "aws:RequestTag/kubernetes-service-account": "app",
          },
        },
      },
    ]);
  });

  it("lets the user have the last word", async () => {
    const { one } = await create({ transform: { cluster: (args) => ({ ...args, tags: { mine: "yes" } }) } });
    expect(one(CLUSTER).inputs.tags).toEqual({ mine: "yes" });
  });
});

describe("the identity of pods", () => {
  it("is an association of a service account with a role", async () => {
    const cloud = rehearsedMocks();
    const records = recording();
    const account = { clusterName: "c", namespace: "n", serviceAccount: "s" };
    const cluster = oneCluster();
    const role = new aws.iam.Role("role", { name: "role", assumeRolePolicy: podTrust(account) });
    new PodIdentity("pods", { ...account, clusterName: cluster.clusterName, roleArn: role.arn }, records.opts);
    await records.made();
    expect(cloud.one("PodIdentityAssociation").inputs).toEqual({
      clusterName: "aibase-test-cluster",
      namespace: "n",
      serviceAccount: "s",
      roleArn: "arn:aws:iam::123456789012:role/role",
    });
  });
});

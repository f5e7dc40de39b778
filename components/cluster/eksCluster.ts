import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../aws/naming";
import { policyDocument } from "../aws/policyDocument";
import { EncryptionKey } from "../encryption/key";
import { encryptedLogGroup, type RetentionDays } from "../encryption/logGroup";
import { type Transform, transformed } from "../transform";
import { eksKubeconfig } from "./kubeconfig";

export interface EksClusterArgs {
  /** Kubernetes version such as 1.35. Raised by one minor version at a time, in place; never lowered. */
  readonly version: string;
  /** Private subnets in two or more zones, tagged `kubernetes.io/role/internal-elb`. Changed in place. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Address ranges that reach the API from outside. Empty: only the VPC reaches it. Changed in place. */
  readonly endpointCidrs: readonly string[];
  /** AWS account, twelve digits. */
  readonly accountId: pulumi.Input<string>;
  readonly region: string;
  /** Days that the logs of the control plane are kept. Default: a year. */
  readonly logDays?: RetentionDays;
  /** The engine's protection and EKS's own. */
  readonly deletionProtection: boolean;
  readonly transform?: { readonly cluster?: Transform<aws.eks.ClusterArgs> };
}

const POLICY_ARN = "arn:aws:iam::aws:policy";

/** What EKS Auto Mode asks of the role of the control plane, and of the role of the machines. */
const CLUSTER_POLICIES = [
  "AmazonEKSClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
] as const;
const NODE_POLICIES = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"] as const;

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** An EKS cluster whose machines, disks and load balancers EKS runs by itself (Auto Mode). */
export class EksCluster extends pulumi.ComponentResource {
  /** Known before anything is made. */
  readonly physicalName: string;
  readonly clusterName: pulumi.Output<string>;
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** Holds no token. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: EksClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { version, region } = args;
    super("scaling-ladder:cluster:EksCluster", name, { version, region }, opts);

    this.physicalName = physicalName("eksCluster", "cluster");
    const key = this.makeKey(name, args);
    const logs = this.makeLogGroup(name, args, key);
    const clusterRole = this.makeRole(name, "control-plane", "eks.amazonaws.com", CLUSTER_POLICIES);
    const nodeRole = this.makeRole(name, "node", "ec2.amazonaws.com", NODE_POLICIES);
    const cluster = this.makeCluster(name, args, { key, clusterRole, nodeRole, logs });
    this.makeMetricsServer(name, cluster);

    this.clusterName = cluster.name;
    this.clusterSecurityGroupId = cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId);
    this.kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
      .apply(([made, endpoint, { data }]) => eksKubeconfig({ name: made, region, endpoint, authority: data }));
    this.registerOutputs({ clusterName: this.clusterName });
  }

  private makeKey(name: string, { accountId, region, deletionProtection }: EksClusterArgs): EncryptionKey {
    return new EncryptionKey(
      `${name}-key`,
      { purpose: "cluster", accountId, region, services: ["logs"], deletionProtection },
      { parent: this },
    );
  }

  /** EKS would make it by itself, unencrypted and kept for ever. */
  private makeLogGroup(name: string, { logDays }: EksClusterArgs, key: EncryptionKey): aws.cloudwatch.LogGroup {
    return encryptedLogGroup(
      `${name}-logs`,
      {
        logGroupName: `/aws/eks/${this.physicalName}/cluster`,
        keyArn: key.arn,
        ...(logDays === undefined ? {} : { retentionDays: logDays }),
      },
      { parent: this },
    );
  }

  private makeRole(name: string, part: string, service: string, policies: readonly string[]): RoleWithPolicies {
    const role = new aws.iam.Role(
      `${name}-${part}-role`,
      { name: physicalName("iamRole", `cluster-${part}`), assumeRolePolicy: trustOfRole(service) },
      { parent: this },
    );
    const attachments = policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${part}-${policy}`,
          { role: role.name, policyArn: `${POLICY_ARN}/${policy}` },
          { parent: this },
        ),
    );
    return { role, attachments };
  }

  private makeCluster(name: string, args: EksClusterArgs, parts: Parts): aws.eks.Cluster {
    const isPublic = args.endpointCidrs.length > 0;
    const defaults: aws.eks.ClusterArgs = {
      name: this.physicalName,
      version: args.version,
      roleArn: parts.clusterRole.role.arn,
      // The one who makes the cluster may work in it, which the parts of this stack need. A change replaces the cluster.
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: false,
      computeConfig: {
        enabled: true,
        nodePools: ["general-purpose", "system"],
        nodeRoleArn: parts.nodeRole.role.arn,
      },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      vpcConfig: {
        subnetIds: args.subnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: [...args.endpointCidrs] } : {}),
      },
      encryptionConfig: { provider: { keyArn: parts.key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: LOG_TYPES,
      // Extended support costs six times the standard price and begins by itself otherwise.
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: args.deletionProtection,
    };
    return new aws.eks.Cluster(`${name}-cluster`, transformed(defaults, args.transform?.cluster), {
      parent: this,
      protect: args.deletionProtection,
      // Taken away last: without its policies EKS could not remove the load balancers and machines that it made.
      dependsOn: [parts.logs, ...parts.clusterRole.attachments, ...parts.nodeRole.attachments],
    });
  }

  /** Autoscaling of pods reads their load from it; Auto Mode does not bring it along. */
  private makeMetricsServer(name: string, cluster: aws.eks.Cluster): void {
    new aws.eks.Addon(
      `${name}-metrics-server`,
      {
        clusterName: cluster.name,
        addonName: "metrics-server",
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      { parent: this },
    );
  }
}

interface RoleWithPolicies {
  readonly role: aws.iam.Role;
  readonly attachments: readonly aws.iam.RolePolicyAttachment[];
}

interface Parts {
  readonly key: EncryptionKey;
  readonly logs: aws.cloudwatch.LogGroup;
  readonly clusterRole: RoleWithPolicies;
  readonly nodeRole: RoleWithPolicies;
}

/** EKS also tags the sessions of the control plane; machines do not. */
const trustOfRole = (service: string): pulumi.Output<string> =>
  policyDocument({
    Effect: "Allow",
    Principal: { Service: service },
    Action: service === "eks.amazonaws.com" ? ["sts:AssumeRole", "sts:TagSession"] : "sts:AssumeRole",
  });

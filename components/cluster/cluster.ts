import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { EksCluster, type EksClusterArgs } from "./eksCluster";
import { podTrust } from "./podIdentity";

/** A cluster that is there. */
export interface ExistingClusterArgs {
  readonly mode: "existing";
  /** Context of the kubeconfig. Default: its current one. A change of cluster moves nothing: the stack's parts are made anew there. */
  readonly context?: string;
  /** Contents of a kubeconfig; a secret. Default: the file that KUBECONFIG or the home folder names. */
  readonly kubeconfig?: pulumi.Input<string>;
}

export type ClusterArgs = ExistingClusterArgs | ({ readonly mode: "create" } & EksClusterArgs);

/**
 * The Kubernetes cluster of the stack: one that is there, or an EKS cluster in Auto Mode. A new one costs 73 USD a month
 * (0.10 USD an hour, Amazon EKS pricing), its machines, and about 12 % of their price for Auto Mode.
 */
export class Cluster extends pulumi.ComponentResource {
  /** Everything in the cluster is made through it. */
  readonly provider: kubernetes.Provider;
  /** Only of a cluster that is made here. */
  readonly clusterName?: pulumi.Output<string>;
  /** Security group of control plane, nodes and pods; databases and caches let it in. Only of a cluster that is made here. */
  readonly clusterSecurityGroupId?: pulumi.Output<string>;
  private readonly plainName?: string;

  constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:cluster:Cluster", name, { mode: args.mode }, opts);

    if (args.mode === "existing") {
      this.provider = this.connect(name, args);
    } else {
      const eks = new EksCluster(`${name}-eks`, args, { parent: this });
      this.provider = this.connect(name, { kubeconfig: eks.kubeconfig });
      this.clusterName = eks.clusterName;
      this.clusterSecurityGroupId = eks.clusterSecurityGroupId;
      this.plainName = eks.physicalName;
      this.enableNetworkPolicies(name);
    }
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /**
   * Trust policy of a role for the pods of a service account; undefined where the cluster is not made here. It is a plain text,
   * so a role does not wait for the cluster.
   */
  workloadTrust(namespace: string, serviceAccount: string): string | undefined {
    return this.plainName === undefined
      ? undefined
      : podTrust({ clusterName: this.plainName, namespace, serviceAccount });
  }

  private connect(name: string, { context, kubeconfig }: Omit<ExistingClusterArgs, "mode">): kubernetes.Provider {
    return new kubernetes.Provider(
      `${name}-provider`,
      {
        ...(context === undefined ? {} : { context }),
        ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
        // Without these a changed value deletes the Secret and makes it anew, and pods that start in between fail.
        enableSecretMutable: true,
        enableConfigMapMutable: true,
      },
      { parent: this },
    );
  }

  /** EKS Auto Mode takes NetworkPolicy objects and does nothing with them until this says otherwise. */
  private enableNetworkPolicies(name: string): void {
    new kubernetes.core.v1.ConfigMap(
      `${name}-network-policies`,
      {
        metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
        data: { "enable-network-policy-controller": "true" },
      },
      { parent: this, provider: this.provider },
    );
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A service account of one namespace of one EKS cluster. */
export interface PodAccount {
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * The trust policy, as JSON, of a role that pods of this service account take on and nobody else. EKS sends cluster, namespace
 * and service account as tags of the session request.
 */
export const podTrust = ({ clusterName, namespace, serviceAccount }: PodAccount): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PodsOfOneServiceAccount",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": clusterName,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  });

export interface PodIdentityArgs {
  /** Name of the EKS cluster, as an output of the cluster so that it is there first. A change replaces the association. */
  readonly clusterName: pulumi.Input<string>;
  /** A change replaces the association. */
  readonly namespace: pulumi.Input<string>;
  /** A change replaces the association. */
  readonly serviceAccount: pulumi.Input<string>;
  /** Role whose trust policy is `podTrust`. Changed in place; running pods keep the old one until they are made anew. */
  readonly roleArn: pulumi.Input<string>;
}

/** Gives the pods of a service account an IAM role of their own, so that no key is kept in the cluster. Costs nothing. */
export class PodIdentity extends pulumi.ComponentResource {
  constructor(name: string, args: PodIdentityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("scaling-ladder:cluster:PodIdentity", name, {}, opts);
    new aws.eks.PodIdentityAssociation(`${name}-association`, { ...args }, { parent: this });
    this.registerOutputs({});
  }
}

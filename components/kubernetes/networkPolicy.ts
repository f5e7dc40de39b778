import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

/**
 * Rules of NetworkPolicies. A namespace of ours denies everything but name resolution (Namespace); each part adds, for its own
 * pods, what it needs. Both ends must agree: who may come in at one pod may also have to go out at the other.
 */

type Peer = types.input.networking.v1.NetworkPolicyPeer;
type Ingress = types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** A TCP port of the pods themselves, not of the Service before them: a number, or the name of a container's port. */
export type PodPort = Input<number | string>;

/** Address at which NodeLocal DNSCache answers on each machine, by default and on every platform that has it built in. */
const LOCAL_NAME_SERVER = "169.254.20.10/32";

/** Address at which EKS Pod Identity gives credentials to a pod (169.254.170.23, port 80). */
const POD_IDENTITY_AGENT = "169.254.170.23/32";

const tcp = (ports: readonly PodPort[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** The pods of these workloads, by their label `app`, in the policy's own namespace. */
const podsOf = (apps: readonly string[]): Peer[] => apps.map((app) => ({ podSelector: { matchLabels: { app } } }));

/** Lets the pods of these workloads in: `fromApps(["aibase", "database-dump"], [5432])`. */
export const fromApps = (apps: readonly string[], ports: readonly PodPort[]): Ingress => ({
  from: podsOf(apps),
  ports: tcp(ports),
});

/** Lets all pods of another namespace in, by its name: an operator's, or Prometheus'. */
export const fromNamespace = (namespace: Input<string>, ports: readonly PodPort[]): Ingress => ({
  from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
  ports: tcp(ports),
});

/** Lets pods out to the pods of these workloads. */
export const toApps = (apps: readonly string[], ports: readonly PodPort[]): Egress => ({
  to: podsOf(apps),
  ports: tcp(ports),
});

/**
 * Ways out to servers outside of the cluster: HTTPS, the agent of the pod's identity, and these TCP ports. By port and not by
 * address: a managed database changes its address at each failover, and a NetworkPolicy knows no names. Name resolution is
 * allowed to every pod of the namespace.
 */
export const egressTo = (ports: readonly PodPort[]): Egress[] => [
  { ports: tcp([443, ...ports]) },
  { to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }], ports: tcp([80]) },
];

/** What every pod may do: ask the name servers of the cluster, and no others, who could be told anything in a question. */
export const nameResolution: Egress = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
    { ipBlock: { cidr: LOCAL_NAME_SERVER } },
  ],
  ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
};

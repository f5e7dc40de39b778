import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { egressTo, fromApps, fromNamespace } from "../../kubernetes/networkPolicy";
import { CLUSTER_LABEL, POOLER_LABEL, PORT, ROLE_LABEL, STATUS_PORT } from "./names";

/**
 * Who talks to whom in a cluster. Scraping is not among it: what watches the pods lets itself in. Each instance and each pooler has a
 * manager in it that asks the Kubernetes API for its orders.
 */

type Spec = types.input.networking.v1.NetworkPolicySpec;
type Selector = types.input.meta.v1.LabelSelector;

/** Port of the API server itself on many clusters: rules see it after the Service's 443 was translated. */
const API_SERVER_PORT = 6443;

const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Instances, and the jobs that make them: everything of the cluster but its poolers. */
const instancesOf = (clusterName: string): Selector => ({
  matchLabels: { [CLUSTER_LABEL]: clusterName },
  matchExpressions: [{ key: ROLE_LABEL, operator: "NotIn", values: ["pooler"] }],
});

const poolerOf = (poolerName: string): Selector => ({ matchLabels: { [POOLER_LABEL]: poolerName } });

export interface InstancePolicyParts {
  readonly clusterName: string;
  readonly poolerName: string | undefined;
  /** Labels `app` of the workloads that connect. */
  readonly clients: readonly string[];
  readonly operatorNamespace: Input<string>;
  /** Ports of the stores, beside 443. */
  readonly storePorts: readonly Input<number>[];
}

/** The instances of a cluster. */
export function instancePolicy(parts: InstancePolicyParts): Spec {
  const { clusterName, poolerName, clients, operatorNamespace, storePorts } = parts;
  const instances = instancesOf(clusterName);
  return {
    podSelector: instances,
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: instances }], ports: tcp([PORT, STATUS_PORT]) },
      ...(poolerName === undefined ? [] : [{ from: [{ podSelector: poolerOf(poolerName) }], ports: tcp([PORT]) }]),
      fromApps(clients, [PORT]),
      fromNamespace(operatorNamespace, [PORT, STATUS_PORT]),
    ],
    egress: [
      { to: [{ podSelector: instances }], ports: tcp([PORT, STATUS_PORT]) },
      ...egressTo([API_SERVER_PORT, ...storePorts]),
    ],
  };
}

export interface PoolerPolicyParts {
  readonly clusterName: string;
  readonly poolerName: string;
  readonly clients: readonly string[];
}

/** The pods of a pooler. */
export const poolerPolicy = ({ clusterName, poolerName, clients }: PoolerPolicyParts): Spec => ({
  podSelector: poolerOf(poolerName),
  policyTypes: ["Ingress", "Egress"],
  ingress: [fromApps(clients, [PORT])],
  egress: [
    { to: [{ podSelector: instancesOf(clusterName) }], ports: tcp([PORT]) },
    { ports: tcp([443, API_SERVER_PORT]) },
  ],
});

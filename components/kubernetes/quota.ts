import type { types } from "@pulumi/kubernetes";

/** The most that a namespace may take, so that a runaway autoscaler or job leaves the rest of the cluster alone. */
export interface NamespaceQuota {
  /** CPU that all pods together may ask for, in cores. What a CPU limit allows beyond is only given while it is free. */
  readonly cpu: number;
  /** Memory that all pods together may ask for and may use, in GiB. */
  readonly memoryGiB: number;
  /** Pods that have not ended; rolling updates and jobs need some beyond those that always run. */
  readonly pods: number;
  /** Volumes of all claims together, in GiB. */
  readonly storageGiB: number;
  /** The most of one container: at least what the largest one of the stack has as its limits. */
  readonly container: { readonly cpu: number; readonly memoryGiB: number };
}

/** What a container gets that names nothing itself, such as one that an operator adds; ours. */
const UNNAMED = {
  defaultRequest: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "128Mi" },
  default: { memory: "128Mi", "ephemeral-storage": "1Gi" },
} as const;

export const quotaSpec = (quota: NamespaceQuota): types.input.core.v1.ResourceQuotaSpec => ({
  hard: {
    "requests.cpu": String(quota.cpu),
    "requests.memory": `${quota.memoryGiB}Gi`,
    "limits.memory": `${quota.memoryGiB}Gi`,
    pods: String(quota.pods),
    "requests.storage": `${quota.storageGiB}Gi`,
  },
});

export const limitRangeSpec = ({ container }: NamespaceQuota): types.input.core.v1.LimitRangeSpec => {
  const max = { cpu: String(container.cpu), memory: `${container.memoryGiB}Gi` };
  return {
    limits: [
      {
        type: "Container",
        defaultRequest: UNNAMED.defaultRequest,
        // Without a default of its own the API server would take the maximum for it all the same.
        default: { ...UNNAMED.default, cpu: max.cpu },
        max,
      },
    ],
  };
};

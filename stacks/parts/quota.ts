import type { NamespaceQuota } from "../../components/kubernetes/quota";
import type { Size } from "../../settings";

/** What a stack runs in its namespace, as far as it depends on the settings. */
export interface Running {
  /** A machine of this size is what one database instance gets; a cache node and a file server get less. */
  readonly size: Size;
  /** Pods of the application at most. */
  readonly appPods: number;
  /** Instances, nodes and servers beside it, each counted as a whole machine. */
  readonly machines: number;
  /** All volumes together, in GiB. */
  readonly volumesGiB: number;
}

/** Dumps, drills and copies that may run at once, and the pods of an update; ours. */
const JOBS = { pods: 20, cpu: 4, memoryGiB: 16 } as const;
/** What one pod of the application asks for at most, as a share of a machine: POD_RESOURCES has 1 CPU and 2 GiB of 8 and 32. */
const APP_SHARE = 1 / 8;
/** An update runs new pods beside old ones. */
const SURGE = 1.5;

/** The most that the namespace of a stack may take: what it runs, half as much again for updates, and its jobs. */
export function quotaOf({ size, appPods, machines, volumesGiB }: Running): NamespaceQuota {
  const whole = (amount: number): number => Math.ceil(SURGE * (machines + appPods * APP_SHARE) * amount);
  return {
    cpu: whole(size.vcpus) + JOBS.cpu,
    memoryGiB: whole(size.memoryGiB) + JOBS.memoryGiB,
    pods: Math.ceil(SURGE * (appPods + 2 * machines)) + JOBS.pods,
    storageGiB: volumesGiB,
    container: { cpu: Math.max(2, size.vcpus), memoryGiB: size.memoryGiB },
  };
}

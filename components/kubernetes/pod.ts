import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

/** What every pod of the platform has in common, so that it runs where Pod Security asks for the level `restricted`. */

/** No image of ours needs root; this user is nobody on the machine. */
const USER = 10_001;

/** Security of the pod; `restricted` asks for a user that is not root and a seccomp profile. */
export const POD_SECURITY: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Security of each container: nothing may be gained, and nothing may be written outside of the mounted volumes. */
export const CONTAINER_SECURITY: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Labels of a namespace in which only pods of that kind start. */
export const RESTRICTED_NAMESPACE = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
} as const;

/**
 * Pods of one workload on different machines, in different zones. Preferred, not demanded: a cluster of one zone or one machine
 * runs them too. `matchLabelKeys` are further labels that the counted pods share.
 */
export const spreadOver = (
  labels: Readonly<Record<string, string>>,
  matchLabelKeys: readonly string[] = [],
): types.input.core.v1.TopologySpreadConstraint[] =>
  ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
    ...(matchLabelKeys.length === 0 ? {} : { matchLabelKeys: [...matchLabelKeys] }),
  }));

/** A variable of a container that is read from a Secret of the namespace. */
export const fromSecret = (name: string, secret: Input<string>, key: string): types.input.core.v1.EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
